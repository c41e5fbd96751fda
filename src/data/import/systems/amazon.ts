import type { ShopSystem } from './shop-system.ts';

const STATUSES = {
  shipped: 'sale',
  unshipped: 'sale',
  'partially shipped': 'sale',
  'shipped delivered to buyer': 'sale',
  'shipped picked up': 'sale',
} as const;

const COLUMNS = {
  order_date: ['purchase-date'],
  product_id: ['sku', 'asin'],
  product_name: ['product-name'],
  quantity: ['quantity', 'quantity-purchased', 'quantity-shipped'],
  line_total: ['item-price'],
  currency: ['currency'],
  country: ['ship-country'],
} as const;
const NOT_READ = [
  'merchant-order-id',
  'last-updated-date',
  'payments-date',
  'shipment-date',
  'reporting-date',
  'item-tax',
  'shipping-price',
  'shipping-tax',
  'item-status',
  'asin',
];
const NOTE = 'Amazon’s item-price is what all pieces of a line cost together.';

/** Reports that name the buyer: new orders, unshipped orders, fulfilled shipments. */
export const AMAZON_ORDERS: ShopSystem = {
  name: 'Amazon orders',
  tables: ['orders', 'order_items'],
  rowsAre: 'order_items',
  signature: ['amazon-order-id|order-id', 'purchase-date', 'sku', 'item-price', 'buyer-email'],
  columns: {
    ...COLUMNS,
    order_item_id: ['order-item-id', 'amazon-order-item-id'],
    order_id: ['amazon-order-id', 'order-id'],
    customer_id: ['buyer-email'],
    order_status: ['order-status'],
    channel: ['sales-channel'],
  },
  notRead: NOT_READ,
  statuses: STATUSES,
  note: NOTE,
};

/** "All orders" does not say who bought. */
export const AMAZON_WITHOUT_BUYERS: ShopSystem = {
  name: 'Amazon "All orders" report',
  tables: ['orders', 'order_items'],
  rowsAre: 'order_items',
  signature: ['amazon-order-id', 'purchase-date', 'sku', 'item-price'],
  columns: COLUMNS,
  refusal: {
    why: 'it does not say who bought: Amazon leaves the buyer out of this report',
    instead: 'Download "Fulfilled shipments" or "New orders", which have the column buyer-email.',
  },
};
