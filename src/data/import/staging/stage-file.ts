import { plainText } from '../../../text/plain-text.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { messageOf } from '../../duckdb/duckdb-errors.ts';
import type { ShopTable } from '../../duckdb/shop-tables.ts';
import { quoteIdentifier, quoteLiteral } from '../../duckdb/sql-quoting.ts';
import type { ColumnMatch } from '../columns/column-matcher.ts';
import { IMPORT_FIELDS } from '../columns/import-fields.ts';
import { refuse, type SourceFile } from '../files/source-file.ts';
import { isTakenAsTyped } from '../values/typed-column.ts';

/** A line may hold a megabyte of text; beyond this it is no line of a shop's file. */
const MAX_LINE_BYTES = 4_000_000;

/** Characters of a file's name that the report of an import shows. */
const MOST_OF_NAME = 200;

/** The reader's option, and the column it adds. */
const ROW_NUMBER_OPTION = 'file_row_number';

/** The names of a file's columns, in order. */
export async function columnNamesOf(connection: DuckDBConnection, file: SourceFile): Promise<string[]> {
  if (file.format === 'csv') return [...file.head.columns];
  const result = await readFile(file, () =>
    connection.runAndReadAll(`describe from ${readerSql(file, [])}`, [readerPath(file.path)]),
  );
  return result.getRowObjectsJson().map((row) => String(row.column_name));
}

/**
 * Makes a file readable as `staging.<table>`: `row_number` (1 is the first row after the header) and one column a
 * field, NULL where the file has none. A Parquet file is a view, and keeps the numbers and dates that it has as such;
 * any other file is read into a table, all values as text. Rows that are no rows (too few or too many columns, an open
 * quote) go to `staging.bad_lines`.
 *
 * @returns which of the two it is
 */
export async function stageFile(
  connection: DuckDBConnection,
  table: ShopTable,
  file: SourceFile,
  columns: readonly string[],
  match: ColumnMatch,
): Promise<'view' | 'table'> {
  // A Parquet reader knows where a row stands, on all threads; elsewhere rows are counted as they come.
  const isView =
    file.format === 'parquet' && !columns.some((name) => name.toLowerCase() === ROW_NUMBER_OPTION);
  if (isView) await viewFile(connection, table, file, columns, match);
  else await readIntoTable(connection, table, file, columns, match);
  if (file.format === 'csv') await keepBadLines(connection, table);
  const lineCount = file.format === 'csv' ? (file.lineCount ?? null) : null;
  // One line a row: header, good rows and damaged lines make up the whole file.
  await connection.run(
    `insert into staging.files
     select
         cast(? as varchar),
         cast(? as varchar),
         coalesce(
             cast(? as bigint) = 1 + (select count(*) from staging.${table})
             + (select count(*) from staging.bad_lines where file_table = '${table}'),
             false
         )`,
    [table, plainText(file.name, MOST_OF_NAME), lineCount],
  );
  return isView ? 'view' : 'table';
}

/** A view takes no bound value, so the path is part of its text. */
async function viewFile(
  connection: DuckDBConnection,
  table: ShopTable,
  file: SourceFile,
  columns: readonly string[],
  match: ColumnMatch,
): Promise<void> {
  const reader = `read_parquet(${quoteLiteral(readerPath(file.path))}, ${ROW_NUMBER_OPTION} = true)`;
  await readFile(file, async () => {
    const described = await connection.runAndReadAll(`describe from ${reader}`);
    const types = described.getRowObjectsJson().map((row) => String(row.column_type));
    const fields = IMPORT_FIELDS[table].map((field) => {
      const column = match[field];
      if (column === undefined) return `cast(null as varchar) as ${field}`;
      const name = quoteIdentifier(columns[column] ?? '');
      return isTakenAsTyped(table, field, types[column] ?? '')
        ? `${name} as ${field}`
        : `cast(${name} as varchar) as ${field}`;
    });
    await connection.run(
      `create view staging.${table} as select ${ROW_NUMBER_OPTION} + 1 as row_number, ${fields.join(', ')} from ${reader}`,
    );
  });
}

