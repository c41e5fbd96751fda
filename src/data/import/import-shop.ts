import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import type { ProgressListener } from '../../progress.ts';
import { quotedList } from '../../text/quoted.ts';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { type IdTypes, SHOP_TABLE_NAMES, type ShopTable } from '../duckdb/shop-tables.ts';
import { buildSnapshot, type SnapshotWriter } from '../duckdb/snapshot-builder.ts';
import { quoteLiteral } from '../duckdb/sql-quoting.ts';
import { homeLayout } from '../home-layout.ts';
import { loadSql } from '../load-sql.ts';
import { IMPORT_FIELDS } from './columns/import-fields.ts';
import { type ReadFile, type ShopFiles, understandFiles } from './columns/shop-files.ts';
import { inspectFile, requireUnchanged } from './files/source-file.ts';
import { rejectRows, reportTables } from './import-outcome.ts';
import type { ImportOptions, ImportReport, ImportRequest, TableReport } from './import-report.ts';
import { columnNamesOf, createTextView, stageFile } from './staging/stage-file.ts';
import { createValueMacros } from './values/value-macros.ts';

/** Clocks differ, and pre-orders exist; an order more than a year ahead is a typing error. */
const DAYS_AHEAD = 366;

/**
 * Imports a shop's files as the next snapshot. Files are read as text or as the types they have, then every column gets one way of
 * reading, every row is used or rejected with a reason, and ids get one type over all tables.
 *
 * @throws IMPORT_REFUSED where the files cannot be used as they are, STORAGE where the home cannot be written,
 * CANCELLED on abort. In each case the data that was current stays so.
 */
