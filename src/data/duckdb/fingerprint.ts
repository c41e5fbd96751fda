import { createHash } from 'node:crypto';
import type { DuckDBConnection } from './duckdb-engine.ts';
import { SHOP_TABLE_NAMES, SHOP_TABLES, type ShopTable } from './shop-tables.ts';

/**
 * SHA-256 over the content of the shop tables, whatever the order of rows and the format they came in.
 *
 * Each row becomes one text (columns apart by a character that imported text cannot hold), each text an MD5; the
 * two halves of the MD5s are summed as integers, which no order of rows and no number of threads changes.
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
  const columns = Object.keys(SHOP_TABLES[table]).map(
    (name) => `coalesce(cast(${name} as varchar), chr(30))`,
  );
  return `
    with row_texts as (select ${columns.join(' || chr(31) || ')} as row_text from raw.${table})
    select
        count(*),
        sum(md5_number_lower(row_text)),
        sum(md5_number_upper(row_text))
    from row_texts`;
}