async function readIntoTable(
  connection: DuckDBConnection,
  table: ShopTable,
  file: SourceFile,
  columns: readonly string[],
  match: ColumnMatch,
): Promise<void> {
  const fields = IMPORT_FIELDS[table].map((field) => {
    const column = match[field];
    if (column === undefined) return `cast(null as varchar) as ${field}`;
    const name = file.format === 'csv' ? `c${column}` : quoteIdentifier(columns[column] ?? '');
    return `cast(${name} as varchar) as ${field}`;
  });
  const used = Object.values(match).map((column) => columns[column] ?? '');
  await connection.run('set preserve_insertion_order = true');
  await readFile(file, () =>
    connection.run(
      `create table staging.${table} as select row_number() over () as row_number, ${fields.join(', ')} from ${readerSql(file, used)}`,
      [readerPath(file.path)],
    ),
  );
  await connection.run('set preserve_insertion_order = false');
}

/** The rows of `staging.<table>` with every value as text, as `staging.<table>_as_text`: what the rejects file shows. */
export async function createTextView(connection: DuckDBConnection, table: ShopTable): Promise<void> {
  const fields = IMPORT_FIELDS[table].map((field) => `cast(${field} as varchar) as ${field}`);
  await connection.run(
    `create view staging.${table}_as_text as select row_number, ${fields.join(', ')} from staging.${table}`,
  );
}

/**
 * Reads all columns of a file as trimmed text into the table `staged`: `row_number` and one column each, named by
 * `nameOf`; an empty cell is null. Returns the number of lines that are no rows.
 */
export async function stageEveryColumn(
  connection: DuckDBConnection,
  file: SourceFile,
  columns: readonly string[],
  nameOf: (column: number) => string,
): Promise<number> {
  const cells = columns.map((name, column) => {
    const source = file.format === 'csv' ? `c${column}` : quoteIdentifier(name);
    return `nullif(trim(cast(${source} as varchar)), '') as ${nameOf(column)}`;
  });
  await connection.run('set preserve_insertion_order = true');
  await readFile(file, () =>
    connection.run(
      `create table staged as select row_number() over () as row_number, ${cells.join(', ')}
       from ${readerSql(file, columns)}`,
      [readerPath(file.path)],
    ),
  );
  if (file.format !== 'csv') return 0;
  const rejects = await connection.runAndReadAll('select count(distinct line) from reject_errors');
  return Number(rejects.getRowsJson()[0]?.[0] ?? 0);
}

/** What to read, with the path as the one bound value; `used` are the columns wanted, for formats that ask. CSV columns are c0, c1, …: no name of the file is needed. */
function readerSql(file: SourceFile, used: readonly string[]): string {
  if (file.format === 'parquet') return 'read_parquet(?)';
  if (file.format !== 'csv') {
    const format = file.format === 'ndjson' ? 'newline_delimited' : 'array';
    // Without `columns` the engine finds the names; with them it gives each value as the text that stands there.
    const asText = used.map((name) => `${quoteIdentifier(name)}: 'VARCHAR'`);
    const columns =
      used.length > 0 ? `columns = {${asText.join(', ')}}` : 'maximum_depth = 1, sample_size = 100000';
    return `read_json(?, format = '${format}', ${columns}, ignore_errors = ${format === 'newline_delimited'},
      compression = '${file.compressed ? 'gzip' : 'uncompressed'}')`;
  }
  const columns = file.head.columns.map((_, column) => `'c${column}': 'VARCHAR'`);
  return `read_csv(?, auto_detect = false, header = true, delim = ${quoteLiteral(file.head.delimiter)}, quote = '"',
    escape = '"', columns = {${columns.join(', ')}}, encoding = '${file.encoding}',
    compression = '${file.compressed ? 'gzip' : 'none'}',
    store_rejects = true, rejects_limit = 0, max_line_size = ${MAX_LINE_BYTES})`;
}

/** A path is one file, not a pattern: the engine would expand `orders[1].csv`. */
function readerPath(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

async function readFile<Result>(file: SourceFile, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (
      /^(INTERRUPT|Out of Memory)|no space left|could not write|failed to offload/i.test(messageOf(error))
    ) {
      throw error;
    }
    throw refuse(
      file.name,
      'cannot be read',
      'Check that it is a complete CSV, TSV, NDJSON or Parquet file.',
      error,
    );
  }
}

async function keepBadLines(connection: DuckDBConnection, table: ShopTable): Promise<void> {
  await connection.run(
    `insert into staging.bad_lines
     select '${table}', line, min(error_type), min(left(csv_line, 2000)) from reject_errors group by line`,
  );
  await connection.run('drop table reject_errors');
  await connection.run('drop table reject_scans');
}
