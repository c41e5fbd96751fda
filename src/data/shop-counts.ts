import { z } from 'zod';
import type { DataSummary } from './data-source.ts';

const count = z.coerce.number().int();

/** What a statement counts in the shop tables; dates are missing if there is no order. */
export const shopCountsSchema = z.object({
  customers: count,
  orders: count,
  order_items: count,
  products: count,
  catalog_products: count,
  categorised_products: count,
  first_order_date: z.string().nullable(),
  last_order_date: z.string().nullable(),
});
type ShopCounts = z.infer<typeof shopCountsSchema>;

/** @returns undefined if there is no order */
export function summaryOfCounts(
  counts: ShopCounts,
  more: Pick<DataSummary, 'fingerprint' | 'customerIdType' | 'productIdType' | 'segmentThresholds'>,
): DataSummary | undefined {
  const { first_order_date: firstOrderDate, last_order_date: lastOrderDate } = counts;
  if (firstOrderDate === null || lastOrderDate === null) return undefined;
  return {
    ...more,
    customers: counts.customers,
    orders: counts.orders,
    orderItems: counts.order_items,
    products: counts.products,
    hasItems: counts.order_items > 0,
    hasCatalog: counts.catalog_products > 0,
    hasCategories: counts.categorised_products > 0,
    firstOrderDate,
    lastOrderDate,
  };
}
