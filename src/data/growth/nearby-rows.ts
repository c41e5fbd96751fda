import { z } from 'zod';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { readCount } from '../duckdb/read-count.ts';
import { quoteLiteral } from '../duckdb/sql-quoting.ts';
import { createTemporary } from '../import/log-rows.ts';
import type { SmallShop } from '../import/small-shop.ts';
import { readRow } from '../import/staging/relations.ts';
import { loadSql } from '../load-sql.ts';
import type { SqlFile } from '../sql-file.ts';
import type { Connections } from './two-connections.ts';

/** What the rows of a table that new rows can change have in common. */
const OF_CUSTOMER = 'customer_id in (select customer_id from nearby_customers)';
const OF_CUSTOMER_AS_TEXT =
  'customer_id in (select cast(nearby_customers.customer_id as varchar) from nearby_customers)';
const OF_ORDER = 'order_id in (select orders.order_id from earlier.raw.orders)';
const OF_TOUCHED_ORDER = 'order_id in (select log_touched_orders.order_id from log_touched_orders)';

const NEARBY = {
  'raw.refunds': OF_CUSTOMER_AS_TEXT,
  'raw.customers': OF_CUSTOMER,
  'raw.customer_attributes': OF_CUSTOMER,
  'raw.persons': 'customer_id in (select log_told_customers.customer_id from log_told_customers)',
  'raw.product_catalog': 'true',
  'raw.currency': 'true',
} as const;

/** Tables with rows of orders, beside their lines. */
const OF_ORDERS = ['raw.charges', 'raw.refund_parts', 'raw.order_numbers'];

const NEARBY_OF_LOG = {
  'ingest.orders': OF_TOUCHED_ORDER,
  'ingest.order_items': OF_TOUCHED_ORDER,
  'ingest.returns': OF_TOUCHED_ORDER,
  'ingest.customers': 'customer_id in (select log_new_customers.customer_id from log_new_customers)',
  'ingest.products': 'product_id in (select log_new_products.product_id from log_new_products)',
  'ingest.position': 'true',
} as const;

/** The statements that say what new rows are near to. */
export interface Nearness {
  /** The customers' ids that new rows name, as `log_told_customers`. */
  readonly told: SqlFile;
  /** The nearby orders whose lines an import of the new rows reads, as `renewed_orders`. */
  readonly renewed: SqlFile;
}

/** Finds the customers whose rows new rows can change, as `nearby_customers`. */
export async function findNearbyCustomers(
  connection: DuckDBConnection,
  { told }: Pick<Nearness, 'told'>,
): Promise<void> {
  const type = await readCount(
    connection,
    "select count(*) from duckdb_columns() where database_name = 'earlier' and schema_name = 'raw' and table_name = 'orders' and column_name = 'customer_id' and data_type = 'BIGINT'",
  );
  const id = type === 0 ? 't' : 'try_cast(t as bigint)';
  await connection.run(`create temp macro shop_customer_id(t) as ${id}`);
  await createTemporary(connection, 'log_told_customers', told);
  await createTemporary(connection, 'nearby_customers', 'duckdb/refresh/nearby_customers');
}

/**
 * Puts a small shop in the place of the attached snapshot `earlier`: all rows of the customers whose rows
 * new rows can change, and nothing of the others. An import that adds to it makes of these rows what it would make of them in the whole shop, because an
 * order meets only orders of its number, and what is given back only orders of its customer.
 *
 * @returns how many orders these customers have
 */
export async function takeNearbyRows(
  connection: DuckDBConnection,
  { current, hasLog, renewed }: TakenRows,
): Promise<number> {
  await connection.run('detach earlier');
  await connection.run(`attach ${quoteLiteral(current)} as current (read_only)`);
  await connection.run("attach ':memory:' as earlier");
  for (const schema of ['raw', 'interactive', 'ingest']) {
    await connection.run(`create schema earlier.${schema}`);
  }
  const take = (table: string, condition: string) =>
    connection.run(`create table earlier.${table} as select * from current.${table} where ${condition}`);
  const ofAll = { ...NEARBY, ...(hasLog ? NEARBY_OF_LOG : {}) };
  for (const [table, condition] of Object.entries(ofAll)) await take(table, condition);
  await takeOrders(connection, renewed);
  for (const table of OF_ORDERS) await take(table, OF_ORDER);
  return await readCount(connection, 'select count(*) from earlier.nearby_orders');
}

