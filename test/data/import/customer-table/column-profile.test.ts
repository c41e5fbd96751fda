import { describe, expect, it } from 'vitest';
import {
  type ColumnProfile,
  judgeColumn,
} from '../../../../src/data/import/customer-table/column-profile.ts';

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
    comma_numbers: 0,
    decimal_commas: 0,
    missing_words: 0,
    looks_dated: 0,
    days: 0,
    days_day_first: 0,
    days_month_first: 0,
    days_year_first: 0,
    day_example: null,
    present_churned: CHURNED,
    errors_by_value: CHURNED,
    errors_by_presence: CHURNED,
    ...given,
  };
}

const numeric = { numbers: 1000, distinct_values: 700, distinct_numbers: 700 };

describe('the judgement of a column', () => {
  it.each([
    ['four words', {}, 'category'],
    ['numbers', numeric, 'number'],
    ['numbers with words for missing ones', { ...numeric, numbers: 990, missing_words: 10 }, 'number'],
    ['codes with a word among them', { ...numeric, numbers: 999, distinct_numbers: 4 }, 'category'],
    ['numbers with many words', { ...numeric, numbers: 900 }, 'category'],
    [
      'decimal commas',
      { comma_numbers: 1000, decimal_commas: 700, numbers: 300, distinct_values: 700 },
      'comma_number',
    ],
    ['groups of thousands', { ...numeric, comma_numbers: 1000 }, 'number'],
    ['a few filled for those who left', { present: 10, distinct_values: 1, present_churned: 10 }, 'category'],
    ['zero and one', { numbers: 1000, distinct_values: 2, distinct_numbers: 2, are_whole: true }, 'number'],
    ['days', { days: 1000, distinct_values: 600 }, 'day'],
    ['days with words for missing ones', { days: 990, missing_words: 10, distinct_values: 600 }, 'day'],
    [
      'days of which one has a day above 12 first',
      { days_day_first: 1000, days_month_first: 999 },
      'day_first',
    ],
    ['ISO days beside American ones', { days: 400, days_month_first: 1000 }, 'month_first'],
    ['a word or nothing', { present: 400, distinct_values: 1, present_churned: 120 }, 'category'],
    ['amounts that all differ', { numbers: 1000, distinct_numbers: 1000, distinct_values: 1000 }, 'number'],
  ])('%s', (_, given, kind) => {
    expect(judgeColumn(profile(given), CHURNED)).toEqual({ kind, unreadable: 0 });
  });

  it('takes a column for numbers if a few cells are not, and counts those', () => {
    expect(judgeColumn(profile({ ...numeric, numbers: 985, missing_words: 5 }), CHURNED)).toEqual({
      kind: 'number',
      unreadable: 10,
    });
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
      'reasons that not all who left gave',
      { present: 120, distinct_values: 5, present_churned: 120, errors_by_presence: 180 },
      'it gives the target away',
    ],
    [
      'reasons of those who left',
      { present: CHURNED, distinct_values: 290, errors_by_presence: 0 },
      'it gives the target away',
    ],
  ])('leaves out %s', (_, given, reason) => {
    expect(judgeColumn(profile(given), CHURNED)).toEqual({ kind: undefined, reason });
  });

  it('does not call a column a copy of the target if each value stands in one row only', () => {
    expect(judgeColumn(profile({ ...numeric, errors_by_value: 0 }), CHURNED)).toEqual({
      kind: 'number',
      unreadable: 0,
    });
  });
});
