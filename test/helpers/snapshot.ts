import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataHome } from '../../src/data/data-home.ts';
import type { DataSource, DataSummary, Id } from '../../src/data/data-source.ts';
import { buildSnapshot, type SnapshotWriter } from '../../src/data/duckdb/snapshot-builder.ts';
import type { SegmentThresholds } from '../../src/data/segment-thresholds.ts';
import { SHOP_TABLES, type ShopTable } from '../../src/data/shop-tables.ts';

export type TestRow = Readonly<Record<string, string | number | null>>;

/** Rows of the `raw` tables by their column names; columns that are left out are NULL. */
export interface TestShop {
  readonly orders: readonly (TestRow & {
    order_id: string;
    customer_id: Id;
    order_date: string;
    total_amount: number;
  })[];
  readonly orderItems?: readonly TestRow[];
  readonly products?: readonly TestRow[];
  readonly customers?: readonly TestRow[];
}

/** Tables that nobody cleaned, as a warehouse may have them. */
export type UncleanShop = Omit<TestShop, 'orders'> & { readonly orders: readonly TestRow[] };

export interface TestSnapshot extends AsyncDisposable {
  readonly home: string;
  readonly snapshotId: string;
  readonly summary: DataSummary;
  /** The snapshot, opened read-only. Closed by disposing of the whole. */
  readonly data: DataSource;
}

/** A new empty folder below the test file's own home, which is removed when the file is done. */
export function newTestHome(): Promise<string> {
  return mkdtemp(join(process.env.CHURN_MCP_HOME ?? tmpdir(), 'home-'));
}

/** Builds a real snapshot, serving tables and all, from rows: `await using shop = await makeSnapshot({orders: …})`. */
export async function makeSnapshot(
  shop: UncleanShop,
  home?: string,
  segmentThresholds?: SegmentThresholds,
): Promise<TestSnapshot> {
  const folder = home ?? (await newTestHome());
  const { snapshotId, summary } = await buildSnapshot({
    home: folder,
    segmentThresholds,
    // The shops of tests are small.
    threads: 1,
    fill: (writer) => fill(writer, shop),
  });
  const provider = openDataHome(folder);
  const data = await provider.current();
  return {
    home: folder,
    snapshotId,
    summary,
    data,
    [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose](),
  };
}

async function fill(writer: SnapshotWriter, shop: UncleanShop): Promise<void> {
  const tables: Record<ShopTable, readonly TestRow[]> = {
    customers: shop.customers ?? [],
    orders: shop.orders,
    order_items: shop.orderItems ?? [],
    product_catalog: shop.products ?? [],
  };
  const all = Object.values(tables).flat();
  await writer.createTables({ customerId: idType(all, 'customer_id'), productId: idType(all, 'product_id') });
  await insertRows(writer, 'customers', tables.customers);
  await insertRows(writer, 'orders', tables.orders);
  await insertRows(writer, 'order_items', tables.order_items);
  await insertRows(writer, 'product_catalog', tables.product_catalog);
}

function idType(rows: readonly TestRow[], column: string): 'integer' | 'text' {
  const ids = rows.flatMap((row) => row[column] ?? []);
  return ids.every((id) => /^(0|[1-9]\d{0,14})$/.test(String(id))) ? 'integer' : 'text';
}

/** All values travel as text in one JSON array, and take the type of the column they are inserted into. */
async function insertRows(writer: SnapshotWriter, table: ShopTable, rows: readonly TestRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(SHOP_TABLES[table]);
  const unknown = rows.flatMap((row) => Object.keys(row)).find((name) => !columns.includes(name));
  if (unknown !== undefined) throw new Error(`raw.${table} has no column ${unknown}`);
  const shape = JSON.stringify([Object.fromEntries(columns.map((name) => [name, 'VARCHAR']))]);
  await writer.connection.run(
    `insert into raw.${table} by name select unnest(from_json(?, '${shape}'), recursive := true)`,
    [JSON.stringify(rows)],
  );
}
