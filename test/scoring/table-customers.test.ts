import { expect, it } from 'vitest';
import { columnKindSchema } from '../../src/data/feature-table/feature-table.ts';
import { cellText } from '../../src/scoring/table-customers.ts';
import { shared } from '../helpers/learner.ts';

const DAYS = columnKindSchema.exclude(['number', 'comma_number', 'category']).options;

it.each(DAYS)('shows a day as YYYY-MM-DD, however the file wrote it: %s', (kind) => {
  const cells = { kind, values: shared([20_454, Number.NaN]) };
  expect(cellText(cells, 0)).toBe('2026-01-01');
  expect(cellText(cells, 1)).toBeUndefined();
});

it.each(['number', 'comma_number'] as const)(
  'shows a number with the digits that it was written with: %s',
  (kind) => {
    expect(cellText({ kind, values: shared([29.85]) }, 0)).toBe('29.85');
  },
);
