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

/** A shape: texts of a column that differ only in their digits, and their number. */
export const dateShapeSchema = z.object({
  shape: z.string(),
  example: z.string(),
  row_count: z.coerce.number(),
  first_above_12: z.coerce.number(),
  second_above_12: z.coerce.number(),
});
export type DateShape = z.infer<typeof dateShapeSchema>;

/** The formats of a column's dates. A few mistyped values do not matter: they are counted as no dates. */
export interface DateDecision {
  /** Formats that occur, the most frequent first. */
  readonly formats: readonly DateFormat[];
  /** True if some texts have a zone; `toUtc` if others have none or say UTC, so that only UTC orders them all. */
  readonly hasZones: boolean;
  readonly toUtc: boolean;
  /** A date with points whose day was taken to come first, though no day above 12 shows it; undefined if there is none. */
  readonly dotted: string | undefined;
}

/** How the dates with a two-digit year of one separator read in one order of day, month and year. */
export const shortYearReadingSchema = z.object({
  separator: z.string(),
  date_order: z.enum(['dmy', 'mdy', 'ymd']),
  row_count: z.coerce.number(),
  /** Rows that are days of the calendar in this order. */
  days: z.coerce.number(),
  /** Of these, rows that are more than a year later than today. */
  later: z.coerce.number(),
  distinct_days_of_month: z.coerce.number(),
  distinct_years: z.coerce.number(),
});
export type ShortYearReading = z.infer<typeof shortYearReadingSchema>;

/** Dates that could be read in several ways. */
export interface OpenDates {
  readonly problem: 'day or month first' | 'day or year first';
  readonly example: string;
}

export type DateProblem =
  | OpenDates
  | { readonly problem: 'unknown format'; readonly example: string; readonly share: number };

const SEPARATORS = ['/', '-', '.'];
/** One order must have this many times as many unambiguous dates as the other; fewer count as typing errors. */
const CLEAR_MAJORITY = 20;
/** If a larger share of dates is unreadable, the column has an unknown format. If smaller, those rows are rejected. */
const MOST_UNREAD = 0.2;
/** Dates that could be read in two ways are asked for, unless they are as few as typing errors. */
const MOST_OPEN = 0.01;
/** Typing errors among the dates that an order of day, month and year makes. */
const MOST_WRONG = 0.05;

/**
 * Decides the date formats of a column. Whether day or month comes first is decided over the whole column: one value
 * above 12 is enough. If none tells, the day comes first between points, as wherever dates are written with points (CLDR);
 * slashes and hyphens do not tell.
 *
 * @param wanted the order that the user gives for ambiguous dates
 * @param shortYears how dates with a two-digit year read, if there are any
 */
export function decideDates(
  shapes: readonly DateShape[],
  wanted: DateOrder | undefined,
  shortYears: readonly ShortYearReading[] = [],
): DateDecision | DateProblem {
  const candidates = [...UNMISTAKABLE, ...numericFormats(shapes, wanted, shortYears)];
  const rowsByFormat = new Map<DateFormat, number>();
  const unread: DateShape[] = [];
  for (const shape of shapes) {
    const format = candidates.find((candidate) => isWritten(candidate, shape.example));
    if (format === undefined) unread.push(shape);
    else rowsByFormat.set(format, (rowsByFormat.get(format) ?? 0) + shape.row_count);
  }
  const rows = sumOf(shapes);
  const open = unread.filter(({ example }) => DAY_FIRST.some((format) => isWritten(format, example)));
  if (sumOf(open) > MOST_OPEN * rows) return openProblem(mostFrequent(open));
  if (sumOf(unread) > MOST_UNREAD * rows) {
    return { problem: 'unknown format', example: mostFrequent(unread), share: sumOf(unread) / rows };
  }
  const formats = [...rowsByFormat].toSorted(([a, ofA], [b, ofB]) => ofB - ofA || (a.name < b.name ? -1 : 1));
  return {
    formats: formats.map(([format]) => format),
    ...zonesOf(shapes),
    dotted: wanted === undefined ? dottedExample(shapes) : undefined,
  };
}

/** The shapes of several files as those of one. */
export function mergedShapes(files: readonly { readonly shapes: readonly DateShape[] }[]): DateShape[] {
  const merged = new Map<string, DateShape>();
  for (const shape of files.flatMap(({ shapes }) => shapes)) {
    const known = merged.get(shape.shape);
    merged.set(shape.shape, {
      ...(known ?? shape),
      row_count: shape.row_count + (known?.row_count ?? 0),
      first_above_12: shape.first_above_12 + (known?.first_above_12 ?? 0),
      second_above_12: shape.second_above_12 + (known?.second_above_12 ?? 0),
    });
  }
  return [...merged.values()];
}

