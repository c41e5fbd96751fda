import type { ShopSystem } from './shop-system.ts';

/** https://support.bigcommerce.com, "Order Statuses" and "Exporting Orders". */
const STATUSES = {
  'awaiting fulfillment': 'sale',
  'awaiting shipment': 'sale',
  'awaiting pickup': 'sale',
  'partially shipped': 'sale',
  'partially refunded': 'sale',
  shipped: 'sale',
  completed: 'sale',
  incomplete: 'no sale',
  pending: 'no sale',
  'awaiting payment': 'no sale',
  'manual verification required': 'no sale',
  declined: 'no sale',
  disputed: 'no sale',
} as const;

/** Orders → Export, one row per order. */
export const BIGCOMMERCE_ORDERS: ShopSystem = {
  name: 'BigCommerce orders',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['Order ID', 'Order Status', 'Order Date', 'Order Total (inc tax)|Order Total (ex tax)'],
  columns: {
    order_id: ['Order ID'],
    customer_id: ['Customer Email', 'Billing Email', 'Customer ID'],
    order_date: ['Order Date'],
    order_status: ['Order Status'],
    total_amount: ['Order Total (inc tax)', 'Order Total (ex tax)'],
    refunded_amount: ['Refund Amount', 'Refunded Amount'],
    shipping_cost: ['Shipping Cost (inc tax)', 'Shipping Cost (ex tax)'],
    currency: ['Order Currency Code', 'Currency Code'],
    country: ['Billing Country', 'Shipping Country'],
    channel: ['Order Source', 'Channel Name'],
  },
  notRead: ['Order Total (ex tax)', 'Subtotal (inc tax)', 'Subtotal (ex tax)', 'Date Shipped', 'Order Time'],
  statuses: STATUSES,
  guests: ['0'],
};

/** Orders as the API (v2) gives them. */
export const BIGCOMMERCE_API: ShopSystem = {
  name: 'BigCommerce orders (API)',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['id', 'customer_id', 'date_created', 'status', 'total_inc_tax', 'subtotal_ex_tax'],
  columns: {
    order_id: ['id'],
    customer_id: ['billing_address.email', 'billing_email', 'customer_id'],
    order_date: ['date_created'],
    order_status: ['status'],
    total_amount: ['total_inc_tax'],
    refunded_amount: ['refunded_amount'],
    shipping_cost: ['shipping_cost_inc_tax'],
    currency: ['currency_code'],
    channel: ['order_source'],
  },
  notRead: [
    'date_modified',
    'date_shipped',
    'status_id',
    'total_ex_tax',
    'subtotal_inc_tax',
    'subtotal_ex_tax',
  ],
  statuses: STATUSES,
  guests: ['0'],
};
