import type { ImportContext } from '../import-context.ts';
import { createTable } from '../staging/relations.ts';
import type { StagedShop } from '../staging/stage-shop.ts';
import type { CheckedTable } from './checked-table.ts';

/** Gives each customer, as `staging.checked_customers`, its values and the reason why it cannot be used. */
export async function checkCustomers(
  { connection }: ImportContext,
  { customers }: StagedShop,
): Promise<CheckedTable> {
  const rows = customers.files.length === 0 ? 'duckdb/import/no_customers' : 'duckdb/import/customers';
  await createTable(connection, 'checked_customers', rows);
  return { table: 'customers', keptRows: 'duckdb/import/final_customers' };
}
