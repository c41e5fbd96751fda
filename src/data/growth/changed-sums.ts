import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { contentSums, type ShopSums, sumsOfEach } from '../duckdb/fingerprint.ts';

/** The sums of the shop's tables with the rows of the small shop `next` in place of those that it had, `earlier`. */
export async function changedSums(connection: DuckDBConnection, before: ShopSums): Promise<ShopSums> {
  return await sumsOfEach(async (table) => {
    const gone = await contentSums(connection, table, `earlier.raw.${table}`);
    const came = await contentSums(connection, table, `next.raw.${table}`);
    return {
      rows: before[table].rows - gone.rows + came.rows,
      first: before[table].first - gone.first + came.first,
      second: before[table].second - gone.second + came.second,
    };
  });
}
