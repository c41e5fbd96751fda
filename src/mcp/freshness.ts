/** What every answer says of its data: up to when it goes, and whether more has arrived. */
import type { DataFreshness } from '../data/data-freshness.ts';
import { daysBetween } from '../features/calendar-day.ts';
import { agePhrase, formatCount, formatDay, plural } from '../text/format.ts';

/** The field `data` of an answer, beside the tool's own, so the schema of each tool does not name it. */
export interface FreshnessFields {
  /** Day of the last order. */
  readonly orders_until?: string;
  /** When it was imported, or new rows were last folded in. */
  readonly refreshed_at?: string;
  /** Rows that have arrived since and are not in it yet. */
  readonly waiting_rows?: number;
}

export function freshnessFieldsOf(freshness: DataFreshness): FreshnessFields {
  const { ordersUntil, refreshedAt, waitingRows } = freshness;
  return {
    ...(ordersUntil !== undefined && { orders_until: ordersUntil }),
    ...(refreshedAt !== undefined && { refreshed_at: refreshedAt.toISOString() }),
    ...(waitingRows !== undefined && { waiting_rows: waitingRows }),
  };
}

/**
 * One line. Seconds and minutes are told of data that rows flow into; of an import the day says enough.
 *
 * @param asOf the day that the question was asked as of, if it names one
 */
export function freshnessText(freshness: DataFreshness, now: Date, asOf?: string): string {
  return `${sourceText(freshness, now)}${unknownDaysText(freshness, asOf)}`;
}

function sourceText(freshness: DataFreshness, now: Date): string {
  const { kind, ordersUntil, refreshedAt } = freshness;
  const what = kind === 'table' ? 'a table of customers' : `orders up to ${formatDay(ordersUntil ?? '')}`;
  if (kind === 'orders in Snowflake') return `Data: ${what}, read from Snowflake.`;
  if (refreshedAt === undefined) return `Data: ${what}.`;
  if (!freshness.isLive) return `Data: ${what}, imported ${dayPhrase(refreshedAt, now)}.`;
  // By a clock that was ahead: how long ago that is, nobody knows.
  const isAhead = refreshedAt.getTime() - now.getTime() > CLOCK_TOLERANCE_MS;
  const when = isAhead ? dayPhrase(refreshedAt, now) : agePhrase(refreshedAt, now);
  return `Data: ${what}, refreshed ${when}${waitingText(freshness, now)}.`;
}

/** Features count days without orders. After the last order that is known, such days may only be missing data. */
function unknownDaysText({ ordersUntil }: DataFreshness, asOf: string | undefined): string {
  if (asOf === undefined || ordersUntil === undefined || asOf <= ordersUntil) return '';
  const days = daysBetween(ordersUntil, asOf);
  const which = days === 1 ? formatDay(asOf) : `the ${formatCount(days)} days up to ${formatDay(asOf)}`;
  return ` No orders are known for ${which}, so customers may seem more silent than they are. Import the newer orders, or leave out as_of.`;
}

const CLOCK_TOLERANCE_MS = 60_000;

/** Data that nothing has arrived for is not late, however old it is. */
function waitingText({ waitingRows, refreshedAt }: DataFreshness, now: Date): string {
  if (waitingRows === undefined) return '';
  if (waitingRows > 0) return `; ${plural(waitingRows, 'new row is', 'new rows are')} not in yet`;
  const age = now.getTime() - (refreshedAt ?? now).getTime();
  return age > SOON_MS ? '; nothing new has arrived since' : '';
}

const SOON_MS = 5 * 60_000;

/** The day, with its year if that is another one. */
function dayPhrase(time: Date, now: Date): string {
  const [day, today] = [isoDayOf(time), isoDayOf(now)];
  if (day === today) return 'today';
  const text = formatDay(day);
  return day.slice(0, 4) === today.slice(0, 4) ? text.slice(0, -' YYYY'.length) : text;
}

function isoDayOf(time: Date): string {
  return time.toISOString().slice(0, 'YYYY-MM-DD'.length);
}
