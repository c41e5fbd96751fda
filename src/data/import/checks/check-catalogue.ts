import type { ImportContext } from '../import-context.ts';
import { createTable } from '../staging/relations.ts';
import type { CheckedTable } from './checked-table.ts';

/** Gives each product, as `staging.checked_product_catalog`, its values and the reason why it cannot be used. */
export async function checkCatalogue({ connection }: ImportContext): Promise<CheckedTable> {
  await createTable(connection, 'checked_product_catalog', 'duckdb/import/product_catalog');
  return { table: 'product_catalog', keptRows: 'duckdb/import/final_product_catalog' };
}
