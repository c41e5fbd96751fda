import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { readCount } from '../duckdb/read-count.ts';
import { loadSql } from '../load-sql.ts';
import { ROW_ORDER } from '../shop-tables.ts';

/** Tables whose reader skips what is not the customer's, because they are sorted; and their order. */
export const SORTED_TABLES = [
  { table: 'raw.orders', sortedBy: ROW_ORDER.orders },
  { table: 'raw.customers', sortedBy: ROW_ORDER.customers },
  { table: 'interactive.customer_order_analytics', sortedBy: 'all' },
  { table: 'interactive.customer_segments', sortedBy: 'all' },
  { table: 'interactive.purchased_pairs', sortedBy: 'all' },
  { table: 'interactive.customer_months', sortedBy: 'all' },
  { table: 'interactive.recommendation_customers', sortedBy: 'all' },
  { table: 'interactive.churn_features', sortedBy: 'all' },
] as const;

/** The largest share of a table's rows that may stand unsorted at its end. */
const MOST_UNSORTED = 0.2;
/** The largest file, as a multiple of the one that the last full build made. */
const LARGEST_GROWTH = 2;

/**
 * Sorts a table again if too many of its rows stand at its end. In `about.growth` the snapshot says how many stand there.
 *
 * @param appended how many rows were put there now; undefined if the table was built anew
 */
export async function sortAgain(
  connection: DuckDBConnection,
  { table, sortedBy }: (typeof SORTED_TABLES)[number],
  appended: number | undefined,
): Promise<void> {
  const earlier = await connection.runAndReadAll(loadSql('duckdb/refresh/unsorted_rows'), [table]);
  const unsorted = appended === undefined ? 0 : Number(earlier.getRowsJson()[0]?.[0] ?? 0) + appended;
  const rows = await readCount(connection, `select count(*) from whole.${table}`);
  const isMessy = unsorted > MOST_UNSORTED * rows;
  if (isMessy) {
    await connection.run(
      `create or replace table whole.${table} as select * from whole.${table} order by ${sortedBy}`,
    );
  }
  await connection.run(loadSql('duckdb/refresh/forget_unsorted_rows'), [table]);
  await connection.run(loadSql('duckdb/refresh/note_unsorted_rows'), [table, isMessy ? 0 : unsorted]);
}

/**
 * Whether the file has become so large, by what was deleted in it, that all tables have to be built anew. Notes its size when it
 * begins to grow.
 */
export async function hasOutgrown(connection: DuckDBConnection, bytes: number): Promise<boolean> {
  await connection.run(loadSql('duckdb/refresh/growth_table'));
  await connection.run(loadSql('duckdb/refresh/note_first_size'), [BigInt(bytes)]);
  const first = await readCount(connection, loadSql('duckdb/refresh/first_size'));
  return bytes > LARGEST_GROWTH * first;
}
