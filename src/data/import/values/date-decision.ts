import { z } from 'zod';
import type { DateOrder } from '../import-request.ts';
import {
  DAY_FIRST,
  type DateFormat,
  isWritten,
  MONTH_FIRST,
  UNMISTAKABLE,
  YEAR_FIRST,
  ZONE,
} from './date-format.ts';

/** Texts of a column that differ in their digits only, and how many there are. */
export const dateShapeSchema = z.object({
  shape: z.string(),
  example: z.string(),
  row_count: z.coerce.number(),
  first_above_12: z.coerce.number(),
  second_above_12: z.coerce.number(),
});
export type DateShape = z.infer<typeof dateShapeSchema>;

/** How a column's dates are written. A few typing errors decide nothing: they are no dates, and are counted. */
export interface DateDecision {
  /** Formats that occur, the most frequent first. */
  readonly formats: readonly DateFormat[];
  /** True if some texts have a zone; `toUtc` if others have none or say UTC, so that only UTC orders them all. */
  readonly hasZones: boolean;
  readonly toUtc: boolean;
}

export type DateProblem =
  | { readonly problem: 'day or month first'; readonly example: string }
  | { readonly problem: 'unknown format'; readonly example: string; readonly share: number };

/** Of each order, so many times as many telling dates as of the other: fewer are typing errors. */
const CLEAR_MAJORITY = 20;
/** More dates than this share cannot be read: the column is written in a way of its own. Fewer are rows to reject. */
const MOST_UNREAD = 0.2;

/**
 * Which formats a column is written in. Whether day or month comes first is decided over the whole column: one value
 * above 12 tells.
 *
 * @param wanted what the user says of dates that do not tell
 */
export function decideDates(
  shapes: readonly DateShape[],
  wanted: DateOrder | undefined,
): DateDecision | DateProblem {
  const candidates = [...UNMISTAKABLE, ...numericFormats(shapes, wanted)];
  const rowsByFormat = new Map<DateFormat, number>();
  const unread: DateShape[] = [];
  for (const shape of shapes) {
    const format = candidates.find((candidate) => isWritten(candidate, shape.example));
    if (format === undefined) unread.push(shape);
    else rowsByFormat.set(format, (rowsByFormat.get(format) ?? 0) + shape.row_count);
  }
  const rows = sumOf(shapes);
  const [worst] = unread.toSorted((a, b) => b.row_count - a.row_count || (a.shape < b.shape ? -1 : 1));
  if (worst !== undefined && sumOf(unread) > MOST_UNREAD * rows) {
    const isOpen = DAY_FIRST.some((format) => isWritten(format, worst.example));
    return isOpen
      ? { problem: 'day or month first', example: worst.example }
      : { problem: 'unknown format', example: worst.example, share: sumOf(unread) / rows };
  }
  const formats = [...rowsByFormat].toSorted(([a, ofA], [b, ofB]) => ofB - ofA || (a.name < b.name ? -1 : 1));
  return { formats: formats.map(([format]) => format), ...zonesOf(shapes) };
}

function sumOf(shapes: readonly DateShape[]): number {
  return shapes.reduce((sum, shape) => sum + shape.row_count, 0);
}

/** Formats of dates like 03/04/2024, by what their separator's dates tell; none of a separator that tells nothing. */
function numericFormats(shapes: readonly DateShape[], wanted: DateOrder | undefined): DateFormat[] {
  if (wanted === 'ymd') return [...YEAR_FIRST];
  return DAY_FIRST.flatMap((dayFirst, index) => {
    const ofSeparator = shapes.filter(({ example }) =>
      DAY_FIRST.some((format) => format.separator === dayFirst.separator && isWritten(format, example)),
    );
    const monthFirst = MONTH_FIRST[index];
    const chosen = wanted ?? orderOf(ofSeparator);
    if (chosen === 'dmy') return [dayFirst];
    return chosen === 'mdy' && monthFirst !== undefined ? [monthFirst] : [];
  });
}

function orderOf(shapes: readonly DateShape[]): 'dmy' | 'mdy' | undefined {
  const dayFirst = shapes.reduce((sum, shape) => sum + shape.first_above_12, 0);
  const monthFirst = shapes.reduce((sum, shape) => sum + shape.second_above_12, 0);
  if (dayFirst > CLEAR_MAJORITY * monthFirst) return 'dmy';
  return monthFirst > CLEAR_MAJORITY * dayFirst ? 'mdy' : undefined;
}

const ENDS_IN_ZONE = new RegExp(`\\d(?: ?[AaPp]\\.? ?[Mm]\\.?)?${ZONE}$`);
const HAS_CLOCK = /\d[:.h]\d{2}/;

/**
 * If each time has an offset, the shop's own clock wrote them, and a day is a day of that clock. If some have none, or
 * are in UTC, only UTC puts them all in order.
 */
function zonesOf(shapes: readonly DateShape[]): { hasZones: boolean; toUtc: boolean } {
  const withClock = shapes.map(({ example }) => example).filter((text) => HAS_CLOCK.test(text));
  const zoned = withClock.filter((text) => ENDS_IN_ZONE.test(text));
  const inUtc = zoned.filter((text) => /(Z|UTC|GMT)$/.test(text));
  const isMixed = zoned.length < withClock.length || (inUtc.length > 0 && inUtc.length < zoned.length);
  const anyZone = shapes.some(({ example }) => ENDS_IN_ZONE.test(example) && /[A-Z:+]|-\d{4}$/.test(example));
  return { hasZones: zoned.length > 0 || anyZone, toUtc: zoned.length > 0 && isMixed };
}
