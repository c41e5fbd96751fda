import { ChurnMcpError } from '../errors.ts';

/** Days are ISO text, `YYYY-MM-DD`, everywhere; only here they become numbers. No clock and no time zone is involved. */
const MILLISECONDS_PER_DAY = 86_400_000;

/** Days since 1970-01-01. @throws INVALID_ARGUMENT if the text is not a day of the calendar. */
export function dayNumber(isoDate: string): number {
  const milliseconds = /^\d{4}-\d{2}-\d{2}$/.test(isoDate) ? Date.parse(`${isoDate}T00:00:00Z`) : Number.NaN;
  const day = milliseconds / MILLISECONDS_PER_DAY;
  // Date.parse rolls 30 February over into March; such a day does not print as it was written.
  if (Number.isNaN(day) || isoDay(day) !== isoDate) {
    throw new ChurnMcpError('INVALID_ARGUMENT', 'The given date is not a day of the calendar.', {
      hint: 'Write dates as YYYY-MM-DD, for example 2026-03-31.',
    });
  }
  return day;
}

/** The ISO date of a number of days since 1970-01-01. */
export function isoDay(day: number): string {
  return new Date(day * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}

export function addDays(isoDate: string, days: number): string {
  return isoDay(dayNumber(isoDate) + days);
}

/** Day of the year of an ISO date, 1 to 366: as `dayofyear` has it. */
export function dayOfYear(isoDate: string): number {
  return dayNumber(isoDate) - dayNumber(`${isoDate.slice(0, 4)}-01-01`) + 1;
}

export const WEEKS_OF_YEAR = 52;

/** The week of a day of the year, 0 to 51: seven days each from 1 January, and what is left in the last. */
export function weekOfYear(day: number): number {
  return Math.min(WEEKS_OF_YEAR - 1, Math.floor((day - 1) / 7));
}

/** Days from one date to a later one; negative if it is earlier. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

/** Calendar months from one day or month, YYYY-MM, to a later one. */
export function monthsBetween(from: string, to: string): number {
  return monthNumber(to) - monthNumber(from);
}

/** The month, YYYY-MM, so many months before that of a day. */
export function monthBefore(isoDate: string, months: number): string {
  const number = monthNumber(isoDate) - months;
  const [year, month] = [Math.floor(number / 12), (number % 12) + 1];
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
}

function monthNumber(isoDate: string): number {
  const [year, month] = isoDate.split('-').map(Number);
  return year * 12 + month - 1;
}
