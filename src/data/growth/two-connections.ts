import { throwIfAborted } from '../../errors.ts';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { SERVING_TABLES, type ServingTable, servingTable } from '../serving-tables.ts';
import { followChanges, LINE_TOTALS, type ServingChange } from './serving-changes.ts';

/** Statements that do not read each other's tables run on two connections, because most of them keep one core busy. */
export interface Connections {
  readonly connection: DuckDBConnection;
  readonly beside: DuckDBConnection;
}

/** Waits for both, also if one fails. @throws the first error */
export async function bothOf<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return await Promise.all([one, other]);
}

/** Tables that follow side by side, first these, then those that read them, in build order. */
const FIRST = ['customer_segments', 'purchased_pairs', 'recommendation_customers'];
const BESIDE_FIRST = ['customer_order_analytics', 'customer_months'];
const BESIDE_OTHERS = ['observed_baskets', 'common_buyers', 'product_neighbors'];

export interface FollowAll extends Pick<ServingChange, 'before' | 'now'> {
  readonly signal: AbortSignal | undefined;
  /** Gets how many rows were put at the end of each table. */
  readonly appended: Map<string, number | undefined>;
}

/** Lets all serving tables follow but the totals of lines, which have followed before. */
export async function followAll(
  { connection, beside }: Connections,
  { before, now, signal, appended }: FollowAll,
): Promise<void> {
  const follow = async (on: DuckDBConnection, tables: readonly ServingTable[]) => {
    for (const serving of tables) {
      throwIfAborted(signal);
      const rows = await followChanges({ connection: on, before, now }, serving);
      appended.set(`interactive.${serving.table}`, rows);
    }
  };
  const named = (names: readonly string[]) => names.map(servingTable);
  const others = SERVING_TABLES.filter(
    (serving) =>
      serving !== LINE_TOTALS && ![...FIRST, ...BESIDE_FIRST, ...BESIDE_OTHERS].includes(serving.table),
  );
  await bothOf(follow(connection, named(FIRST)), follow(beside, named(BESIDE_FIRST)));
  await bothOf(follow(connection, others), follow(beside, named(BESIDE_OTHERS)));
}
