import { z } from 'zod';
import { quoted } from '../../../text/quoted.ts';
import { loadSql } from '../../load-sql.ts';
import type { SqlFile } from '../../sql-file.ts';
import type { ImportContext } from '../import-context.ts';
import { createTable, readRow } from '../staging/relations.ts';
import { refuseConflicts } from './conflicts.ts';

const countsSchema = z.object({
  reused_ids: z.coerce.number(),
  example: z.string().nullable(),
  new_example: z.string().nullable(),
});

/**
 * Gives each use of an order id a name of its own, if another customer uses the id on another day, or somebody more than
 * 30 days later: `staging.renamed_rows` says of each row of such an id which order it is of.
 *
 * @param reusedRows the rows of these ids
 * @returns whether there are any
 * @throws IMPORT_REFUSED if two customers have one order on one day
 */
export async function findReusedOrderIds(
  { connection, decisions }: ImportContext,
  reusedRows: SqlFile,
): Promise<boolean> {
  await createTable(connection, 'reused_rows', reusedRows);
  await createTable(connection, 'order_uses', 'duckdb/import/order_uses');
  const found = countsSchema.parse(await readRow(connection, 'duckdb/import/reused_counts'));
  if (found.reused_ids === 0) return false;
  await refuseConflicts(
    connection,
    'duckdb/import/conflicting_uses',
    'orders of more than one customer on one day',
  );
  await createTable(connection, 'renamed_rows', 'duckdb/import/renamed_rows');
  const numbers = found.reused_ids === 1 ? '1 order number is' : `${found.reused_ids} order numbers are`;
  decisions.say(
    `${numbers} used again, by another customer or more than 30 days later. Each use is an order of its own: ${quoted(found.example ?? '')} is also ${quoted(found.new_example ?? '')}.`,
  );
  return true;
}

/** Gives the lines of ids that are used again the ids of their uses. */
export async function renameLines({ connection }: ImportContext, kind: 'view' | 'table'): Promise<void> {
  await connection.run(`alter ${kind} staging.checked_order_items rename to read_order_items`);
  await connection.run(
    `create view staging.checked_order_items as ${loadSql('duckdb/import/renamed_order_items')}`,
  );
}

/** The same for rows of orders. */
export async function renameOrders({ connection }: ImportContext): Promise<void> {
  await connection.run(loadSql('duckdb/import/rename_orders'));
}
