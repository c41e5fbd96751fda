import type { ShopSystem } from './shop-system.ts';

/** https://www.kaggle.com/datasets/olistbr/brazilian-ecommerce: `customer_id` is new with every order. */
export const OLIST_ORDERS: ShopSystem = {
  name: 'Olist orders',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['order_id', 'customer_id', 'order_status', 'order_purchase_timestamp'],
  columns: {
    order_id: ['order_id'],
    customer_id: ['customer_unique_id', 'customer_id'],
    order_date: ['order_purchase_timestamp'],
    order_status: ['order_status'],
  },
  notRead: [
    'order_approved_at',
    'order_delivered_carrier_date',
    'order_delivered_customer_date',
    'order_estimated_delivery_date',
  ],
  statuses: {
    created: 'no sale',
    unavailable: 'no sale',
    approved: 'sale',
    invoiced: 'sale',
    processing: 'sale',
  },
};

export const OLIST_ITEMS: ShopSystem = {
  name: 'Olist order items',
  tables: ['order_items'],
  rowsAre: 'order_items',
  signature: ['order_id', 'order_item_id', 'product_id', 'price', 'freight_value'],
  columns: {
    order_id: ['order_id'],
    order_item_id: ['order_item_id'],
    product_id: ['product_id'],
    unit_price: ['price'],
  },
  notRead: ['seller_id', 'shipping_limit_date', 'freight_value'],
};

export const OLIST_CUSTOMERS: ShopSystem = {
  name: 'Olist customers',
  tables: ['customers'],
  rowsAre: 'customers',
  signature: ['customer_id', 'customer_unique_id'],
  columns: {
    customer_id: ['customer_id'],
    person_id: ['customer_unique_id'],
    city: ['customer_city'],
    state: ['customer_state'],
    zip_code: ['customer_zip_code_prefix'],
  },
  note: 'customer_id is new with every order; the same people are found by customer_unique_id.',
};
