import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { withRelations } from '../../src/data/compose-statement.ts';
import { textsAsRelation } from '../../src/data/texts-as-relation.ts';
import { makeSnapshot } from '../helpers/snapshot.ts';

describe('texts as a relation', () => {
  it('are the same texts, however many there are and whatever characters they have', async () => {
    await using shop = await makeSnapshot({
      orders: [{ order_id: 'a', customer_id: 1, order_date: '2025-01-01', total_amount: 1 }],
    });
    // Without NUL, which no text of the engine has; with the characters that would be separators first.
    const character = fc.constantFrom('a', '', ' ', "'", '"', ',', '\u001f', ' !', 'é', '🎿', '%');
    const text = fc.array(character, { maxLength: 6 }).map((characters) => characters.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 320 }), async (texts) => {
        const rows = texts.map(([first, second], i) => [`${i}`, first, second]);
        const listed = textsAsRelation('listed_texts', ['place', 'one', 'other'], rows);
        const select = 'select place, one, other from listed_texts order by cast(place as integer)';
        const found = await shop.data.rows(
          withRelations([listed], { text: select, values: [] }),
          z.object({ place: z.string(), one: z.string(), other: z.string() }),
        );
        expect(found.map(({ place, one, other }) => [place, one, other])).toEqual(rows);
      }),
      { numRuns: 40 },
    );
  });
});
