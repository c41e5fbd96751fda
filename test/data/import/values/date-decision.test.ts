import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DateShape, decideDates } from '../../../../src/data/import/values/date-decision.ts';

function shape(example: string, rows = 1): DateShape {
  const [, first = '0', second = '0'] = /^(\d{1,2})[-/.](\d{1,2})[-/.]/.exec(example) ?? [];
  return {
    shape: example.replace(/\d/g, '9'),
    example,
    row_count: rows,
    first_above_12: Number(first) > 12 ? rows : 0,
    second_above_12: Number(second) > 12 ? rows : 0,
  };
}

function formatOf(shapes: readonly DateShape[]): string | undefined {
  const decided = decideDates(shapes, undefined);
  return 'problem' in decided ? undefined : decided.formats[0]?.name;
}

describe('decideDates', () => {
  it.each([
    ['2024-01-05', 'year-month-day'],
    ['2024/1/5 10:00', 'year-month-day'],
    ['2024-01-05T10:00:00.123Z', 'year-month-day'],
    ['2024-01-05 10:00:00 UTC', 'year-month-day'],
    ['20240105', 'yyyymmdd'],
    ['25.12.2024 14:05', 'day.month.year'],
    ['12/25/2024 1:05 PM', 'month/day/year'],
    ['5 January 2024', 'day month-name year'],
    ['Jan 5, 2024', 'month-name day year'],
    ['1704448800', 'seconds since 1970'],
    ['1704448800000', 'milliseconds since 1970'],
  ])('reads %s as %s', (example, name) => {
    expect(formatOf([shape(example)])).toBe(name);
  });

  it('decides the same in any order of rows, and never guesses between day and month', () => {
    const two = fc.integer({ min: 1, max: 31 }).map(String);
    const example = fc.tuple(two, two).map(([a, b]) => `${a}/${b}/2024`);
    fc.assert(
      fc.property(fc.array(example, { minLength: 1 }), (examples) => {
        const shapes = examples.map((text) => shape(text));
        const format = formatOf(shapes);
        expect(formatOf(shapes.toReversed())).toBe(format);
        const dayFirst = shapes.some((each) => each.first_above_12 > 0);
        const monthFirst = shapes.some((each) => each.second_above_12 > 0);
        if (!dayFirst && !monthFirst) expect(format).toBeUndefined();
        if (dayFirst && !monthFirst) expect(format).toBe('day/month/year');
        if (!dayFirst && monthFirst) expect(format).toBe('month/day/year');
      }),
    );
  });
});
