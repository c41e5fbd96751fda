import { z } from 'zod';
import { quoted } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import { refuseUnlessAccepted } from '../acceptable-refusal.ts';
import { type OpenQuote, scanQuotes } from '../files/quote-scan.ts';
import type { SourceFile } from '../files/source-file.ts';
import type { ImportContext } from '../import-context.ts';
import { readRow } from './relations.ts';

const badLinesSchema = z.object({ bad_lines: z.coerce.number() });

/**
 * Keeps the lines that the reader rejected, and accounts for every other line of a CSV file: before the header, the header,
 * a row, or part of a value that spans several lines.
 *
 * @returns whether each row is one line, so that the line follows from the row's number
 * @throws IMPORT_REFUSED if lines that look like rows are missing
 */
export async function accountForLines(
  context: ImportContext,
  { table, fileNumber }: { readonly table: string; readonly fileNumber: number },
  file: SourceFile & { format: 'csv' },
  rows: number,
): Promise<boolean> {
  const { connection, signal } = context;
  const bad_lines = await keepBadLines(connection, [table, fileNumber, file.head.delimiter]);
  if (file.lineCount === file.head.linesBefore + 1 + rows + bad_lines) return true;
  const { records, openQuotes } = await scanQuotes(file, file.head, signal);
  const [first] = openQuotes;
  if (first !== undefined) {
    refuseUnlessAccepted(context, 'damaged-lines', {
      message: openQuoteMessage(file.name, first, openQuotes),
      hint: `Close or remove the quote in line ${first.line}, or export the file again with quotes in values doubled.`,
    });
  } else if (bad_lines === 0 && records !== rows) {
    refuseUnlessAccepted(context, 'damaged-lines', {
      message: `The file ${quoted(file.name)} has ${records} rows, but only ${rows} could be read.`,
      hint: 'Export the file again.',
    });
  }
  return false;
}

/** Writes the lines that the reader rejected to `staging.bad_lines`, and counts them. */
async function keepBadLines(
  connection: DuckDBConnection,
  values: [table: string, fileNumber: number, delimiter: string],
): Promise<number> {
  const { bad_lines } = badLinesSchema.parse(await readRow(connection, 'duckdb/import/count_bad_lines'));
  if (bad_lines > 0) await connection.run(loadSql('duckdb/import/insert_bad_lines'), values);
  await connection.run('drop table reject_errors');
  await connection.run('drop table reject_scans');
  return bad_lines;
}

function openQuoteMessage(name: string, first: OpenQuote, all: readonly OpenQuote[]): string {
  const lines = all.reduce((sum, { swallowed }) => sum + swallowed, 0);
  const end = first.closes ? `closes ${first.swallowed} lines later` : 'never closes';
  const others = all.length > 1 ? ` There are ${all.length} such quotes, over ${lines} lines.` : '';
  return `In the file ${quoted(name)} a quote opens in line ${first.line} and ${end}, so rows between became part of one value.${others}`;
}
