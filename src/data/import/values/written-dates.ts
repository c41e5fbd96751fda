import { ChurnMcpError } from '../../../errors.ts';
import { quoted } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import type { DateOrder } from '../import-request.ts';
import {
  type DateProblem,
  type DateShape,
  dateShapeSchema,
  type OpenDates,
  type ShortYearReading,
  shortYearReadingSchema,
} from './date-decision.ts';

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
