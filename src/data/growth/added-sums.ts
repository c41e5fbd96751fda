import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { readCount } from '../duckdb/read-count.ts';
import { loadSql } from '../load-sql.ts';
import type { ServingTable } from '../serving-tables.ts';
import type { SqlFile } from '../sql-file.ts';

/** A serving table with sums over rows: what the rows nearby say more than before is added. */
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

/** Sums that are to follow changed rows. */
export interface Addition extends SummedTable {
  /** What its relations are called. */
  readonly name: 'sums' | 'pairs';
  /** The statement of the table, and the day that it binds. */
  readonly text: string;
  readonly day: string;
  /** Where what it reads is whole: rows are counted anew there. */
  readonly where: 'whole' | 'next';
}

const MACROS = [
  'duckdb/refresh/macro_changed_sum',
  'duckdb/refresh/macro_lost_lowest',
  'duckdb/refresh/macro_lost_highest',
] as const;

/**
 * Sums up what the small shop said before (`sums_before`) and says now (`sums_of_now`), puts the one in the place of the other
 * (`added_sums`), and counts anew what lost a row with its lowest or highest value (`recounted_sums`). All of it is done by the one
 * statement of the table, over fewer rows. The database is `where` when it ends.
 */
export async function addUp(
  connection: DuckDBConnection,
  { name, text, day, where, added, recounted }: Addition,
): Promise<void> {
  for (const macro of MACROS) await connection.run(loadSql(macro));
  await connection.run('use earlier');
  await keep(connection, `${name}_before`, text, [day]);
  await connection.run('use next');
  await keep(connection, `${name}_of_now`, text, [day]);
  await connection.run(`use ${where}`);
  await keep(connection, `added_${name}`, loadSql(added));
  const toRecount = await readCount(connection, `select count(*) from added_${name} where must_recount`);
  // Most refreshes leave nothing to count, and then no rows are looked through.
  if (toRecount === 0) {
    await keep(
      connection,
      `recounted_${name}`,
      `select * exclude (must_recount) from added_${name} where false`,
    );
    return;
  }
  let recount = text;
  for (const [read, { relation, rows }] of Object.entries(recounted)) {
    await keep(connection, relation, loadSql(rows));
    recount = recount.replaceAll(read, relation);
  }
  await keep(connection, `recounted_${name}`, recount, [day]);
}

/** Keeps the rows of a statement in the place of those that the name had. */
export async function keep(
  connection: DuckDBConnection,
  name: string,
  text: string,
  values: string[] = [],
): Promise<void> {
  await connection.run(`create or replace temp table ${name} as ${text}`, values);
}

/** Makes a table of sums of the snapshot `whole` follow the rows of the small shop. */
export async function addSums(
  connection: DuckDBConnection,
  { table, file }: ServingTable,
  { day, ...summed }: SummedTable & { readonly day: string },
): Promise<void> {
  await addUp(connection, { ...summed, name: 'sums', text: loadSql(file), day, where: 'whole' });
  await connection.run(
    `create or replace table whole.interactive.${table} as ${loadSql('duckdb/refresh/sums_now')} order by all`,
  );
}
