import type { DataSummary } from '../data-source.ts';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { createServingTable } from '../duckdb/serving-table.ts';
import { loadSql } from '../load-sql.ts';
import type { ServingTable } from '../serving-tables.ts';
import { addUp, keep, type SummedTable } from './added-sums.ts';

/** No order is later than this day; the last of those before may be later than the last of those now. */
export const LAST_DAY = '9999-12-31';

/** What tells rows of the table apart. */
export const PAIR = ['customer_id', 'product_id'] as const;

const PAIRS: SummedTable = {
  added: 'duckdb/refresh/added_pairs',
  recounted: {
    'raw.orders': { relation: 'orders_to_recount', rows: 'duckdb/refresh/orders_of_recounted_pairs' },
    'raw.order_items': { relation: 'lines_to_recount', rows: 'duckdb/refresh/lines_of_recounted_pairs' },
  },
};

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
  await addUp(connection, {
    ...PAIRS,
    name: 'pairs',
    text: loadSql(serving.file),
    day: LAST_DAY,
    where: 'next',
  });
  await keep(connection, 'changed_units', unionOf('pairs_before', 'pairs_of_now'));
  await keep(connection, 'pairs_now', loadSql('duckdb/refresh/pairs_now'));
  await createServingTable(
    connection,
    { ...serving, file: 'duckdb/refresh/nearby_pairs', bindsNothing: true },
    now,
  );
}

function unionOf(...relations: readonly string[]): string {
  return relations.map((relation) => `select ${PAIR.join(', ')} from ${relation}`).join(' union ');
}
