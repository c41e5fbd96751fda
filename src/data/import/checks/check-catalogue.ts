import type { ImportContext } from '../import-context.ts';
import { createTable } from '../staging/relations.ts';
import type { StagedShop } from '../staging/stage-shop.ts';
import type { CheckedTable } from './checked-table.ts';

/** Gives each product, as `staging.checked_product_catalog`, its values and the reason why it cannot be used. */
export async function checkCatalogue(
  { connection }: ImportContext,
  { product_catalog }: StagedShop,
): Promise<CheckedTable> {
  const isGiven = product_catalog.files.length > 0;
  const rows = isGiven ? 'duckdb/import/product_catalog' : 'duckdb/import/no_product_catalog';
  await createTable(connection, 'checked_product_catalog', rows);
  return { table: 'product_catalog', keptRows: 'duckdb/import/final_product_catalog' };
}
