import type { ShopSystem } from './shop-system.ts';

/** `closed` is an order whose money was given back: https://experienceleague.adobe.com/docs/commerce-admin, order status. */
const STATUSES = {
  complete: 'sale',
  processing: 'sale',
  closed: 'no sale',
  holded: 'no sale',
  'payment review': 'no sale',
  fraud: 'no sale',
} as const;

/** Sales → Orders → Export. */
export const MAGENTO_GRID: ShopSystem = {
  name: 'Magento orders',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['ID', 'Purchase Date', 'Grand Total (Base)', 'Status'],
  columns: {
    order_id: ['ID'],
    customer_id: ['Customer Email', 'Customer Name', 'Bill-to Name'],
    order_date: ['Purchase Date'],
    order_status: ['Status'],
    total_amount: ['Grand Total (Base)'],
    refunded_amount: ['Total Refunded'],
    shipping_cost: ['Shipping and Handling'],
    channel: ['Purchase Point'],
  },
  notRead: ['Grand Total (Purchased)', 'Subtotal'],
  statuses: STATUSES,
};

/** The table `sales_order`. */
export const MAGENTO_TABLE: ShopSystem = {
  name: 'Magento orders (table sales_order)',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['increment_id', 'entity_id', 'grand_total|base_grand_total', 'status', 'created_at'],
  columns: {
    order_id: ['entity_id'],
    customer_id: ['customer_email', 'customer_id'],
    order_date: ['created_at'],
    order_status: ['status'],
    total_amount: ['base_grand_total', 'grand_total'],
    refunded_amount: ['base_total_refunded', 'total_refunded'],
    shipping_cost: ['base_shipping_amount', 'shipping_amount'],
    currency: ['base_currency_code', 'order_currency_code'],
    channel: ['store_name', 'store_id'],
  },
  notRead: ['increment_id', 'state', 'updated_at', 'grand_total', 'subtotal', 'total_paid', 'total_due'],
  // The REST API gives the same columns, and the lines.
  lines: {
    list: 'items',
    columns: {
      order_item_id: ['item_id'],
      product_id: ['product_id', 'sku'],
      product_name: ['name'],
      quantity: ['qty_ordered'],
      unit_price: ['base_price', 'price'],
      line_total: ['base_row_total', 'row_total'],
    },
    notRead: ['sku', 'price', 'row_total', 'original_price', 'base_original_price', 'product_type'],
  },
  statuses: STATUSES,
};
