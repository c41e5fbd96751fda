import { z } from 'zod';

/** What separates the decimals of a number. */
export type DecimalMark = 'comma' | 'point';

/** How the numbers of a column are written: counts of `sql/duckdb/import/number_forms.sql`. */
export const numberFormsSchema = z.object({
  comma_decimals: z.coerce.number(),
  point_decimals: z.coerce.number(),
  open_commas: z.coerce.number(),
  open_points: z.coerce.number(),
  open_with_zero: z.coerce.number(),
  below_1000: z.coerce.number(),
  without_groups: z.coerce.number(),
  open_example: z.string().nullable(),
  comma_example: z.string().nullable(),
  point_example: z.string().nullable(),
});
export type NumberForms = z.infer<typeof numberFormsSchema>;

/** Examples of the two ambiguous kinds of values. */
export interface UndecidedMark {
  readonly examples: readonly string[];
}

/** One mark must have this many times as many unambiguous numbers as the other; fewer count as typing errors. */
const CLEAR_MAJORITY = 20;

/**
 * Decides the decimal mark of a file. All columns have the same mark, so any number that can be read in only one way
 * decides it for the others. Without such a number, the habits of programs decide: a program that drops or pads zeros
 * writes 850 and 1.250 into one column only if the point groups thousands.
 */
export function decimalMarkOf(columns: readonly NumberForms[]): DecimalMark | UndecidedMark {
  const certain = certainMarkOf(columns);
  if (certain !== undefined) return certain;
  if (sumOf(columns, 'comma_decimals') > 0) return { examples: examplesOf(columns) };
  const openCommas = sumOf(columns, 'open_commas');
  const openPoints = sumOf(columns, 'open_points');
  if (openCommas === 0 && openPoints === 0) return 'point';
  const groups = columns.filter(groupsThousands);
  const pointsGroup = groups.some((forms) => forms.open_points > 0);
  const commasGroup = groups.some((forms) => forms.open_commas > 0);
  if (pointsGroup && openCommas === 0) return 'comma';
  if (commasGroup && openPoints === 0) return 'point';
  return { examples: examplesOf(columns) };
}

/** The mark that numbers show which can be read in only one way. */
export function certainMarkOf(columns: readonly NumberForms[]): DecimalMark | undefined {
  const commas = sumOf(columns, 'comma_decimals');
  const points = sumOf(columns, 'point_decimals');
  if (commas > CLEAR_MAJORITY * points) return 'comma';
  return points > CLEAR_MAJORITY * commas ? 'point' : undefined;
}

type Count = {
  [Name in keyof NumberForms]: NumberForms[Name] extends number ? Name : never;
}[keyof NumberForms];

function sumOf(columns: readonly NumberForms[], count: Count): number {
  return columns.reduce((total, forms) => total + forms[count], 0);
}

function groupsThousands(forms: NumberForms): boolean {
  return forms.open_with_zero > 0 && forms.below_1000 > 0 && forms.without_groups === 0;
}

export function examplesOf(columns: readonly NumberForms[]): string[] {
  const found = columns.flatMap((forms) => [forms.comma_example, forms.point_example, forms.open_example]);
  return [...new Set(found.filter((example) => example !== null))].slice(0, 3);
}
