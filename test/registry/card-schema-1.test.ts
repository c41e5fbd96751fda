import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardMarkdown } from '../../src/mcp/card-markdown.ts';
import { metricsFieldsOf, metricsFieldsSchema } from '../../src/mcp/schemas.ts';
import { packageRoot } from '../../src/package-root.ts';
import { type CardDetails, labelOf } from '../../src/registry/card-details.ts';
import { readModelCard } from '../../src/registry/card-schema-1.ts';
import { modelCardSchema } from '../../src/registry/model-card.ts';

/** Real cards of every kind, as they were written before schema 2. */
const folder = join(packageRoot(), 'test', 'fixtures', 'cards-schema-1');
const jsonOf = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
const KINDS: Readonly<Record<string, CardDetails['kind']>> = {
  'forward-tuned': 'forward',
  'forward-random-split': 'forward',
  imported: 'forward',
  inactivity: 'inactivity',
  column: 'column',
  purchase: 'purchase',
};

describe('a card of schema 1', () => {
  it('has a fixture of each kind', () => {
    expect(readdirSync(folder).sort()).toEqual(
      Object.keys(KINDS)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });

  it.each(Object.entries(KINDS))('is read as a card of today without loss: %s', (name, kind) => {
    const old = jsonOf(name);
    const card = readModelCard(old);
    expect(card.details.kind).toBe(kind);
    expect(labelOf(card.details)).toEqual(old.label);
    expect(card.evaluation).toBe(old.windows.evaluation);
    const { label: _, schema: __, windows, data, ...rest } = old;
    const today = { ...card, ...card.details };
    for (const [field, value] of Object.entries(rest)) expect(today, field).toHaveProperty(field, value);
    if ('windows' in card.details) {
      const { evaluation: ___, ...cutoffs } = windows;
      expect(card.details.windows).toEqual(cutoffs);
      expect(card.details.orders).toEqual({
        count: data.orders,
        first_date: data.first_order_date,
        last_date: data.last_order_date,
      });
    }
  });

  it.each(Object.keys(KINDS))('can be shown, written and read as a card of today: %s', (name) => {
    const card = readModelCard(jsonOf(name));
    expect(metricsFieldsSchema.parse(metricsFieldsOf(card))).toMatchObject({
      label: card.details.kind,
      roc_auc: card.metrics.roc_auc,
    });
    expect(cardMarkdown(card)).toContain(`# ${card.model} ${card.version}`);
    expect(readModelCard(JSON.parse(JSON.stringify(card)))).toEqual(modelCardSchema.parse(card));
  });

  it('loses the days and orders that a customer table does not have', () => {
    const { details } = readModelCard(jsonOf('column'));
    expect(Object.keys(details)).not.toContain('orders');
    expect(Object.keys(details)).not.toContain('windows');
  });

  it('is refused if a field of its kind is missing', () => {
    const { table: _, ...without } = jsonOf('column');
    expect(() => readModelCard(without)).toThrow();
    expect(() => readModelCard({ schema: 3 })).toThrow();
  });
});
