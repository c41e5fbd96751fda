import type { ShopSystem } from './shop-system.ts';

/** Orders → Export → Purchased items, one row per item; the total of the order repeats on each. */
export const WIX_ITEMS: ShopSystem = {
  name: 'Wix orders',
  tables: ['orders', 'order_items'],
  rowsAre: 'order_items',
  signature: ['Order number', 'Date created', 'Contact email', 'Item', 'Qty', 'Total order quantity'],
  columns: {
    order_id: ['Order number'],
    customer_id: ['Contact email'],
    order_date: ['Date created'],
    payment_status: ['Payment status'],
    product_id: ['SKU', 'Item'],
    product_name: ['Item'],
    quantity: ['Qty'],
    unit_price: ['Price'],
    order_total: ['Total'],
    refunded_amount: ['Refunded amount'],
    currency: ['Currency'],
    country: ['Billing country', 'Delivery country'],
  },
  notRead: ['Time', 'Total order quantity', 'Quantity refunded', 'Fulfillment status', 'Variant', 'Weight'],
};
