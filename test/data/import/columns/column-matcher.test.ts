import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchColumns } from '../../../../src/data/import/columns/column-matcher.ts';
import { comparableName } from '../../../../src/data/import/columns/comparable-name.ts';
import { IMPORT_FIELDS } from '../../../../src/data/import/columns/import-fields.ts';
import { SYNONYMS } from '../../../../src/data/import/columns/synonyms.ts';
import { ChurnMcpError } from '../../../../src/errors.ts';

const tables = ['orders', 'order_items', 'customers', 'product_catalog'] as const;

describe('matchColumns', () => {
  it('finds a field by its own name, whatever the case, order and separators', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...tables),
        fc.constantFrom('_', ' ', '-', ''),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        (table, separator, upper, order) => {
          const columns = IMPORT_FIELDS[table].map((field) => field.replaceAll('_', separator));
          const written = columns.map((name) => (upper ? name.toUpperCase() : name));
          const shuffled = written
            .map((name) => ({ name, key: order.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key);
          const names = shuffled.map(({ name }) => name);
          const match = matchColumns(table, names, {});
          for (const field of IMPORT_FIELDS[table]) {
            expect(comparableName(names[match[field] ?? -1] ?? '')).toBe(comparableName(field));
          }
        },
      ),
    );
  });

  it('gives each column to at most one field or refuses, whatever the names', () => {
    const someName = fc.oneof(fc.string(), fc.constantFrom(...Object.values(SYNONYMS.orders).flat(2)));
    fc.assert(
      fc.property(fc.constantFrom(...tables), fc.array(someName), (table, columns) => {
        try {
          const used = Object.values(matchColumns(table, columns, {}));
          expect(new Set(used).size).toBe(used.length);
          expect(used.every((column) => column >= 0 && column < columns.length)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ChurnMcpError);
        }
      }),
    );
  });

  it('has no synonym that means two fields of the same table in one tier', () => {
    for (const table of tables) {
      for (const tier of [0, 1, 2, 3]) {
        const names = Object.values(SYNONYMS[table]).flatMap((synonyms) => synonyms[tier] ?? []);
        expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
        expect(names.filter((name) => comparableName(name) !== name)).toEqual([]);
      }
    }
  });
});
