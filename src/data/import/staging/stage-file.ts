import { plainText } from '../../../text/plain-text.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { readCount } from '../../duckdb/read-count.ts';
import { quoteIdentifier, quoteLiteral } from '../../duckdb/sql-quoting.ts';
import { loadSql } from '../../load-sql.ts';
import { IMPORT_FIELDS } from '../columns/import-fields.ts';
import type { MatchedFile } from '../columns/shop-files.ts';
import { columnSql, readerPath, readerSql, reading } from '../files/file-reader.ts';
import type { ImportContext } from '../import-context.ts';
import { fillDownOrders } from './further-lines.ts';
import { accountForLines } from './line-account.ts';
import { moveNoRecords } from './no-records.ts';
import type { StagedFile } from './staged-file.ts';

/** Characters of a file's name that the report of an import shows. */
const MOST_OF_NAME = 200;

/** The reader's option, and the column it adds. */
const ROW_NUMBER_OPTION = 'file_row_number';

/** A file to stage after others of its table. */
export interface FileToStage extends MatchedFile {
  readonly fileNumber: number;
  readonly rowsBefore: number;
  /** Fields whose values keep the types of the file; all others are read as text. */
  readonly typedFields: ReadonlySet<string>;
}

/**
 * Makes a file readable as `staging.<relation>`. Lines that are no rows (too few or too many columns, an unclosed quote) go
 * to `staging.bad_lines`, and the facts about the file for the rejects file to `staging.files`.
 *
 * @throws IMPORT_REFUSED if lines of the file are missing among its rows without explanation
 */
export async function stageFile(context: ImportContext, file: FileToStage): Promise<StagedFile> {
  const { connection } = context;
  const relation = `${file.table}_${file.fileNumber}`;
  const kind = hasRowNumbers(file) ? 'view' : 'table';
  if (kind === 'view') await createFileView(connection, relation, file);
  else await createFileTable(connection, relation, file);
  const rows = await countRows(connection, relation);
  if (kind === 'table' && file.file.format === 'csv') {
    await moveNoRecords(connection, { ...file, relation });
    if (file.table === 'order_items') await fillDownOrders(context, { ...file, relation }, rows);
  }
  const hasOneLineRows =
    file.file.format === 'csv' && (await accountForLines(context, file, file.file, rows));
  await connection.run(loadSql('duckdb/import/insert_file'), [
    file.table,
    file.fileNumber,
    plainText(file.file.name, MOST_OF_NAME),
    file.rowsBefore,
    rows,
    file.file.format === 'csv' ? file.file.head.linesBefore : 0,
    hasOneLineRows,
  ]);
  return { ...file, relation, kind, rows };
}

/** The Parquet reader gives row numbers on all threads; in other formats rows are counted in reading order. */
function hasRowNumbers({ file, columns }: MatchedFile): boolean {
  return file.format === 'parquet' && !columns.some((name) => name.toLowerCase() === ROW_NUMBER_OPTION);
}

/** A view takes no bound value, so the path is part of its text. */
async function createFileView(
  connection: DuckDBConnection,
  relation: string,
  file: FileToStage,
): Promise<void> {
  const reader = `read_parquet(${quoteLiteral(readerPath(file.file))}, ${ROW_NUMBER_OPTION} = true)`;
  const rowNumber = `${ROW_NUMBER_OPTION} + ${file.rowsBefore + 1} as row_number`;
  await reading(file.file, () =>
    connection.run(
      `create view staging.${relation} as select ${rowNumber}, ${fieldsSql(file).join(', ')} from ${reader}`,
    ),
  );
}

async function createFileTable(
  connection: DuckDBConnection,
  relation: string,
  file: FileToStage,
): Promise<void> {
  const reader = readerSql(file.file, file, [
    ...Object.values(file.match),
    ...Object.values(file.insteadOfZero),
    ...Object.values(file.ofNegative),
    ...attributeColumnsOf(file),
  ]);
  const rowNumber = `row_number() over () + ${file.rowsBefore} as row_number`;
  await connection.run('set preserve_insertion_order = true');
  await reading(file.file, () =>
    connection.run(
      `create table staging.${relation} as select ${rowNumber}, ${fieldsSql(file).join(', ')} from ${reader}`,
      [readerPath(file.file)],
    ),
  );
  await connection.run('set preserve_insertion_order = false');
}

/** One column per field that the file has a column for, and a list of the values of the shop's attributes. */
function fieldsSql({ table, typedFields, ...file }: FileToStage): string[] {
  const fields = IMPORT_FIELDS[table].flatMap((field) => {
    const value = fieldSql(file, field);
    if (value === undefined) return [];
    return typedFields.has(field) ? `${value} as ${field}` : `cast(${value} as varchar) as ${field}`;
  });
  const attributes = file.attributeColumns.map((column) =>
    column === undefined ? 'null' : `cast(${columnSql(file.file, file, column)} as varchar)`,
  );
  return [...fields, `cast([${attributes.join(', ')}] as varchar[]) as attributes`];
}

/** The SQL for a field, which in some rows is read from another column; undefined if the file has no column for it. */
function fieldSql(
  { match, insteadOfZero, ofNegative, ...file }: Omit<FileToStage, 'table' | 'typedFields'>,
  field: string,
): string | undefined {
  const sqlOf = (column: number) => columnSql(file.file, file, column);
  const column = match[field];
  if (column === undefined) return undefined;
  const own = sqlOf(column);
  const zero = insteadOfZero[field];
  if (zero !== undefined) {
    const isZero = `not coalesce(regexp_matches(cast(${own} as varchar), '[1-9]'), false)`;
    return `case when ${isZero} then ${sqlOf(zero)} else ${own} end`;
  }
  const negative = ofNegative[field];
  if (negative === undefined || match.total_amount === undefined) return own;
  const isNegative = `regexp_matches(${sqlOf(match.total_amount)}, '^\\s*[-−(]')`;
  return `case when ${isNegative} then coalesce(nullif(trim(${sqlOf(negative)}), ''), ${own}) else ${own} end`;
}

function attributeColumnsOf({ attributeColumns }: MatchedFile): number[] {
  return attributeColumns.flatMap((column) => column ?? []);
}

function countRows(connection: DuckDBConnection, relation: string): Promise<number> {
  return readCount(connection, `select count(*) from staging.${quoteIdentifier(relation)}`);
}
