import { dirname, extname } from 'node:path';
import type { DuckDBAppender, DuckDBDataChunk, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import { writeWithChecksum } from '../files/checksum.ts';
import { replaceWith, writeNewFile } from '../files/durable-files.ts';
import { spreadsheetText } from '../text/spreadsheet-text.ts';
import { type DuckDBConnection, openEngine, withConnection } from './duckdb/duckdb-engine.ts';
import { loadDuckDB } from './duckdb/load-duckdb.ts';
import { quoteIdentifier, quoteLiteral } from './duckdb/sql-quoting.ts';
import type { OutputColumn } from './output-column.ts';

export const TABLE_FORMATS = ['csv', 'xlsx', 'parquet'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** The engine's vector size: it would split chunks of another size again. */
const ROWS_PER_CHUNK = 2048;
/** Rows that come in parts may be any number, so they wait for the file on disk beyond this. */
const MOST_MEMORY_BYTES = 256 * 2 ** 20;

/** Columns of equal length, or the same columns again and again, some rows after others. */
export type WritableTable =
  | { readonly columns: readonly OutputColumn[] }
  | { readonly parts: AsyncIterable<readonly OutputColumn[]> };

/**
 * Writes a table to a CSV, Excel or Parquet file, by its ending. The file appears complete or not at all. `withChecksum` keeps
 * its SHA-256 beside it. CSV holds as many digits of a float32 as are needed to read the same float32 back. Of parts, the first
 * that has rows tells the types; memory does not grow with them, except for a workbook, which is written whole.
 *
 * @throws INVALID_ARGUMENT if the ending is none of these or a workbook cannot hold so many rows, STORAGE if the file cannot be
 * written
 */
export async function writeTable(
  table: WritableTable,
  file: string,
  options: { readonly withChecksum?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const format = tableFormatOf(file);
  if ('columns' in table) requireEqualLengths(table.columns);
  try {
    const put = options.withChecksum ? writeWithChecksum : replaceWith;
    await put(file, async (aside) => {
      await writeAs(format, table, aside, options.signal);
      throwIfAborted(options.signal);
    });
  } catch (error) {
    if (error instanceof MakingFailed) throw error.cause;
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
  table: WritableTable,
  file: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Text in a workbook is marked as text, so no spreadsheet runs it.
  if (format === 'xlsx') {
    // Loaded only here: most processes write no workbook, and its library has very many files.
    const { workbookOf } = await import('./workbook-file.ts');
    await writeNewFile(file, await workbookOf(partsOf(table)));
  } else await copyToFile(table, file, format, signal);
}

async function* partsOf(table: WritableTable): AsyncGenerator<readonly OutputColumn[]> {
  if ('columns' in table) {
    yield table.columns;
    return;
  }
  try {
    yield* table.parts;
  } catch (cause) {
    throw new MakingFailed(cause);
  }
}

/** What made the parts failed, which is not the file's fault. */
class MakingFailed extends Error {
  constructor(cause: unknown) {
    super('The rows to be written could not be made.', { cause });
  }
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
  table: WritableTable,
  file: string,
  format: 'csv' | 'parquet',
  signal: AbortSignal | undefined,
): Promise<void> {
  const mostMemoryBytes = 'parts' in table ? MOST_MEMORY_BYTES : undefined;
  const instance = await openEngine(':memory:', { readOnly: false, spillIn: dirname(file), mostMemoryBytes });
  try {
    await withConnection(instance, signal, async (connection) => {
      await connection.run('set preserve_insertion_order = true');
      await appendParts(connection, partsOf(table), format, signal);
      const options = format === 'csv' ? 'format csv, header' : 'format parquet, compression zstd';
      await connection.run(`copy output to ${quoteLiteral(file)} (${options})`);
    });
  } finally {
    instance.closeSync();
  }
}

/** Makes the table `output` of all parts. */
async function appendParts(
  connection: DuckDBConnection,
  parts: AsyncIterable<readonly OutputColumn[]>,
  format: 'csv' | 'parquet',
  signal: AbortSignal | undefined,
): Promise<void> {
  let empty: readonly OutputColumn[] = [];
  let output: OutputTable | undefined;
  for await (const part of parts) {
    requireEqualLengths(part);
    const columns = format === 'csv' ? part.map(withoutFormulas) : part;
    // A part without rows tells no types.
    if (columns[0].values.length === 0) empty = columns;
    else {
      output ??= await createOutput(connection, columns);
      appendColumns(output, columns, signal);
    }
  }
  output ??= await createOutput(connection, empty);
  output.appender.closeSync();
}

interface OutputTable {
  /** Whether each column takes the engine's 64-bit integers. */
  readonly areIntegers: readonly boolean[];
  readonly appender: DuckDBAppender;
  readonly newChunk: (rows: number) => DuckDBDataChunk;
}

async function createOutput(
  connection: DuckDBConnection,
  columns: readonly OutputColumn[],
): Promise<OutputTable> {
  const { BIGINT, DOUBLE, DuckDBDataChunk, FLOAT, INTEGER, VARCHAR } = loadDuckDB();
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
  return {
    areIntegers: types.map((type) => type === BIGINT),
    appender,
    newChunk: (rows) => DuckDBDataChunk.create(types, rows),
  };
}

function appendColumns(
  { areIntegers, appender, newChunk }: OutputTable,
  columns: readonly OutputColumn[],
  signal: AbortSignal | undefined,
): void {
  const rowCount = columns[0].values.length;
  for (let start = 0; start < rowCount; start += ROWS_PER_CHUNK) {
    throwIfAborted(signal);
    const rows = Math.min(ROWS_PER_CHUNK, rowCount - start);
    const chunk = newChunk(rows);
    for (const [column, { values }] of columns.entries()) {
      fillColumn(chunk, column, valuesOf(values, start, rows, areIntegers[column]));
    }
    appender.appendDataChunk(chunk);
  }
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
