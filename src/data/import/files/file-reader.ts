import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { messageOf } from '../../duckdb/duckdb-errors.ts';
import { quoteIdentifier, quoteLiteral } from '../../duckdb/sql-quoting.ts';
import { refuse, type SourceFile } from './source-file.ts';

/** A line may hold a megabyte of text; beyond this it is no line of a shop's file. */
const MAX_LINE_BYTES = 4_000_000;

/** The names of a file's columns, in order, and the type of each as the engine names it. */
export interface FileColumns {
  readonly columns: readonly string[];
  readonly types: readonly string[];
}

/** The columns of a file. What is not Parquet is read as text, whatever it holds. */
export async function describeColumns(connection: DuckDBConnection, file: SourceFile): Promise<FileColumns> {
  if (file.format === 'csv') {
    return { columns: file.head.columns, types: file.head.columns.map(() => 'VARCHAR') };
  }
  const result = await reading(file, () =>
    connection.runAndReadAll(`describe from ${readerSql(file, [])}`, [readerPath(file)]),
  );
  const described = result.getRowObjectsJson();
  return {
    columns: described.map((row) => String(row.column_name)),
    types: described.map((row) => (file.format === 'parquet' ? String(row.column_type) : 'VARCHAR')),
  };
}

/** How a statement names a column of a file: names of a CSV file never become part of one. */
export function columnSql(file: SourceFile, name: string, position: number): string {
  return file.format === 'csv' ? `c${position}` : quoteIdentifier(name);
}

/**
 * What reads a file's rows, with the path as the one bound value. `used` are the columns wanted, for formats that ask.
 */
export function readerSql(file: SourceFile, used: readonly string[]): string {
  if (file.format === 'parquet') return 'read_parquet(?)';
  if (file.format === 'csv') return csvReaderSql(file);
  const format = file.format === 'ndjson' ? 'newline_delimited' : 'array';
  // Without `columns` the engine finds the names; with them it gives each value as the text that stands there.
  const asText = used.map((name) => `${quoteIdentifier(name)}: 'VARCHAR'`);
  const columns =
    used.length > 0 ? `columns = {${asText.join(', ')}}` : 'maximum_depth = 1, sample_size = 100000';
  return `read_json(?, format = '${format}', ${columns}, ignore_errors = ${format === 'newline_delimited'},
      compression = '${file.compressed ? 'gzip' : 'uncompressed'}')`;
}

function csvReaderSql(file: SourceFile & { format: 'csv' }): string {
  const columns = file.head.columns.map((_, column) => `'c${column}': 'VARCHAR'`);
  return `read_csv(?, auto_detect = false, header = true, delim = ${quoteLiteral(file.head.delimiter)}, quote = '"',
    escape = '"', columns = {${columns.join(', ')}}, encoding = '${file.encoding}',
    compression = '${file.compressed ? 'gzip' : 'none'}',
    store_rejects = true, rejects_limit = 0, max_line_size = ${MAX_LINE_BYTES})`;
}

/** A path is one file, not a pattern: the engine would expand `orders[1].csv`. */
export function readerPath({ path }: SourceFile): string {
  return path.replace(/[*?[]/g, '[$&]');
}

/** Runs a statement that reads a file; what the engine cannot read is the file's fault, unless the machine's. */
export async function reading<Result>(file: SourceFile, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const isOfMachine = /^(INTERRUPT|Out of Memory)|no space left|could not write|failed to offload/i.test(
      messageOf(error),
    );
    if (isOfMachine) throw error;
    throw refuse(
      file.name,
      'cannot be read',
      'Check that it is a complete CSV, TSV, NDJSON or Parquet file.',
      error,
    );
  }
}
