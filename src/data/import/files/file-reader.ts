import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { messageOf } from '../../duckdb/duckdb-errors.ts';
import { quoteIdentifier, quoteLiteral } from '../../duckdb/sql-quoting.ts';
import {
  type ColumnPath,
  isSamePath,
  isWithinList,
  jsonElementsSql,
  jsonPathsOf,
  jsonValueSql,
  pathName,
  pathWithin,
} from './json-columns.ts';
import { refuseFile } from './refused-file.ts';
import type { SourceFile } from './source-file.ts';

/** Longest line: a line may hold a megabyte of text, but no real shop file has longer ones. */
const MAX_LINE_BYTES = 4_000_000;

/** The columns of a file, in order. */
export interface FileColumns {
  readonly columns: readonly string[];
  /** Types by the engine's names; all columns are text unless the file is Parquet. */
  readonly types: readonly string[];
  /** The path of each column within a row: `['customer', 'id']` in a JSON object, else its name alone. */
  readonly paths: readonly ColumnPath[];
  /** Set if the rows are the elements of this list of each object, and not the objects. */
  readonly list?: ColumnPath | undefined;
}

export async function describeColumns(connection: DuckDBConnection, file: SourceFile): Promise<FileColumns> {
  if (file.format === 'csv') return asText(file.head.columns.map((name) => [name]));
  if (file.format !== 'parquet') {
    const reader = `read_json_objects(?, ${jsonOptions(file)})`;
    return asText(await reading(file, () => jsonPathsOf(connection, reader, readerPath(file))));
  }
  const result = await reading(file, () =>
    connection.runAndReadAll('describe from read_parquet(?)', [readerPath(file)]),
  );
  const described = result.getRowObjectsJson();
  const columns = described.map((row) => String(row.column_name));
  const types = described.map((row) => String(row.column_type));
  return { columns, types, paths: columns.map((name) => [name]) };
}

function asText(paths: readonly ColumnPath[]): FileColumns {
  return { columns: paths.map(pathName), types: paths.map(() => 'VARCHAR'), paths };
}

/** The same without columns that have many values in a row. */
export function columnsOfOneValue({ columns, types, paths }: FileColumns): FileColumns {
  const isOne = (_: unknown, column: number) => !isWithinList(paths[column] ?? []);
  return { columns: columns.filter(isOne), types: types.filter(isOne), paths: paths.filter(isOne) };
}

/** The SQL for a column of a file. Names in a CSV file never become part of a statement. */
export function columnSql(file: SourceFile, { paths, list }: FileColumns, column: number): string {
  if (file.format === 'csv') return `c${column}`;
  const path = paths[column] ?? [];
  const [top, ...inner] = path;
  if (typeof top !== 'string') return 'null';
  if (list === undefined) return jsonValueSql(quoteIdentifier(top), inner);
  const ofElement = pathWithin(list, path);
  if (ofElement !== undefined) return jsonValueSql('element', ofElement);
  // A list stands for the position of the element in it.
  return isSamePath(path, list) ? 'position' : jsonValueSql(`object.${quoteIdentifier(top)}`, inner);
}

/** What reads a file's rows, with the path as the one bound value. `used` are the columns wanted, for formats that ask. */
export function readerSql(file: SourceFile, { paths, list }: FileColumns, used: readonly number[]): string {
  if (file.format === 'parquet') return 'read_parquet(?)';
  if (file.format === 'csv') return csvReaderSql(file);
  const wanted = [
    ...used.map((column) => paths[column] ?? []),
    ...(list === undefined ? [] : [[...list, '']]),
  ];
  // The value as text, and for an object or a list the values within it.
  const typeOf = new Map(
    wanted.flatMap(([top, ...inner]) =>
      typeof top === 'string' ? [[top, inner.length === 0 ? 'VARCHAR' : 'JSON'] as const] : [],
    ),
  );
  const columns = [...typeOf].map(([name, type]) => `${quoteIdentifier(name)}: '${type}'`);
  const objects = `read_json(?, ${jsonOptions(file)}, columns = {${columns.join(', ')}})`;
  return list === undefined ? objects : elementsSql(objects, list);
}

/** The elements of a list of each object, with their position in it from 1 on. */
function elementsSql(objects: string, [top, ...inner]: ColumnPath): string {
  const elements = jsonElementsSql(`object.${quoteIdentifier(String(top))}`, inner);
  return `(
    select object, unnest(elements) as element, generate_subscripts(elements, 1) as position
    from (select object, ${elements} as elements from ${objects} as object)
  )`;
}

function jsonOptions(file: SourceFile & { format: 'json' | 'ndjson' }): string {
  const isLines = file.format === 'ndjson';
  return `format = '${isLines ? 'newline_delimited' : 'array'}', ignore_errors = ${isLines}, compression = '${file.compressed ? 'gzip' : 'uncompressed'}'`;
}

function csvReaderSql(file: SourceFile & { format: 'csv' }): string {
  const columns = file.head.columns.map((_, column) => `'c${column}': 'VARCHAR'`);
  return `read_csv(?, auto_detect = false, header = true, skip = ${file.head.linesBefore},
    delim = ${quoteLiteral(file.head.delimiter)}, quote = '"', escape = '"', columns = {${columns.join(', ')}},
    encoding = 'utf-8', compression = '${file.compressed ? 'gzip' : 'none'}',
    store_rejects = true, rejects_limit = 0, max_line_size = ${MAX_LINE_BYTES})`;
}

/** A path is one file, not a pattern: the engine would expand `orders[1].csv`. */
export function readerPath({ path }: SourceFile): string {
  return path.replace(/[*?[]/g, '[$&]');
}

/** Runs a statement that reads a file. An error of the engine means a bad file, unless the machine is at fault. */
export async function reading<Result>(file: SourceFile, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const isOfMachine = /^(INTERRUPT|Out of Memory)|no space left|could not write|failed to offload/i.test(
      messageOf(error),
    );
    if (isOfMachine) throw error;
    throw refuseFile(
      file.name,
      'cannot be read',
      'Check that the file is complete, or export it again.',
      error,
    );
  }
}
