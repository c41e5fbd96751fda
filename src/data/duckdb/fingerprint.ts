import { createHash } from 'node:crypto';
import { SHOP_TABLE_NAMES, SHOP_TABLES, type ShopTable } from '../shop-tables.ts';
import type { DuckDBConnection } from './duckdb-engine.ts';

/**
 * SHA-256 over the content of the shop tables, whatever the order of rows and the format they came in.
 *
 * Each row becomes two 64-bit hashes, the second of the columns and the first, and both are summed as integers, which no
 * order of rows and no number of threads changes.
 */
export async function fingerprintOf(connection: DuckDBConnection): Promise<string> {
  const hash = createHash('sha256');
  for (const table of SHOP_TABLE_NAMES) {
    const result = await connection.runAndReadAll(contentSumsSql(table));
    hash.update(`${table}:${JSON.stringify(result.getRowsJson())}\n`);
  }
  return hash.digest('hex');
}

function contentSumsSql(table: ShopTable): string {
  const columns = Object.keys(SHOP_TABLES[table]).join(', ');
  return `
    with row_hashes as (select hash(${columns}) as first_hash, * from raw.${table})
    select
        count(*),
        sum(first_hash),
        sum(hash(first_hash, ${columns}))
    from row_hashes`;
}
