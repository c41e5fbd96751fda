import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { readCount } from '../duckdb/read-count.ts';
import { ROW_ORDER } from '../shop-tables.ts';

/** A table of a snapshot whose rows change. */
export interface ChangingTable {
  /** With its schema. */
  readonly table: string;
  /** Rows with the same values here are replaced together. */
  readonly unit: readonly string[];
  readonly sortedBy: string;
  /** Rows that were read with their places in the table (`place`), by which they are deleted: then none has to be looked for. */
  readonly placed?: string;
}

export const RAW_LINES: ChangingTable = {
  table: 'raw.order_items',
  unit: ['order_id'],
  sortedBy: ROW_ORDER.order_items,
  placed: 'earlier.renewed_lines',
};

/** The other tables of schema `raw`. */
export const RAW_TABLES: readonly ChangingTable[] = [
  { table: 'raw.orders', unit: ['order_id'], sortedBy: ROW_ORDER.orders, placed: 'earlier.nearby_orders' },
  { table: 'raw.customers', unit: ['customer_id'], sortedBy: ROW_ORDER.customers },
  { table: 'raw.product_catalog', unit: ['product_id'], sortedBy: ROW_ORDER.product_catalog },
  { table: 'raw.charges', unit: ['order_id'], sortedBy: 'all' },
  { table: 'raw.refunds', unit: ['customer_id'], sortedBy: 'all' },
  { table: 'raw.refund_parts', unit: ['order_id'], sortedBy: 'all' },
  { table: 'raw.order_numbers', unit: ['order_id'], sortedBy: 'order_id' },
  { table: 'raw.persons', unit: ['customer_id'], sortedBy: ROW_ORDER.customers },
  { table: 'raw.customer_attributes', unit: ['customer_id'], sortedBy: 'attribute, value, customer_id' },
];

/**
 * Makes the rows of the snapshot `whole` those of the small shop `next`, as far as they differ from what the small shop was before,
 * `earlier`. Rows that stay as they are keep their place.
 *
 * @returns how many rows were put at the end
 */
export async function changeRows(connection: DuckDBConnection, changing: ChangingTable): Promise<number> {
  await findChangedUnits(connection, changing);
  return await changeUnits(connection, changing);
}

/** The same for units that are known to have changed, as `changed_units`. */
export async function changeUnits(
  connection: DuckDBConnection,
  { table, unit, sortedBy, placed }: ChangingTable,
): Promise<number> {
  const isChanged = isIn('changed_units', unit);
  const before = `select count(*) from earlier.${table} as t where ${isChanged}`;
  if ((await readCount(connection, before)) > 0) {
    const isGone =
      placed === undefined ? isChanged : `rowid in (select place from ${placed} as t where ${isChanged})`;
    await connection.run(`delete from whole.${table} as t where ${isGone}`);
  }
  return await append(
    connection,
    table,
    `select * from next.${table} as t where ${isChanged} order by ${sortedBy}`,
  );
}

/**
 * The units of which any row came, went or changed, as `changed_units`: the sums of the hashes of their rows differ, which are
 * compared in a quarter of the time that the rows take.
 */
async function findChangedUnits(connection: DuckDBConnection, { table, unit }: ChangingTable): Promise<void> {
  const key = unit.join(', ');
  const hashed = (database: string, sign: 1 | -1) =>
    `select ${key}, ${sign} as sign, cast(hash(t) as hugeint) * ${sign} as signed_hash from ${database}.${table} as t`;
  await connection.run(`
    create or replace temp table changed_units as
    select ${key}
    from (${hashed('next', 1)} union all ${hashed('earlier', -1)})
    group by ${key}
    having sum(sign) <> 0 or sum(signed_hash) <> 0`);
}

/** Replaces the rows of the nearby customers by those of the small shop. @returns as `changeRows` does */
export async function replaceRowsOfCustomers(connection: DuckDBConnection, table: string): Promise<number> {
  const isNearby = isIn('nearby_customers', ['customer_id']);
  await connection.run(`delete from whole.${table} as t where ${isNearby}`);
  return await append(connection, table, `select * from next.${table} order by all`);
}

/** The rows of the log, by their key. */
export async function changeLogRows(
  connection: DuckDBConnection,
  kinds: readonly { readonly kind: string; readonly key: string }[],
): Promise<void> {
  await connection.run('create schema if not exists whole.ingest');
  for (const { kind, key } of kinds) {
    await connection.run(
      `create table if not exists whole.ingest.${kind} as select * from next.ingest.${kind} where false`,
    );
    const isNew = `${key} in (select ${key} from log_new_${kind})`;
    if ((await readCount(connection, `select count(*) from log_earlier_${kind} where ${isNew}`)) > 0) {
      await connection.run(`delete from whole.ingest.${kind} where ${isNew}`);
    }
    await connection.run(
      `insert into whole.ingest.${kind} by name select * from log_new_${kind} order by ${key}`,
    );
  }
}

/** Copies a small table of the small shop as it is. */
export async function replaceTable(connection: DuckDBConnection, table: string): Promise<void> {
  await connection.run(`create or replace table whole.${table} as select * from next.${table}`);
}

function isIn(relation: string, unit: readonly string[]): string {
  const isSame = unit.map((column) => `u.${column} = t.${column}`).join(' and ');
  return `exists (select 1 from ${relation} as u where ${isSame})`;
}

async function append(connection: DuckDBConnection, table: string, rows: string): Promise<number> {
  const result = await connection.run(`insert into whole.${table} by name ${rows}`);
  return result.rowsChanged;
}
