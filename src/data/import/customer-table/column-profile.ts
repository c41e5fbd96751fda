import { z } from 'zod';
import type { ColumnKind } from '../../feature-table/feature-table.ts';
import type { DateOrder } from '../import-request.ts';
import type { DecimalMark } from '../values/decimal-mark.ts';

/** The result of `sql/duckdb/table/column_profile.sql` for a column. */
export const profileSchema = z.object({
  cells: z.coerce.number(),
  present: z.coerce.number(),
  distinct_values: z.coerce.number(),
  numbers: z.coerce.number(),
  distinct_numbers: z.coerce.number(),
  are_whole: z.coerce.boolean(),
  comma_numbers: z.coerce.number(),
  decimal_commas: z.coerce.number(),
  missing_words: z.coerce.number(),
  /** Cells with digits and a separator, of which some may be dates. */
  looks_dated: z.coerce.number(),
  present_churned: z.coerce.number(),
  errors_by_value: z.coerce.number(),
  errors_by_presence: z.coerce.number(),
});

/** The result of `sql/duckdb/table/column_days.sql` for a column. */
export const daysSchema = z.object({
  days: z.coerce.number(),
  days_day_first: z.coerce.number(),
  days_month_first: z.coerce.number(),
  days_year_first: z.coerce.number(),
  day_example: z.string().nullable(),
});
export type ColumnDays = z.infer<typeof daysSchema>;

export type ColumnProfile = z.infer<typeof profileSchema> & ColumnDays;

export type ColumnVerdict =
  /** `unreadable` cells are neither a number nor a word for a missing one, and count as missing. */
  | { readonly kind: ColumnKind; readonly unreadable: number; readonly reason?: undefined }
  | { readonly kind: undefined; readonly reason: string };

/** Names, email addresses and the like: nearly every row has a unique value. */
const UNIQUE_SHARE = 0.9;
/** With fewer rows than this, values may be unique by chance. */
const LEAST_ROWS_TO_JUDGE = 30;
/** Values with this many rows on average describe groups, not single customers. */
const LEAST_ROWS_A_VALUE = 5;
/** A column that predicts the label with fewer errors than this share of the rarer class *is* the label. */
const COPY_ERRORS = 0.01;

/** Up to this share of cells may be mistyped; the column is still one of numbers. */
const UNREADABLE_SHARE = 0.02;
/** With fewer different numbers, a word among them is one more category. */
const LEAST_NUMBERS = 20;
/** If the column were unrelated to the label, this many filled cells would belong to customers who stayed. */
const LEAST_EXPECTED = 10;

/** What other columns tell about how this one is written. */
export interface Writing {
  /** Set if the column could be read with either mark, and others tell which. */
  readonly mark?: DecimalMark | undefined;
  readonly dayOrder?: DateOrder | undefined;
}

/** The kind of a column, or why it is left out; `churned` of the profile's cells are positive. */
export function judgeColumn(profile: ColumnProfile, churned: number, writing: Writing = {}): ColumnVerdict {
  const { cells, present, distinct_values, numbers } = profile;
  const leftOut = (reason: string): ColumnVerdict => ({ kind: undefined, reason });
  if (present === 0) return leftOut('no value in any row');
  if (distinct_values === 1 && present === cells) return leftOut('the same value in every row');
  const number = numberKindOf(profile, writing.mark);
  if (number?.kind === 'number' && profile.distinct_numbers === 1 && numbers === cells) {
    return leftOut('the same value in every row');
  }
  if (tellsLabel(profile, churned)) return leftOut('it gives the target away');
  if (number !== undefined) {
    const isNumbering =
      profile.are_whole && profile.distinct_numbers === cells && cells >= LEAST_ROWS_TO_JUDGE;
    return isNumbering ? leftOut('a different whole number in every row') : number;
  }
  const day = dayKindOf(profile, writing.dayOrder);
  if (day !== undefined) return { kind: day, unreadable: 0 };
  const isUnique = present >= LEAST_ROWS_TO_JUDGE && distinct_values >= UNIQUE_SHARE * present;
  return isUnique ? leftOut('a different value in nearly every row') : { kind: 'category', unreadable: 0 };
}

/** A column of numbers, apart from a few mistyped cells, with a point or a comma; undefined if it has other values. */
function numberKindOf(profile: ColumnProfile, mark: DecimalMark | undefined) {
  const { point, comma } = numberReadings(profile);
  if (mark === 'comma') return comma ?? point;
  return point ?? (profile.decimal_commas > 0 ? comma : undefined);
}

/** The kind of a column of numbers, for either decimal mark. */
export function numberReadings(profile: z.infer<typeof profileSchema>) {
  const { present, numbers, comma_numbers, missing_words, distinct_numbers, distinct_values } = profile;
  const kindWith = <Kind extends ColumnKind>(kind: Kind, readable: number, distinct: number) => {
    const unreadable = present - readable - missing_words;
    const isSlip = unreadable <= UNREADABLE_SHARE * present && distinct >= LEAST_NUMBERS;
    return readable > 0 && (unreadable === 0 || isSlip) ? { kind, unreadable } : undefined;
  };
  return {
    point: kindWith('number', numbers, distinct_numbers),
    comma: kindWith('comma_number', comma_numbers, distinct_values),
  };
}

/** The kinds that read every cell of a column of dates, and the order that each stands for. */
function dayKinds(profile: ColumnProfile): { kind: ColumnKind; order: DateOrder }[] {
  const readable = profile.present - profile.missing_words;
  const { days_day_first, days_month_first, days_year_first } = profile;
  const kinds = [
    { kind: 'day_first', order: 'dmy', cells: days_day_first },
    { kind: 'month_first', order: 'mdy', cells: days_month_first },
    { kind: 'year_first', order: 'ymd', cells: days_year_first },
  ] as const;
  return kinds.filter(({ cells }) => readable > 0 && cells === readable);
}

function areWritten({ days, present, missing_words }: ColumnProfile): boolean {
  return present > missing_words && days === present - missing_words;
}

/** True if every date could have several orders of day, month and year. */
export function hasOpenDays(profile: ColumnProfile): boolean {
  return !areWritten(profile) && dayKinds(profile).length > 1;
}

function dayKindOf(profile: ColumnProfile, wanted: DateOrder | undefined): ColumnKind | undefined {
  if (areWritten(profile)) return 'day';
  const kinds = dayKinds(profile);
  return (kinds.find(({ order }) => order === wanted) ?? kinds[0])?.kind;
}

/** A copy of the target, or a column that is filled only for churned customers (why or when they left). */
function tellsLabel(
  { cells, present, distinct_values, errors_by_value, errors_by_presence, present_churned }: ColumnProfile,
  churned: number,
): boolean {
  if (cells < LEAST_ROWS_TO_JUDGE) return false;
  const most = COPY_ERRORS * Math.min(churned, cells - churned);
  const hasGroups = present >= LEAST_ROWS_A_VALUE * distinct_values;
  if (hasGroups && errors_by_value <= most) return true;
  if (present === cells) return false;
  const expectedStayed = (present * (cells - churned)) / cells;
  const isOnlyOfChurned =
    expectedStayed >= LEAST_EXPECTED && present - present_churned <= COPY_ERRORS * expectedStayed;
  return isOnlyOfChurned || errors_by_presence <= most;
}
