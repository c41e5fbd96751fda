import { quoted } from '../../../text/quoted.ts';
import { quoteLiteral } from '../../duckdb/sql-quoting.ts';
import type { ShopTable } from '../../shop-tables.ts';
import { fileOf } from '../columns/column-matcher.ts';
import type { ImportContext } from '../import-context.ts';
import { hasField, type StagedTable } from '../staging/staged-file.ts';
import { type DateDecision, decideDates, hasShortYears, mergedShapes } from './date-decision.ts';
import { NO_DATE_SQL, readDateSql } from './date-sql.ts';
import { alignDateOrders, datesOfFiles, type FileDates } from './dates-of-files.ts';
import { TYPED_DATE_SQL } from './typed-column.ts';
import { dateOrderOf, dateShapes, refusedDates, shortYearReadings } from './written-dates.ts';
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
  const ofText = async () => (hasField(staged, field) ? textDateSql(context, staged, field) : NO_DATE_SQL);
  const read = type === 'VARCHAR' ? await ofText() : TYPED_DATE_SQL;
  await connection.run(`create temp macro ${table}_${field}(t) as ${read}`);
}

async function textDateSql(
  context: ImportContext,
  staged: StagedTable,
  field: 'order_date' | 'registration_date',
): Promise<string> {
  const { request, decisions } = context;
  const { table } = staged;
  const wanted = request.dateFormat;
  if (wanted?.includes('%')) return `try_strptime(t, ${quoteLiteral(wanted)})`;
  const dates = await datesOfFiles(context, staged, field);
  const aligned = await alignDateOrders(context, dates, field);
  const { shapes, short } = await datesOfTable(context, table, field, aligned === undefined ? dates : []);
  const decided = decideDates(shapes, aligned ?? dateOrderOf(wanted), short);
  if ('problem' in decided) throw refusedDates(`The ${fileOf(table)} file`, field, decided);
  sayZones(decided, field, decisions);
  sayDotted(decided, field, decisions);
  return readDateSql(decided);
}

/** The dates of all files together. @param known those of its files; none if they were written anew since */
async function datesOfTable(
  { connection, now }: ImportContext,
  table: ShopTable,
  field: string,
  known: readonly FileDates[],
): Promise<Pick<FileDates, 'shapes' | 'short'>> {
  const [only, other] = known;
  if (only !== undefined && other === undefined) return only;
  await viewTexts(connection, table, field);
  const shapes = only === undefined ? await dateShapes(connection) : mergedShapes(known);
  return { shapes, short: hasShortYears(shapes) ? await shortYearReadings(connection, now) : [] };
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
