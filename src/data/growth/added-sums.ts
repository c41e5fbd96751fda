import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { readCount } from '../duckdb/read-count.ts';
import { loadSql } from '../load-sql.ts';
import type { ServingTable } from '../serving-tables.ts';
import type { SqlFile } from '../sql-file.ts';

/** A serving table with sums over the rows of each product: what the rows nearby say more than before is added. */
export interface SummedTable {
  /** Its rows with the rows nearby in place of those before (`sums_before`, `sums_of_now`), and which of them must be counted anew. */
  readonly added: SqlFile;
  /** By table that its statement reads: the rows to count anew. The second may read the first. */
  readonly recounted: Readonly<Record<string, { readonly relation: string; readonly rows: SqlFile }>>;
}

export const LINES: SummedTable = {
  added: 'duckdb/refresh/added_lines',
  recounted: {
    'raw.order_items': { relation: 'lines_to_recount', rows: 'duckdb/refresh/lines_to_recount' },
    'raw.orders': { relation: 'orders_to_recount', rows: 'duckdb/refresh/orders_to_recount' },
  },
};

export const SALES: SummedTable = {
  added: 'duckdb/refresh/added_sales',
  recounted: {
    'interactive.purchased_pairs': { relation: 'sales_to_recount', rows: 'duckdb/refresh/sales_to_recount' },
  },
};

/**
 * Makes a table of sums of the snapshot `whole` follow the rows of the small shop. Products that lost a row with their lowest or highest
 * value are counted anew. All of it is done by the one statement of the table, over fewer rows.
 */
export async function addSums(
  connection: DuckDBConnection,
  { table, file }: ServingTable,
  { added, recounted, day }: SummedTable & { readonly day: string },
): Promise<void> {
  const totals = loadSql(file);
  const keep = (name: string, text: string, values: string[] = []) =>
    connection.run(`create or replace temp table ${name} as ${text}`, values);
  for (const [database, name] of [
    ['earlier', 'sums_before'],
    ['next', 'sums_of_now'],
  ] as const) {
    await connection.run(`use ${database}`);
    await keep(name, totals, [day]);
  }
  await connection.run('use whole');
  await keep('added_sums', loadSql(added));
  let recount = totals;
  // Most refreshes leave nothing to count, and then no rows are looked through.
  const isNeeded = (await readCount(connection, 'select count(*) from added_sums where must_recount')) > 0;
  for (const [read, { relation, rows }] of Object.entries(isNeeded ? recounted : {})) {
    await keep(relation, loadSql(rows));
    recount = recount.replaceAll(read, relation);
  }
  if (isNeeded) await keep('recounted_sums', recount, [day]);
  else await keep('recounted_sums', 'select * exclude (must_recount) from added_sums where false');
  await connection.run(
    `create or replace table whole.interactive.${table} as ${loadSql('duckdb/refresh/sums_now')} order by all`,
  );
}
