import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SHOP_TABLE_NAMES, SHOP_TABLES, type ShopTable } from '../shop-tables.ts';
import type { DuckDBConnection } from './duckdb-engine.ts';

/**
 * Each row becomes two 64-bit hashes, the second of the columns and the first, and both are summed as integers, which no
 * order of rows and no number of threads changes. Rows that are added or taken away change the sums by their own.
 */
export interface ContentSums {
  readonly rows: bigint;
  readonly first: bigint;
  readonly second: bigint;
}

export type ShopSums = Readonly<Record<ShopTable, ContentSums>>;

const whole = z.coerce.bigint();
const sumsSchema = z
  .tuple([whole, whole, whole])
  .transform(([rows, first, second]): ContentSums => ({ rows, first, second }));

/** SHA-256 over the content of the shop tables, whatever the order of rows and the format they came in. */
export async function fingerprintOf(connection: DuckDBConnection): Promise<string> {
  return fingerprintOfSums(await shopSums(connection));
}

export function fingerprintOfSums(sums: ShopSums): string {
  const hash = createHash('sha256');
  for (const table of SHOP_TABLE_NAMES) {
    const { rows, first, second } = sums[table];
    // The sum of no rows is null.
    const told = [`${rows}`, ...[first, second].map((sum) => (rows === 0n ? null : `${sum}`))];
    hash.update(`${table}:${JSON.stringify([told])}\n`);
  }
  return hash.digest('hex');
}

/** The sums of the shop tables in schema `raw`. */
export async function shopSums(connection: DuckDBConnection): Promise<ShopSums> {
  return sumsOfEach((table) => contentSums(connection, table, `raw.${table}`));
}

/** The sums of rows of a shop table. */
export async function contentSums(
  connection: DuckDBConnection,
  table: ShopTable,
  relation: string,
): Promise<ContentSums> {
  const columns = Object.keys(SHOP_TABLES[table]).join(', ');
  const result = await connection.runAndReadAll(`
    with row_hashes as (select hash(${columns}) as first_hash, * from ${relation})
    select
        count(*),
        coalesce(sum(first_hash), 0),
        coalesce(sum(hash(first_hash, ${columns})), 0)
    from row_hashes`);
  return sumsSchema.parse(result.getRowsJson()[0]);
}

export async function sumsOfEach(of: (table: ShopTable) => Promise<ContentSums>): Promise<ShopSums> {
  return {
    customers: await of('customers'),
    orders: await of('orders'),
    order_items: await of('order_items'),
    product_catalog: await of('product_catalog'),
  };
}
