import type { ShopTable } from '../../shop-tables.ts';
import { SHOP_SYSTEMS } from '../systems/index.ts';
import { recogniseSystem } from '../systems/shop-system.ts';
import { hasColumnFor, namesLines } from './column-matcher.ts';

/** Tiers of an order's number without the vague ones (id, name), which customers and products have too. */
const TIERS_OF_ORDER_ID = 9;
const EVERY_TIER = 99;

/** The table that a sheet of a workbook or a file of an archive holds, by the names of its columns; undefined for notes, summaries and the like. */
export function tableOfSheet(columns: readonly string[]): ShopTable | undefined {
  const has = (table: ShopTable, field: string) => hasColumnFor(table, field, columns, EVERY_TIER);
  if (recogniseSystem(SHOP_SYSTEMS, 'orders', columns) !== undefined) return 'orders';
  const hasOrderId = hasColumnFor('orders', 'order_id', columns, TIERS_OF_ORDER_ID);
  const isOfLines =
    namesLines(columns) || recogniseSystem(SHOP_SYSTEMS, 'order_items', columns) !== undefined;
  if (hasOrderId && isOfLines) return 'order_items';
  const isPerson = ['first_name', 'last_name', 'email', 'phone', 'registration_date'].some((field) =>
    has('customers', field),
  );
  const isOfCustomers = isPerson || recogniseSystem(SHOP_SYSTEMS, 'customers', columns) !== undefined;
  if (!hasOrderId && isOfCustomers && has('customers', 'customer_id')) return 'customers';
  const isOrder = has('orders', 'order_date') && has('orders', 'customer_id');
  if (isOrder && (hasOrderId || has('orders', 'total_amount'))) return 'orders';
  const isOffered = ['price', 'product_category', 'stock_quantity'].some((field) =>
    has('product_catalog', field),
  );
  return !hasOrderId && isOffered && has('product_catalog', 'product_id') ? 'product_catalog' : undefined;
}
