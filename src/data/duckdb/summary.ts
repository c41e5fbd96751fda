import { z } from 'zod';
import { ChurnMcpError } from '../../errors.ts';
import type { DataSummary } from '../data-source.ts';
import { loadSql } from '../load-sql.ts';
import type { DuckDBConnection } from './duckdb-engine.ts';
import { fingerprintOf } from './fingerprint.ts';

const countsSchema = z.object({
  customers: z.coerce.number(),
  orders: z.coerce.number(),
  order_items: z.coerce.number(),
  products: z.coerce.number(),
  catalog_products: z.coerce.number(),
  categorised_products: z.coerce.number(),
  first_order_date: z.string().nullable(),
  last_order_date: z.string().nullable(),
  customer_id_type: z.string(),
  product_id_type: z.string(),
});

/** Counts and fingerprints the shop tables, and stores the result in the snapshot as `about.summary`. */
export async function summarise(connection: DuckDBConnection): Promise<DataSummary> {
  const result = await connection.runAndReadAll(loadSql('duckdb/snapshot/summary'));
  const counts = countsSchema.parse(result.getRowObjectsJson()[0]);
  if (counts.first_order_date === null || counts.last_order_date === null) {
    throw new ChurnMcpError('IMPORT_REFUSED', 'There is no usable order.');
  }
  const summary: DataSummary = {
    fingerprint: await fingerprintOf(connection),
    customers: counts.customers,
    orders: counts.orders,
    orderItems: counts.order_items,
    products: counts.products,
    hasItems: counts.order_items > 0,
    hasCatalog: counts.catalog_products > 0,
    hasCategories: counts.categorised_products > 0,
    firstOrderDate: counts.first_order_date,
    lastOrderDate: counts.last_order_date,
    customerIdType: counts.customer_id_type === 'BIGINT' ? 'integer' : 'text',
    productIdType: counts.product_id_type === 'BIGINT' ? 'integer' : 'text',
  };
  await connection.run('create schema about');
  await connection.run('create table about.summary as select cast(? as varchar) as summary', [
    JSON.stringify(summary),
  ]);
  return summary;
}