interface TakenRows extends Pick<Nearness, 'renewed'> {
  /** The snapshot's file. */
  readonly current: string;
  /** Whether new rows are of the log, and the snapshot holds some. */
  readonly hasLog: boolean;
}

const rowsBesideSchema = z.object({
  orders: z.coerce.number(),
  order_items: z.coerce.number(),
  customers: z.coerce.number(),
  product_catalog: z.coerce.number(),
});

/** How many rows of the previous snapshot no import reads. */
export async function countRowsBeside(
  connection: DuckDBConnection,
): ReturnType<SmallShop['countRowsBeside']> {
  return rowsBesideSchema.parse(await readRow(connection, 'duckdb/refresh/rows_beside'));
}

/** Of all orders, with their places, those for the import that new rows can change. The others stay as they are. */
async function takeOrders(connection: DuckDBConnection, renewed: SqlFile): Promise<void> {
  await connection.run(
    `create table earlier.nearby_orders as select rowid as place, * from current.raw.orders where ${OF_CUSTOMER}`,
  );
  await createTemporary(connection, 'renewed_orders', renewed);
  await connection.run(`create table earlier.raw.orders as ${loadSql('duckdb/refresh/orders_to_meet')}`);
}

/**
 * Takes the other orders of the customers who get something back, once an import knows them: it takes refunds off any of
 * their orders.
 */
export async function bringOrdersOfRefunds(connection: DuckDBConnection): Promise<void> {
  const brought = await connection.run(loadSql('duckdb/refresh/insert_orders_of_refunds'));
  if (brought.rowsChanged === 0) return;
  for (const table of OF_ORDERS) {
    await connection.run(
      `insert into earlier.${table}
        select * from current.${table} as t
        where ${OF_ORDER} and not exists (select 1 from earlier.${table} as e where e.order_id = t.order_id)`,
    );
  }
  await connection.run(loadSql('duckdb/import/insert_staying_orders'));
  await connection.run(loadSql('duckdb/refresh/insert_order_numbers_of_refunds'));
}

/** Adds orders that stay to the small shop that the import made, for tables that have to read all orders of a customer; their lines are in `nearby_lines`. */
export async function addStayingOrders(connection: DuckDBConnection): Promise<void> {
  await connection.run(`insert into next.raw.orders by name ${loadSql('duckdb/refresh/orders_that_stay')}`);
  await connection.run(`create temp view nearby_lines as ${loadSql('duckdb/refresh/nearby_lines')}`);
}

/**
 * Takes lines of orders that new rows are about, with their places; the others stay as they are. An import reads them after it has
 * checked the new rows, so they may be taken beside that.
 */
export async function takeLines({ connection, beside }: Connections): Promise<void> {
  for (const table of ['nearby_customers', 'renewed_orders']) {
    await connection.run(`create table earlier.${table} as select * from ${table}`);
    await beside.run(`create temp view ${table} as select * from earlier.${table}`);
  }
  await beside.run(
    'create table earlier.renewed_lines as select rowid as place, * from current.raw.order_items where order_id in (select renewed_orders.order_id from renewed_orders)',
  );
  await beside.run(
    'create table earlier.raw.order_items as select * exclude (place) from earlier.renewed_lines',
  );
}

/** Takes what serving tables say of the nearby customers, and the lines that stay: no import reads them. */
export async function takeNearbySums(beside: DuckDBConnection): Promise<void> {
  for (const table of ['purchased_pairs', 'customer_months']) {
    await beside.run(
      `create table earlier.nearby_${table} as select rowid as place, * from current.interactive.${table} where ${OF_CUSTOMER}`,
    );
    await beside.run(
      `create view earlier.interactive.${table} as select * exclude (place) from earlier.main.nearby_${table}`,
    );
  }
  await createTemporary(beside, 'orders_with_staying_lines', 'duckdb/refresh/orders_with_staying_lines');
  await beside.run(
    `create table earlier.staying_lines as
      select order_id, product_id, quantity, line_total from current.raw.order_items
      where order_id in (select orders_with_staying_lines.order_id from orders_with_staying_lines)`,
  );
}

/** Gives back the memory of the small shop. */
export async function dropSmallShop(connection: DuckDBConnection): Promise<void> {
  for (const database of ['next', 'earlier']) await connection.run(`detach ${database}`);
}

/** Whether an import met, made or changed rows of others than the customers and orders that were taken for it. */
export async function reachesFurther(connection: DuckDBConnection): Promise<boolean> {
  const result = await connection.runAndReadAll(loadSql('duckdb/refresh/reaches_further'));
  return result.getRowsJson()[0]?.[0] !== false;
}
