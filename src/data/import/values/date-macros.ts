import { ChurnMcpError } from '../../../errors.ts';
import { quoted } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { quoteLiteral } from '../../duckdb/sql-quoting.ts';
import { loadSql } from '../../load-sql.ts';
import type { ShopTable } from '../../shop-tables.ts';
import { fileOf } from '../columns/column-matcher.ts';
import type { ImportContext } from '../import-context.ts';
import type { DateOrder } from '../import-request.ts';
import { hasField, type StagedTable } from '../staging/staged-file.ts';
import {
  type DateDecision,
  type DateProblem,
  type DateShape,
  dateShapeSchema,
  decideDates,
  hasShortYears,
  type OpenDates,
  type ShortYearReading,
  shortYearReadingSchema,
} from './date-decision.ts';
import { NO_DATE_SQL, readDateSql } from './date-sql.ts';
import { TYPED_DATE_SQL } from './typed-column.ts';
import { createWrittenMacro, viewTexts } from './written-text.ts';

/**
 * Defines how the dates of a field are read: the macros `<table>_<field>_written` and `<table>_<field>`, a timestamp.
 *
 * @throws IMPORT_REFUSED if the file's dates are ambiguous or unreadable
 */
export async function createDateMacro(
  context: ImportContext,
  staged: StagedTable,
  field: 'order_date' | 'registration_date',
  type: string,
): Promise<void> {
  const { connection } = context;
  const { table } = staged;
  await createWrittenMacro(connection, table, field, type);
  const ofText = async () => (hasField(staged, field) ? textDateSql(context, table, field) : NO_DATE_SQL);
  const read = type === 'VARCHAR' ? await ofText() : TYPED_DATE_SQL;
  await connection.run(`create temp macro ${table}_${field}(t) as ${read}`);
}

async function textDateSql(
  { connection, request, decisions, now }: ImportContext,
  table: ShopTable,
  field: 'order_date' | 'registration_date',
): Promise<string> {
  const wanted = request.dateFormat;
  if (wanted?.includes('%')) return `try_strptime(t, ${quoteLiteral(wanted)})`;
  await viewTexts(connection, table, field);
  const shapes = await dateShapes(connection);
  const short = hasShortYears(shapes) ? await shortYearReadings(connection, now) : [];
  const decided = decideDates(shapes, dateOrderOf(wanted), short);
  if ('problem' in decided) throw refusedDates(`The ${fileOf(table)} file`, field, decided);
  sayZones(decided, field, decisions);
  sayDotted(decided, field, decisions);
  return readDateSql(decided);
}

/** The ways in which the dates of `written_texts` are written. */
export async function dateShapes(connection: DuckDBConnection): Promise<DateShape[]> {
  const result = await connection.runAndReadAll(loadSql('duckdb/import/date_shapes'));
  return result.getRowObjectsJson().map((row) => dateShapeSchema.parse(row));
}

/** How the dates of `written_texts` that have a two-digit year read in each order. */
export async function shortYearReadings(
  connection: DuckDBConnection,
  now: Date,
): Promise<ShortYearReading[]> {
  const today = now.toISOString().slice(0, 10);
  const result = await connection.runAndReadAll(loadSql('duckdb/import/short_year_readings'), [today]);
  return result.getRowObjectsJson().map((row) => shortYearReadingSchema.parse(row));
}

/** The order that the user names with --date-format; undefined for a format, or none. */
export function dateOrderOf(text: string | undefined): DateOrder | undefined {
  return text === 'dmy' || text === 'mdy' || text === 'ymd' ? text : undefined;
}

function sayZones(
  { hasZones, toUtc }: DateDecision,
  field: string,
  decisions: ImportContext['decisions'],
): void {
  if (toUtc)
    decisions.say(`Some times of ${field} have an offset and some have none, so all of them are in UTC.`);
  else if (hasZones)
    decisions.say(`Times of ${field} have offsets; a day is a day of the clock that wrote it.`);
}

function sayDotted({ dotted }: DateDecision, field: string, decisions: ImportContext['decisions']): void {
  if (dotted === undefined) return;
  decisions.say(
    `No ${field} has a day above 12. Dates with points are read as day.month.year: ${quoted(dotted)}. If the month comes first: --date-format mdy.`,
  );
}

/** @param file how the sentence names it: `The orders file` */
export function refusedDates(file: string, field: string, problem: DateProblem): ChurnMcpError {
  if (problem.problem !== 'unknown format') return openDates(file, field, problem);
  return new ChurnMcpError(
    'IMPORT_REFUSED',
    `${file} has dates in ${field} that cannot be read, such as ${quoted(problem.example)}: ${Math.ceil(problem.share * 100)}% of them.`,
    {
      hint: 'If they are dates, write their format with %Y year, %y two-digit year, %m month, %d day, %H hour, %M minute, %S second, for example --date-format "%Y.%d.%m %H:%M". If not, name the right column with --map.',
    },
  );
}

function openDates(file: string, field: string, { problem, example }: OpenDates): ChurnMcpError {
  if (problem === 'day or year first') {
    return new ChurnMcpError(
      'IMPORT_REFUSED',
      `${file} does not tell in which order ${field} has day, month and year: ${quoted(example)}.`,
      { hint: 'Say which it is: --date-format dmy, --date-format mdy or --date-format ymd.' },
    );
  }
  return new ChurnMcpError(
    'IMPORT_REFUSED',
    `${file} does not tell whether ${field} is written day/month/year or month/day/year: ${quoted(example)}.`,
    {
      hint: 'Choose one: --date-format dmy or --date-format mdy. Dates written as YYYY-MM-DD need no flag.',
    },
  );
}