export async function importShop(request: ImportRequest, options: ImportOptions): Promise<ImportReport> {
  const { home, signal } = options;
  const progress = phases(options.onProgress);
  let outcome: { tables: TableReport[]; notes: readonly string[]; rejects: string | undefined } | undefined;
  const { snapshotId, summary } = await buildSnapshot({
    home,
    ...(signal === undefined ? {} : { signal }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    fill: async (writer) => {
      await prepareStaging(writer);
      progress('reading', 'Reading the files');
      const shop = understandFiles(await readFiles(writer.connection, request, signal), request);
      const stages = await stageFiles(writer.connection, shop);
      throwIfAborted(signal);
      progress('checking', 'Checking every row');
      const distinct = await checkRows(writer.connection, shop, request, stages);
      throwIfAborted(signal);
      progress('writing', 'Writing the shop tables');
      await writeShopTables(writer, distinct);
      const tables = await reportTables(writer.connection, shop);
      requireOrders(tables);
      const rejects = await rejectRows(writer.connection, join(writer.workFolder, 'rejects.csv'), tables);
      for (const { file } of shop.files) await requireUnchanged(file);
      outcome = { tables, notes: shop.notes, rejects };
    },
    beforeFlip: async (id) => {
      if (outcome?.rejects !== undefined) await rename(outcome.rejects, homeLayout(home).rejectsOf(id));
    },
  });
  if (outcome === undefined) throw new ChurnMcpError('INTERNAL', 'The import ended without a report.');
  return {
    snapshotId,
    summary,
    tables: outcome.tables,
    notes: outcome.notes,
    ...(outcome.rejects === undefined ? {} : { rejectsFile: homeLayout(home).rejectsOf(snapshotId) }),
  };
}

function phases(onProgress: ProgressListener | undefined): (phase: string, message: string) => void {
  return (phase, message) => onProgress?.({ phase, done: 0, total: 1, message });
}

/** The rows as read live in a file of their own: dropped tables would leave holes in the snapshot. */
async function prepareStaging({ connection, workFolder }: SnapshotWriter): Promise<void> {
  await connection.run("set time zone 'UTC'");
  await connection.run(`attach ${quoteLiteral(join(workFolder, 'staging.duckdb'))} as staging`);
  await connection.run(
    'create table staging.bad_lines (file_table varchar, line bigint, error_type varchar, content varchar)',
  );
  await connection.run(
    'create table staging.files (file_table varchar, file_name varchar, has_one_line_rows boolean)',
  );
  for (const table of SHOP_TABLE_NAMES) {
    const fields = IMPORT_FIELDS[table].map((field) => `${field} varchar`);
    await connection.run(`create table staging.${table} (row_number bigint, ${fields.join(', ')})`);
  }
}

async function readFiles(
  connection: DuckDBConnection,
  request: ImportRequest,
  signal: AbortSignal | undefined,
): Promise<ReadFile[]> {
  const paths: [ShopTable, string | undefined][] = [
    ['orders', request.orders],
    ['order_items', request.orderItems],
    ['product_catalog', request.products],
    ['customers', request.customers],
  ];
  if (request.orders === undefined && request.orderItems === undefined) {
    throw new ChurnMcpError('IMPORT_REFUSED', 'No file with orders was given.', {
      hint: 'Name one with --orders FILE, or a file of order lines with --order-items FILE.',
    });
  }
  const files: ReadFile[] = [];
  for (const [table, path] of paths) {
    if (path === undefined) continue;
    const file = await inspectFile(path, signal);
    files.push({ table, file, columns: await columnNamesOf(connection, file) });
  }
  return files;
}

/** Which staged tables are views of their file, and which were read into tables. */
type Stages = ReadonlyMap<ShopTable, 'view' | 'table'>;

async function stageFiles(connection: DuckDBConnection, shop: ShopFiles): Promise<Stages> {
  const stages = new Map<ShopTable, 'view' | 'table'>();
  for (const { table, file, columns, match } of shop.files) {
    await connection.run(`drop table staging.${table}`);
    const stage = await stageFile(connection, table, file, columns, match);
    stages.set(table, stage);
    await dropIdDecimals(connection, table, stage);
  }
  for (const table of SHOP_TABLE_NAMES) await createTextView(connection, table);
  return stages;
}

const decimalIdsSchema = z.object({ with_decimals: z.coerce.number() });
const otherIdsSchema = z.object({ others: z.coerce.number() });

/** Tools that know no integer column with gaps write the id 13085 as `13085.0`; then the whole column looks so. */
async function dropIdDecimals(
  connection: DuckDBConnection,
  table: ShopTable,
  stage: 'view' | 'table',
): Promise<void> {
  const fields = IMPORT_FIELDS[table].filter((name) => name.endsWith('_id'));
  const endings = await connection.runAndReadAll(
    `select ${fields.map((field) => `count_if(${field} like '%.0') as ${field}`).join(', ')} from staging.${table}`,
  );
  const row = endings.getRowObjectsJson()[0] ?? {};
  for (const field of fields) {
    const { with_decimals } = decimalIdsSchema.parse({ with_decimals: row[field] });
    if (with_decimals === 0) continue;
    const result = await connection.runAndReadAll(
      `select count_if(not regexp_full_match(trim(${field}), '\\d+(\\.0)?|')) as others from staging.${table}`,
    );
    if (otherIdsSchema.parse(result.getRowObjectsJson()[0]).others > 0) continue;
    const withoutDecimals = `regexp_replace(trim(${field}), '\\.0$', '')`;
    if (stage === 'table') {
      await connection.run(`update staging.${table} set ${field} = ${withoutDecimals}`);
      continue;
    }
    const before = `${table}_before_${field}`;
    await connection.run(`alter view staging.${table} rename to ${before}`);
    await connection.run(
      `create view staging.${table} as select * replace (${withoutDecimals} as ${field}) from staging.${before}`,
    );
  }
}

/** Whether ids are known to stand on one row each, so that no row has to be compared with any other. */
interface DistinctIds {
  readonly orders: boolean;
  readonly lines: boolean;
}

async function checkRows(
  connection: DuckDBConnection,
  shop: ShopFiles,
  request: ImportRequest,
  stages: Stages,
): Promise<DistinctIds> {
  const staged = shop.files.map(({ table }) => table);
  await createValueMacros(connection, staged, request.dateFormat);
  const lastPossibleDate = new Date(Date.now() + DAYS_AHEAD * 86_400_000).toISOString().slice(0, 10);
  const make = (table: string, statement: string, values: (string | boolean)[] = []) =>
    connection.run(`create table staging.${table} as ${loadSql(`duckdb/import/${statement}`)}`, values);
  const makeView = (view: string, statement: string) =>
    connection.run(`create view staging.${view} as ${loadSql(`duckdb/import/${statement}`)}`);

  // Reading and checking typed lines again takes less than writing them down.
  if (stages.get('order_items') === 'view') await makeView('checked_order_items', 'order_items');
  else await make('checked_order_items', 'order_items');
  if (shop.derivesOrders) {
    await make('checked_orders', 'orders_from_items', [lastPossibleDate]);
    await refuseConflicts(connection, 'conflicting_customers_of_orders', 'orders of more than one customer');
  } else {
    await make('checked_orders', 'orders', [lastPossibleDate, shop.derivesOrderIds, shop.withoutAmounts]);
  }
  const orders = await haveDistinctIds(connection, 'distinct_order_ids');
  if (!orders && !shop.derivesOrders) {
    await refuseConflicts(connection, 'conflicting_orders', 'orders that occur twice with different content');
  }
  const lines =
    (await haveDistinctIds(connection, 'order_item_ids_of_all_rows')) ||
    (await haveDistinctIds(connection, 'order_item_ids'));
  if (!lines) {
    await refuseConflicts(
      connection,
      'conflicting_order_items',
      'order lines that occur twice with different content',
    );
  }
  if (orders) await makeView('order_states', 'states_of_distinct_orders');
  else await make('order_states', 'order_states');
  await make('checked_customers', 'customers');
  await make('checked_product_catalog', 'product_catalog');
  await makeView('resolved_order_items', 'resolved_order_items');
  return { orders, lines };
}

const distinctSchema = z.object({ all_distinct: z.boolean() });

async function haveDistinctIds(connection: DuckDBConnection, statement: string): Promise<boolean> {
  const result = await connection.runAndReadAll(loadSql(`duckdb/import/${statement}`));
  return distinctSchema.parse(result.getRowObjectsJson()[0]).all_distinct;
}

async function refuseConflicts(connection: DuckDBConnection, statement: string, what: string): Promise<void> {
  const result = await connection.runAndReadAll(loadSql(`duckdb/import/${statement}`));
  const ids = result.getRowsJson().map(([id]) => String(id));
  if (ids.length === 0) return;
  const more = ids.length > 3 ? ' and more' : '';
  throw new ChurnMcpError('IMPORT_REFUSED', `There are ${what}: ${quotedList(ids.slice(0, 3))}${more}.`, {
    hint: 'Keep one row of each in the file, or say which column is the id with --map FIELD=COLUMN.',
  });
}

function requireOrders(tables: readonly TableReport[]): void {
  const orders = tables.find(({ table }) => table === 'orders');
  if (orders !== undefined && orders.rowsKept > 0) return;
  const rejected = tables
    .filter(({ table }) => table === 'orders' || table === 'order_items')
    .flatMap((table) => table.rejected)
    .map(({ reason, count }) => `${reason} (${count})`);
  const why = rejected.length > 0 ? `: ${rejected.slice(0, 5).join(', ')}` : ', the file has no rows';
  throw new ChurnMcpError('IMPORT_REFUSED', `Not one order can be used${why}.`, {
    hint: 'Check that the columns are the right ones; name them with --map FIELD=COLUMN.',
  });
}

const idTypesSchema = z.object({ text_customer_ids: z.coerce.number(), text_product_ids: z.coerce.number() });

async function writeShopTables(
  { connection, createTables }: SnapshotWriter,
  distinct: DistinctIds,
): Promise<void> {
  await createTables(await idTypes(connection));
  // Rows are written sorted, so that the file does not depend on the order they were read in.
  await connection.run('set preserve_insertion_order = true');
  const insert = (table: ShopTable, statement: string) =>
    connection.run(`insert into raw.${table} by name ${loadSql(`duckdb/import/${statement}`)}`);
  await insert('orders', distinct.orders ? 'final_distinct_orders' : 'final_orders');
  await insert('order_items', distinct.lines ? 'final_distinct_order_items' : 'final_order_items');
  await insert('customers', 'final_customers');
  await insert('product_catalog', 'final_product_catalog');
  await connection.run('set preserve_insertion_order = false');
}

async function idTypes(connection: DuckDBConnection): Promise<IdTypes> {
  const read = async (statement: string): Promise<IdTypes> => {
    const result = await connection.runAndReadAll(loadSql(`duckdb/import/${statement}`));
    const ids = idTypesSchema.parse(result.getRowObjectsJson()[0]);
    return {
      customerId: ids.text_customer_ids === 0 ? 'integer' : 'text',
      productId: ids.text_product_ids === 0 ? 'integer' : 'text',
    };
  };
  // Where all ids are integers, so are those of the usable rows, and nobody has to find out which these are.
  const ofAllRows = await read('id_types_of_all_rows');
  if (ofAllRows.customerId === 'integer' && ofAllRows.productId === 'integer') return ofAllRows;
  return read('id_types');
}
