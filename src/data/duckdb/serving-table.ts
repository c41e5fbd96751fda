import type { DataSummary } from '../data-source.ts';
import {
  createServingTableSql,
  type Relations,
  type ServingTable,
  servingValues,
} from '../serving-tables.ts';
import type { DuckDBConnection } from './duckdb-engine.ts';
import { messageOf } from './duckdb-errors.ts';

/**
 * Builds a serving table in the database that is in use, as of the shop's last day. Sums are narrow if all of them fit, as those of
 * nearly every shop do: then all that reads them is much faster.
 */
export async function createServingTable(
  connection: DuckDBConnection,
  table: ServingTable,
  summary: DataSummary,
  relations?: Relations,
): Promise<void> {
  const values = servingValues(table, summary.lastOrderDate, summary);
  try {
    await connection.run(createServingTableSql(table, 18, relations), values);
  } catch (error) {
    if (table.sums === undefined || !isTooWide(error)) throw error;
    await connection.run(createServingTableSql(table, 38, relations), values);
  }
}

function isTooWide(error: unknown): boolean {
  return /could not cast|out of range|conversion error/i.test(messageOf(error));
}
