/** A shop as its owner has it: files to import. Rows that arrive would take the place of the demo shop, so it is written out first. */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { homeLayout } from '../../src/data/home-layout.ts';

export const LAST_DAY = '2026-01-31';

const FILES = {
  '--orders': 'orders',
  '--order-items': 'order_items',
  '--customers': 'customers',
  '--products': 'product_catalog',
} as const;

/** @returns the flags of `import` that name the files */
export async function writeShop(folder: string, customers: number): Promise<string[]> {
  const home = join(folder, 'demo');
  const { snapshotId } = await createDemoShop({ home, customers, seed: 42, asOf: LAST_DAY });
  const instance = await DuckDBInstance.create(homeLayout(home).snapshot(snapshotId), {
    access_mode: 'READ_ONLY',
  });
  const connection = await instance.connect();
  const flags: string[] = [];
  for (const [flag, table] of Object.entries(FILES)) {
    const file = join(folder, `${table}.parquet`);
    await connection.run(`copy raw.${table} to '${file}' (format parquet)`);
    flags.push(flag, file);
  }
  connection.closeSync();
  instance.closeSync();
  return flags;
}
