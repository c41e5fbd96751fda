import type { DateDecision } from './date-decision.ts';
import { type DateFormat, ZONE, ZONE_MINUTES } from './date-format.ts';

/** The date of a text without one. */
export const NO_DATE_SQL = 'cast(null as timestamp)';

/** The part after a date in `YYYY-MM-DD` form: time and zone. */
const PARTS = String.raw`^(\d{4}-\d{1,2}-\d{1,2})( +[\d:.,]+(?: ?[AaPp]\.? ?[Mm]\.?)?)?(${ZONE})?\s*$`;

/** A timestamp from the text `t`, NULL if it has none of the decided formats. */
export function readDateSql(decision: Omit<DateDecision, 'dotted'>): string {
  const cases = decision.formats.map(
    (format) => `when regexp_full_match(t, '${format.pattern}') then ${timestampSql(format, decision)}`,
  );
  return cases.length === 0 ? NO_DATE_SQL : `case ${cases.join(' ')} end`;
}

function timestampSql(
  { read, isTimestamp }: DateFormat,
  { hasZones, toUtc }: Omit<DateDecision, 'dotted'>,
): string {
  if (isTimestamp) return read;
  if (!hasZones) return `wall_time(${read})`;
  const wallTime = `wall_time(regexp_replace(${read}, '${PARTS}', '\\1\\2'))`;
  return toUtc
    ? `${wallTime} - to_minutes(${zoneMinutesSql(`regexp_extract(${read}, '${PARTS}', 3)`)})`
    : wallTime;
}

/** Minutes east of UTC; 0 for no zone. */
function zoneMinutesSql(zone: string): string {
  const name = `regexp_extract(${zone}, '[A-Z]+')`;
  const names = Object.entries(ZONE_MINUTES).map(([each, minutes]) => `when '${each}' then ${minutes}`);
  const part = (pattern: string) =>
    `coalesce(try_cast(regexp_extract(${zone}, '${pattern}', 1) as integer), 0)`;
  const sign = `case when regexp_matches(${zone}, '-\\d') then -1 else 1 end`;
  const offset = `${sign} * (60 * ${part('[+-](\\d{1,2})')} + ${part('[+-]\\d{1,2}:?(\\d{2})')})`;
  return `cast(case when regexp_matches(${zone}, '[+-]\\d') then ${offset} else case ${name} ${names.join(' ')} else 0 end end as bigint)`;
}
