import { didYouMean } from '../../../did-you-mean.ts';
import { ChurnMcpError } from '../../../errors.ts';
import { quoted, quotedList } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { readCount } from '../../duckdb/read-count.ts';
import { cellName } from '../../feature-table/table-cells.ts';
import { loadSql } from '../../load-sql.ts';
import { listFiles } from '../files/file-list.ts';
import type { FileColumns } from '../files/file-reader.ts';
import {
  columnSql,
  columnsOfOneValue,
  describeColumns,
  readerPath,
  readerSql,
  reading,
} from '../files/file-reader.ts';
import { openSource } from '../files/open-source.ts';
import type { SourceFile, Workshop } from '../files/source-file.ts';
import { createTableMacros } from './table-macros.ts';

/** A file of customers, read as text into the table `staged`: `row_number`, and `c0` … for its columns. */
export interface StagedTable {
  readonly fileName: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Lines that are no rows: too few or too many columns, or an unclosed quote. */
  readonly badLines: number;
}

/** Reads a CSV, TSV, NDJSON or Parquet file; cells are trimmed, and empty ones are null. */
export async function stageTable(
  connection: DuckDBConnection,
  path: string,
  workshop: Workshop,
): Promise<StagedTable> {
  await createTableMacros(connection);
  const file = await onlySource(path, workshop);
  const described = columnsOfOneValue(await describeColumns(connection, file));
  const { columns } = described;
  const badLines = await readCellsOf(connection, file, described);
  const rows = await readCount(connection, loadSql('duckdb/table/staged_count'));
  return { fileName: file.name, columns, rows, badLines };
}

/** A table of customers is one file, and of a workbook one sheet. */
async function onlySource(path: string, workshop: Workshop): Promise<SourceFile> {
  const sources: SourceFile[] = [];
  for (const file of await listFiles(path)) sources.push(...(await openSource(file, workshop)));
  const [only, other] = sources;
  if (only !== undefined && other === undefined) return only;
  const names = sources.map(({ name }) => name);
  throw new ChurnMcpError('IMPORT_REFUSED', `There is more than one table: ${quotedList(names)}.`, {
    hint: 'Give one file with one row per customer; of a workbook, name the sheet: book.xlsx#Customers.',
  });
}

/** Reads all columns of a file as trimmed text into the table `staged`; returns how many lines are no rows. */
async function readCellsOf(
  connection: DuckDBConnection,
  file: SourceFile,
  described: FileColumns,
): Promise<number> {
  const positions = described.columns.map((_, column) => column);
  const cells = positions.map(
    (column) =>
      `nullif(trim(cast(${columnSql(file, described, column)} as varchar)), '') as ${cellName(column)}`,
  );
  await connection.run('set preserve_insertion_order = true');
  await reading(file, () =>
    connection.run(
      `create table staged as select row_number() over () as row_number, ${cells.join(', ')} from ${readerSql(file, described, positions)}`,
      [readerPath(file)],
    ),
  );
  if (file.format !== 'csv') return 0;
  return readCount(connection, loadSql('duckdb/table/reject_count'));
}

/** The position of a named column; upper and lower case do not matter if only one column fits. */
export function placeOf({ fileName, columns }: StagedTable, name: string): number {
  const exact = columns.indexOf(name);
  if (exact >= 0) return exact;
  const alike = columns.flatMap((column, i) => (column.toLowerCase() === name.toLowerCase() ? [i] : []));
  if (alike.length === 1) return alike[0];
  throw new ChurnMcpError('IMPORT_REFUSED', `The file ${quoted(fileName)} has no column ${quoted(name)}.`, {
    hint: `${didYouMean(name, columns)}Its columns are: ${quotedList(columns)}.`,
  });
}

/**
 * Takes the rows away that are sums: their id is nothing but a word for one (Total, Summe, 合計), or they have no id and
 * begin with such a word. Returns the words.
 */
export async function setSumsAside(
  connection: DuckDBConnection,
  { columns }: StagedTable,
  idCell: string,
): Promise<string[]> {
  const firstFilled = firstFilledSql(columns, idCell);
  const isSum = `coalesce(says_summary(${firstFilled}), false)`;
  const found = await connection.runAndReadAll(
    `select ${firstFilled} from staged where ${isSum} order by row_number`,
  );
  const words = found.getRowsJson().map(([word]) => String(word));
  if (words.length > 0) await connection.run(`delete from staged where ${isSum}`);
  return words;
}

/** Takes the blank rows away. */
export async function dropBlankRows(connection: DuckDBConnection, { columns }: StagedTable): Promise<void> {
  await connection.run(`delete from staged where ${firstFilledSql(columns)} is null`);
}

/** The SQL for the first cell of a row that is filled, after those of `first`. */
function firstFilledSql(columns: readonly string[], ...first: readonly string[]): string {
  return `coalesce(${[...first, ...columns.map((_, at) => cellName(at)), 'null'].join(', ')})`;
}

/** Refuses ids that occur in several rows: they would make two customers of one, or one of two. */
export async function refuseRepeatedIds(connection: DuckDBConnection, idCell: string): Promise<void> {
  await connection.run(`create or replace temp view staged_ids as select ${idCell} as value from staged`);
  const result = await connection.runAndReadAll(loadSql('duckdb/table/repeated_ids'));
  const ids = result.getRowsJson().map(([id]) => String(id));
  if (ids.length === 0) return;
  const more = ids.length > 3 ? ' and more' : '';
  throw new ChurnMcpError(
    'IMPORT_REFUSED',
    `Some ids occur in more than one row: ${quotedList(ids.slice(0, 3))}${more}.`,
    { hint: 'Keep one row per customer, or name the column with the customer’s id: --id COLUMN.' },
  );
}
