import type { ImportContext } from '../import-context.ts';
import { createTable } from '../staging/relations.ts';
import type { CheckedTable } from './checked-table.ts';

/** Gives each customer, as `staging.checked_customers`, its values and the reason why it cannot be used. */
export async function checkCustomers({ connection }: ImportContext): Promise<CheckedTable> {
  await createTable(connection, 'checked_customers', 'duckdb/import/customers');
  return { table: 'customers', keptRows: 'duckdb/import/final_customers' };
}
