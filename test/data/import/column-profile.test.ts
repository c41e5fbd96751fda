import { describe, expect, it } from 'vitest';
import { type ColumnProfile, judgeColumn } from '../../../src/data/import/column-profile.ts';

const CHURNED = 300;

/** A column of 1,000 cells that says nothing of the label; what differs is given. */
function profile(given: Partial<ColumnProfile>): ColumnProfile {
  return {
    cells: 1000,
    present: 1000,
    distinct_values: 4,
    numbers: 0,
    distinct_numbers: 0,
    are_whole: false,
    missing_words: 0,
    days: 0,
    errors_by_value: CHURNED,
    errors_by_presence: CHURNED,
    ...given,
  };
}

const numeric = { numbers: 1000, distinct_values: 700, distinct_numbers: 700 };

describe('what a column is', () => {
  it.each([
    ['four words', {}, 'category'],
    ['numbers', numeric, 'number'],
    ['numbers with words for missing ones', { ...numeric, numbers: 990, missing_words: 10 }, 'number'],
    ['numbers with one word', { ...numeric, numbers: 999 }, 'category'],
    ['zero and one', { numbers: 1000, distinct_values: 2, distinct_numbers: 2, are_whole: true }, 'number'],
    ['days', { days: 1000, distinct_values: 600 }, 'day'],
    ['a word or nothing', { present: 400, distinct_values: 1 }, 'category'],
    ['amounts that all differ', { numbers: 1000, distinct_numbers: 1000, distinct_values: 1000 }, 'number'],
  ])('%s', (_, given, kind) => {
    expect(judgeColumn(profile(given), CHURNED)).toEqual({ kind });
  });

  it.each([
    ['nothing', { present: 0, distinct_values: 0 }, 'no value in any row'],
    ['one word', { distinct_values: 1 }, 'the same value in every row'],
    ['names', { distinct_values: 980 }, 'a different value in nearly every row'],
    [
      'row numbers',
      { numbers: 1000, distinct_numbers: 1000, distinct_values: 1000, are_whole: true },
      'a different whole number in every row',
    ],
    ['a copy of the target', { distinct_values: 2, errors_by_value: 0 }, 'it gives the target away'],
    ['nearly a copy', { distinct_values: 3, errors_by_value: 3 }, 'it gives the target away'],
    [
      'reasons of those who left',
      { present: CHURNED, distinct_values: 290, errors_by_presence: 0 },
      'it gives the target away',
    ],
  ])('%s is left out', (_, given, reason) => {
    expect(judgeColumn(profile(given), CHURNED)).toEqual({ kind: undefined, reason });
  });

  it('is no copy where each value has a row of its own', () => {
    expect(judgeColumn(profile({ ...numeric, errors_by_value: 0 }), CHURNED)).toEqual({ kind: 'number' });
  });
});
