import { z } from 'zod';
import type { ColumnKind } from '../feature-table/feature-table.ts';

/** What `sql/duckdb/table_column_profile.sql` tells of a column. */
export const profileSchema = z.object({
  cells: z.coerce.number(),
  present: z.coerce.number(),
  distinct_values: z.coerce.number(),
  numbers: z.coerce.number(),
  distinct_numbers: z.coerce.number(),
  are_whole: z.coerce.boolean(),
  missing_words: z.coerce.number(),
  days: z.coerce.number(),
  errors_by_value: z.coerce.number(),
  errors_by_presence: z.coerce.number(),
});
export type ColumnProfile = z.infer<typeof profileSchema>;

export type ColumnVerdict =
  | { readonly kind: ColumnKind; readonly reason?: undefined }
  | { readonly kind: undefined; readonly reason: string };

/** Names, mail addresses and the like: nearly every row has a value of its own. */
const UNIQUE_SHARE = 0.9;
/** Fewer rows than this have values of their own by chance. */
const LEAST_ROWS_TO_JUDGE = 30;
/** Values with so many rows on average say something of groups, not of single customers. */
const LEAST_ROWS_A_VALUE = 5;
/** A column that guesses the label with fewer errors than this share of the rarer class *is* the label. */
const COPY_ERRORS = 0.01;

/** What a column is, or why it is of no use; `churned` of the profile's cells are positive. */
export function judgeColumn(profile: ColumnProfile, churned: number): ColumnVerdict {
  const { cells, present, distinct_values, numbers, missing_words, days } = profile;
  const leftOut = (reason: string): ColumnVerdict => ({ kind: undefined, reason });
  if (present === 0) return leftOut('no value in any row');
  if (distinct_values === 1 && present === cells) return leftOut('the same value in every row');
  const isNumber = numbers > 0 && numbers + missing_words === present;
  if (isNumber && profile.distinct_numbers === 1 && numbers === cells) {
    return leftOut('the same value in every row');
  }
  if (tellsLabel(profile, churned)) return leftOut('it gives the target away');
  if (isNumber) {
    const isNumbering =
      profile.are_whole && profile.distinct_numbers === cells && cells >= LEAST_ROWS_TO_JUDGE;
    return isNumbering ? leftOut('a different whole number in every row') : { kind: 'number' };
  }
  if (days === present) return { kind: 'day' };
  const isUnique = present >= LEAST_ROWS_TO_JUDGE && distinct_values >= UNIQUE_SHARE * present;
  return isUnique ? leftOut('a different value in nearly every row') : { kind: 'category' };
}

/** A copy under other names, or a column that is only filled for those who left (why, when). */
function tellsLabel(
  { cells, present, distinct_values, errors_by_value, errors_by_presence }: ColumnProfile,
  churned: number,
): boolean {
  if (cells < LEAST_ROWS_TO_JUDGE) return false;
  const most = COPY_ERRORS * Math.min(churned, cells - churned);
  const hasGroups = present >= LEAST_ROWS_A_VALUE * distinct_values;
  return (hasGroups && errors_by_value <= most) || (present < cells && errors_by_presence <= most);
}
