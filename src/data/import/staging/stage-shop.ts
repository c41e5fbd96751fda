import { join } from 'node:path';
import { throwIfAborted } from '../../../errors.ts';
import { attachUnfinished, type DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import type { ShopTable } from '../../shop-tables.ts';
import { IMPORT_FIELDS } from '../columns/import-fields.ts';
import type { MatchedFile, ShopFiles } from '../columns/shop-files.ts';
import type { ImportContext } from '../import-context.ts';
import { isTakenAsTyped } from '../values/typed-column.ts';
import { stageFile } from './stage-file.ts';
import type { StagedFile, StagedTable } from './staged-file.ts';

/** The staged files and rows by table; a table without a file has none. */
export type StagedShop = Readonly<Record<ShopTable, StagedTable>>;

/**
 * Makes the rows of all files readable as they are, one relation `staging.<table>` per shop table: `row_number`, which
 * counts on over the files of a table, one column per field, and`attributes`, a list.
 */
export async function stageShop(context: ImportContext, shop: ShopFiles): Promise<StagedShop> {
  const { connection, workFolder, signal } = context;
  await prepareStaging(connection, workFolder);
  const stage = async (table: ShopTable): Promise<StagedTable> => {
    const matched = shop.files.filter((file) => file.table === table);
    const typedFields = typedFieldsOf(table, matched);
    const files: StagedFile[] = [];
    for (const [index, file] of matched.entries()) {
      throwIfAborted(signal);
      const rowsBefore = files.reduce((sum, { rows }) => sum + rows, 0);
      files.push(await stageFile(context, { ...file, fileNumber: index + 1, rowsBefore, typedFields }));
    }
    await joinFiles(connection, table, files);
    return { table, files };
  };
  return {
    orders: await stage('orders'),
    order_items: await stage('order_items'),
    product_catalog: await stage('product_catalog'),
    customers: await stage('customers'),
  };
}

/** Staged rows are in a separate database file, because dropped tables would leave holes in the snapshot. */
async function prepareStaging(connection: DuckDBConnection, workFolder: string): Promise<void> {
  await connection.run("set time zone 'UTC'");
  await attachUnfinished(connection, join(workFolder, 'staging.duckdb'), 'staging');
  await connection.run(loadSql('duckdb/import/create_bad_lines'));
  await connection.run(loadSql('duckdb/import/create_no_records'));
  await connection.run(loadSql('duckdb/import/create_files'));
  await connection.run(loadSql('duckdb/import/macro_summary_words'));
  await connection.run(loadSql('duckdb/import/macro_says_summary'));
  await connection.run(loadSql('duckdb/import/macro_may_say_summary'));
  await connection.run(loadSql('duckdb/import/macro_begins_summary'));
  await connection.run(loadSql('duckdb/import/macro_sum_of_texts'));
}

/** Fields with the same type in all files of a table; their values need no conversion through text. */
function typedFieldsOf(table: ShopTable, files: readonly MatchedFile[]): Set<string> {
  const typed = IMPORT_FIELDS[table].filter((field) => {
    const types = new Set(files.map(({ match, types }) => types[match[field] ?? -1] ?? 'VARCHAR'));
    const [type = 'VARCHAR'] = types;
    return types.size === 1 && isTakenAsTyped(table, field, type);
  });
  return new Set(typed);
}

async function joinFiles(
  connection: DuckDBConnection,
  table: ShopTable,
  files: readonly StagedFile[],
): Promise<void> {
  const fields = IMPORT_FIELDS[table];
  const parts = files.map((file) => `select ${fieldsOf(file).join(', ')} from staging.${file.relation}`);
  const none = `select cast(null as bigint) as row_number, ${fields.map(nullField).join(', ')}, cast([] as varchar[]) as attributes where false`;
  await connection.run(
    `create view staging.${table} as ${files.length === 0 ? none : parts.join(' union all ')}`,
  );
}

/** A field that the file has no column for is a constant: the engine then works out nothing that is made of it. */
function fieldsOf({ table, match, attributeColumns }: StagedFile): string[] {
  const fields = IMPORT_FIELDS[table].map((field) => (field in match ? field : nullField(field)));
  const attributes = attributeColumns.length > 0 ? 'attributes' : 'cast([] as varchar[]) as attributes';
  return ['row_number', ...fields, attributes];
}

function nullField(field: string): string {
  return `cast(null as varchar) as ${field}`;
}
