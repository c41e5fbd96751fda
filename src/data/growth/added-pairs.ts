import type { DataSummary } from '../data-source.ts';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { readCount } from '../duckdb/read-count.ts';
import { createServingTable } from '../duckdb/serving-table.ts';
import { loadSql } from '../load-sql.ts';
import type { ServingTable } from '../serving-tables.ts';
import type { SqlFile } from '../sql-file.ts';

/** No order is later than this day; the last of those before may be later than the last of those now. */
export const LAST_DAY = '9999-12-31';

/** What tells rows of the table apart. */
export const PAIR = ['customer_id', 'product_id'] as const;

/**
 * Makes the pairs of the nearby customers, in the small shop `next`, from what they were and from the lines that the import read: so
 * no other line has to be looked for. What those lines said is taken away, and what they say now is added. A pair that lost its first
 * or last order is counted anew, by the one statement of the table. Leaves which pairs that is about as `changed_units`.
 */
export async function addPairs(
  connection: DuckDBConnection,
  serving: ServingTable,
  now: DataSummary,
): Promise<void> {
  const pairs = loadSql(serving.file);
  const keep = (name: string, text: string, values: string[] = []) =>
    connection.run(`create or replace temp table ${name} as ${text}`, values);
  await connection.run('use earlier');
  await keep('pairs_before', pairs, [LAST_DAY]);
  await connection.run('use next');
  await keep('pairs_of_now', pairs, [LAST_DAY]);
  await keep('changed_units', unionOf('pairs_before', 'pairs_of_now'));
  await keep('added_pairs', loadSql('duckdb/refresh/added_pairs'));
  const toRecount = await readCount(connection, 'select count(*) from added_pairs where must_recount');
  if (toRecount > 0) {
    for (const [relation, rows] of RECOUNTED) await keep(relation, loadSql(rows));
    const recount = pairs
      .replaceAll('raw.order_items', 'lines_to_recount')
      .replaceAll('raw.orders', 'orders_to_recount');
    await keep('recounted_pairs', recount, [LAST_DAY]);
  } else {
    await keep('recounted_pairs', 'select * exclude (must_recount) from added_pairs where false');
  }
  await keep('pairs_now', loadSql('duckdb/refresh/pairs_now'));
  await createServingTable(
    connection,
    { ...serving, file: 'duckdb/refresh/nearby_pairs', bindsNothing: true },
    now,
  );
}

/** The second reads the first. */
const RECOUNTED: readonly (readonly [string, SqlFile])[] = [
  ['orders_to_recount', 'duckdb/refresh/orders_of_recounted_pairs'],
  ['lines_to_recount', 'duckdb/refresh/lines_of_recounted_pairs'],
];

function unionOf(...relations: readonly string[]): string {
  return relations.map((relation) => `select ${PAIR.join(', ')} from ${relation}`).join(' union ');
}
