import { z } from 'zod';
import { quoted } from '../../../text/quoted.ts';
import { loadSql } from '../../load-sql.ts';
import type { SqlFile } from '../../sql-file.ts';
import type { ImportContext } from '../import-context.ts';
import { createTable, createView, readRow } from '../staging/relations.ts';
import { refuseConflicts } from './conflicts.ts';

const kindSchema = z.object({ kind: z.enum(['view', 'table']) });
const countsSchema = z.object({
  reused_ids: z.coerce.number(),
  example: z.string().nullable(),
  new_example: z.string().nullable(),
});

/**
 * Gives each use of an order id in the files an id of its own.
 *
 * @param reusedRows the rows of ids that are used again
 * @returns whether there are any
 * @throws IMPORT_REFUSED if two customers have one order on one day
 */
export async function findReusedOrderIds(context: ImportContext, reusedRows: SqlFile): Promise<boolean> {
  const isAny = await separateUses(context, reusedRows);
  if (isAny) await context.connection.run(loadSql('duckdb/import/insert_order_numbers'));
  return isAny;
}

/**
 * Tells the uses of order ids apart: by another customer on another day, or by somebody more than 30 days later.
 * `staging.renamed_rows` says of each row which order it is of.
 *
 * @param rows the rows of ids that may be used again
 * @returns whether any is
 * @throws IMPORT_REFUSED if two customers have one order on one day
 */
export async function separateUses(
  { connection, decisions }: ImportContext,
  rows: SqlFile,
): Promise<boolean> {
  await createTable(connection, 'reused_rows', rows);
  await createTable(connection, 'order_uses', 'duckdb/import/order_uses');
  await refuseConflicts(
    connection,
    'duckdb/import/conflicting_uses',
    'orders of more than one customer on one day',
  );
  await createTable(connection, 'renamed_rows', 'duckdb/import/renamed_rows');
  const found = countsSchema.parse(await readRow(connection, 'duckdb/import/reused_counts'));
  if (found.reused_ids === 0) return false;
  const numbers = found.reused_ids === 1 ? '1 order number is' : `${found.reused_ids} order numbers are`;
  decisions.say(
    `${numbers} used again, by another customer or more than 30 days later. Each use is an order of its own: ${quoted(found.example ?? '')} is also ${quoted(found.new_example ?? '')}.`,
  );
  return true;
}

/** Gives the lines of ids that are used again the ids of their uses. */
export async function renameLines(context: ImportContext): Promise<void> {
  await createLinesView(context, 'read_order_items', 'duckdb/import/renamed_order_items');
}

/** Puts a view in the place of the checked lines, which it reads by another name. */
export async function createLinesView(
  { connection }: ImportContext,
  name: string,
  statement: SqlFile,
): Promise<void> {
  const kind = kindSchema.parse(await readRow(connection, 'duckdb/import/kind_of_checked_lines')).kind;
  await connection.run(`alter ${kind} staging.checked_order_items rename to ${name}`);
  await createView(connection, 'checked_order_items', statement);
}

/** The same for rows of orders. */
export async function renameOrders({ connection }: ImportContext): Promise<void> {
  await connection.run(loadSql('duckdb/import/rename_orders'));
}
