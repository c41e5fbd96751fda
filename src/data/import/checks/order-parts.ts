import { z } from 'zod';
import { loadSql } from '../../load-sql.ts';
import type { ImportContext } from '../import-context.ts';
import { readRow } from '../staging/relations.ts';

const partsSchema = z.object({
  orders: z.coerce.number(),
  repeated: z.coerce.number(),
  of_parts: z.coerce.number(),
});

/** In a file of parts this share of the orders has several rows; fewer are corrections or errors. */
const LEAST_REPEATED = 0.1;
/** Rows of one order all have different amounts in this share of them; the same rows twice would have equal ones. */
const NEARLY_ALL = 0.9;

/**
 * Adds up the rows of an order, if the file shows that each is a part of it (a line without a product, a payment): many
 * orders stand on several rows, and these have different amounts. An order's own total would be the same on each row.
 */
export async function addUpOrderParts({ connection, decisions }: ImportContext): Promise<void> {
  const found = partsSchema.parse(await readRow(connection, 'duckdb/import/order_parts'));
  const { orders, repeated, of_parts } = found;
  const areParts = repeated > 1 && repeated >= LEAST_REPEATED * orders && of_parts >= NEARLY_ALL * repeated;
  if (!areParts) return;
  await connection.run(loadSql('duckdb/import/add_up_order_parts'));
  decisions.say(
    `${repeated} of ${orders} orders are on several rows with different amounts, so each row is a part of its order, and the amounts were added up.`,
  );
}