function sumOf(shapes: readonly DateShape[]): number {
  return shapes.reduce((sum, shape) => sum + shape.row_count, 0);
}

function mostFrequent(shapes: readonly DateShape[]): string {
  const [first] = shapes.toSorted((a, b) => b.row_count - a.row_count || (a.shape < b.shape ? -1 : 1));
  return first?.example ?? '';
}

function openProblem(example: string): DateProblem {
  const isShort = YEAR_FIRST.some((format) => isWritten(format, example));
  return { problem: isShort ? 'day or year first' : 'day or month first', example };
}

/** True if a shape is written with a two-digit year, so that `ShortYearReading`s are needed. */
export function hasShortYears(shapes: readonly DateShape[]): boolean {
  const short = DAY_FIRST.filter(({ hasShortYear }) => hasShortYear);
  return shapes.some(({ example }) => short.some((format) => isWritten(format, example)));
}

/** Formats of dates like 03/04/2024, decided per separator; none for a separator with only ambiguous dates. */
function numericFormats(
  shapes: readonly DateShape[],
  wanted: DateOrder | undefined,
  shortYears: readonly ShortYearReading[],
): DateFormat[] {
  const numeric = [...DAY_FIRST, ...MONTH_FIRST, ...YEAR_FIRST];
  if (wanted !== undefined) return numeric.filter(({ order }) => order === wanted);
  return SEPARATORS.flatMap((separator) => {
    const ofSeparator = numeric.filter((format) => format.separator === separator);
    const long = ofSeparator.filter(({ hasShortYear }) => !hasShortYear);
    const longOrder = orderOf(
      shapes.filter(({ example }) => long.some((format) => isWritten(format, example))),
    );
    const readings = shortYears.filter((reading) => reading.separator === separator);
    const shortOrder = shortOrderOf(readings, longOrder);
    const usual = separator === '.' && dottedExample(shapes) !== undefined ? 'dmy' : undefined;
    return ofSeparator.filter(
      ({ order, hasShortYear }) => order === (hasShortYear ? shortOrder : (longOrder ?? shortOrder ?? usual)),
    );
  });
}

const TELLS_HALF_DAY = /[AaPp]\.? ?[Mm]\b/;

/** The most frequent date with points and a long year, if no date with points tells day from month. */
function dottedExample(shapes: readonly DateShape[]): string | undefined {
  const dotted = shapes.filter(({ example }) =>
    DAY_FIRST.some(
      (format) => format.separator === '.' && !format.hasShortYear && isWritten(format, example),
    ),
  );
  const isOpen = dotted.every(
    ({ example, first_above_12, second_above_12 }) =>
      first_above_12 === 0 && second_above_12 === 0 && !TELLS_HALF_DAY.test(example),
  );
  return isOpen && dotted.length > 0 ? mostFrequent(dotted) : undefined;
}

/**
 * The order in which dates with a two-digit year are days of the calendar and not later than today. If several orders
 * are, the one in which the days of the month change more often than the years; undefined if that tells nothing.
 */
function shortOrderOf(
  readings: readonly ShortYearReading[],
  longOrder: DateOrder | undefined,
): DateOrder | undefined {
  const possible = readings.filter(({ days, row_count }) => days >= (1 - MOST_WRONG) * row_count);
  const past = possible.filter(({ later, row_count }) => later <= MOST_WRONG * row_count);
  const candidates = past.length > 0 ? past : possible;
  if (candidates.some(({ date_order }) => date_order === longOrder)) return longOrder;
  const [only, other] = candidates;
  if (other === undefined) return only?.date_order;
  const changing = candidates.filter(
    ({ distinct_days_of_month, distinct_years }) => distinct_days_of_month > distinct_years,
  );
  return changing.length === 1 ? changing[0]?.date_order : undefined;
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
 * If every time has an offset, days are days of the shop's own clock. If some times have no offset or are in UTC, all are
 * converted to UTC, because only UTC orders them all.
 */
function zonesOf(shapes: readonly DateShape[]): { hasZones: boolean; toUtc: boolean } {
  const withClock = shapes.map(({ example }) => example).filter((text) => HAS_CLOCK.test(text));
  const zoned = withClock.filter((text) => ENDS_IN_ZONE.test(text));
  const inUtc = zoned.filter((text) => /(Z|UTC|GMT)$/.test(text));
  const isMixed = zoned.length < withClock.length || (inUtc.length > 0 && inUtc.length < zoned.length);
  const anyZone = shapes.some(
    ({ example }) => ENDS_IN_ZONE.test(example) && /[A-Z:+]|^\d{4}.*\d-\d{4}$/.test(example),
  );
  return { hasZones: zoned.length > 0 || anyZone, toUtc: zoned.length > 0 && isMixed };
}
