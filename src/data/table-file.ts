import { dirname, extname } from 'node:path';
import type { DuckDBDataChunk, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import { writeWithChecksum } from '../files/checksum.ts';
import { replaceWith, writeNewFile } from '../files/durable-files.ts';
import { spreadsheetText } from '../text/spreadsheet-text.ts';
import { type DuckDBConnection, openEngine, withConnection } from './duckdb/duckdb-engine.ts';
import { quoteIdentifier, quoteLiteral } from './duckdb/sql-quoting.ts';
import type { OutputColumn } from './output-column.ts';

export const TABLE_FORMATS = ['csv', 'xlsx', 'parquet'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** The engine's vector size: it would split chunks of another size again. */
const ROWS_PER_CHUNK = 2048;

/**
 * Writes columns of equal length to a CSV, Excel or Parquet file, by its ending. The file appears complete or not at all.
 * `withChecksum` keeps its SHA-256 beside it. CSV holds as many digits of a float32 as are needed to read the same float32 back.
 *
 * @throws INVALID_ARGUMENT if the ending is none of these or a workbook cannot hold so many rows, STORAGE if the file cannot be
 * written
 */
export async function writeTable(
  table: { readonly columns: readonly OutputColumn[] },
  file: string,
  options: { readonly withChecksum?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const format = tableFormatOf(file);
  requireEqualLengths(table.columns);
  try {
    const put = options.withChecksum ? writeWithChecksum : replaceWith;
    await put(file, async (aside) => {
      await writeAs(format, table.columns, aside, options.signal);
      throwIfAborted(options.signal);
    });
  } catch (error) {
    if (error instanceof ChurnMcpError) throw error;
    throwIfAborted(options.signal);
    throw new ChurnMcpError('STORAGE', 'The output file cannot be written.', {
      hint: 'Check that its folder exists and can be written, and that the disk is not full.',
      cause: error,
    });
  }
}

async function writeAs(
  format: TableFormat,
  columns: readonly OutputColumn[],
  file: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Text in a workbook is marked as text, so no spreadsheet runs it.
  if (format === 'xlsx') {
    // Loaded only here: most processes write no workbook, and its library has very many files.
    const { workbookOf } = await import('./workbook-file.ts');
    await writeNewFile(file, await workbookOf(columns));
  } else await copyToFile(format === 'csv' ? columns.map(withoutFormulas) : columns, file, format, signal);
}

/** A spreadsheet that opens a CSV file would run a text `=…` as a formula. */
function withoutFormulas(column: OutputColumn): OutputColumn {
  const { name, values } = column;
  if (!Array.isArray(values)) return column;
  return {
    name,
    values: values.map((value) => (typeof value === 'string' ? spreadsheetText(value) : value)),
  };
}

/**
 * The format that a file's ending asks for.
 *
 * @throws INVALID_ARGUMENT if it is none of them
 */
export function tableFormatOf(file: string): TableFormat {
  const ending = extname(file).toLowerCase();
  const format = TABLE_FORMATS.find((known) => ending === `.${known}`);
  if (format !== undefined) return format;
  throw new ChurnMcpError('INVALID_ARGUMENT', 'The output file is neither CSV, Excel nor Parquet.', {
    hint: 'End its name in .csv, .xlsx or .parquet.',
  });
}

function requireEqualLengths(columns: readonly OutputColumn[]): void {
  if (columns.length > 0 && columns.every(({ values }) => values.length === columns[0]?.values.length))
    return;
  throw new ChurnMcpError(
    'INTERNAL',
    'A table to be written has no columns, or columns of different lengths.',
  );
}

async function copyToFile(
  columns: readonly OutputColumn[],
  file: string,
  format: 'csv' | 'parquet',
  signal: AbortSignal | undefined,
): Promise<void> {
  const instance = await openEngine(':memory:', { readOnly: false, spillIn: dirname(file) });
  try {
    await withConnection(instance, signal, async (connection) => {
      await connection.run('set preserve_insertion_order = true');
      await appendColumns(connection, columns, signal);
      const options = format === 'csv' ? 'format csv, header' : 'format parquet, compression zstd';
      await connection.run(`copy output to ${quoteLiteral(file)} (${options})`);
    });
  } finally {
    instance.closeSync();
  }
}

async function appendColumns(
  connection: DuckDBConnection,
  columns: readonly OutputColumn[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { BIGINT, DOUBLE, DuckDBDataChunk, FLOAT, INTEGER, VARCHAR } = await import('@duckdb/node-api');
  const typeOf = ({ values }: OutputColumn): DuckDBType => {
    if (values instanceof Float32Array) return FLOAT;
    if (values instanceof Float64Array) return DOUBLE;
    if (values instanceof Int32Array) return INTEGER;
    return values.every((value) => typeof value === 'number') ? BIGINT : VARCHAR;
  };
  const types = columns.map(typeOf);
  const declared = columns.map(({ name }, column) => `${quoteIdentifier(name)} ${types[column]}`);
  await connection.run(`create table output (${declared.join(', ')})`);
  const appender = await connection.createAppender('output');
  const rowCount = columns[0]?.values.length ?? 0;
  for (let start = 0; start < rowCount; start += ROWS_PER_CHUNK) {
    throwIfAborted(signal);
    const rows = Math.min(ROWS_PER_CHUNK, rowCount - start);
    const chunk = DuckDBDataChunk.create(types, rows);
    for (const [column, { values }] of columns.entries()) {
      fillColumn(chunk, column, valuesOf(values, start, rows, types[column] === BIGINT));
    }
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

function fillColumn(chunk: DuckDBDataChunk, column: number, values: DuckDBValue[]): void {
  chunk.setColumnValues(column, values);
}

function valuesOf(
  values: OutputColumn['values'],
  start: number,
  rows: number,
  isInteger: boolean,
): DuckDBValue[] {
  return Array.from({ length: rows }, (_, row): DuckDBValue => {
    const value = values[start + row] ?? null;
    if (isInteger && typeof value === 'number') return BigInt(value);
    // NaN stands for a missing number in typed arrays.
    return typeof value === 'number' && Number.isNaN(value) ? null : value;
  });
}
