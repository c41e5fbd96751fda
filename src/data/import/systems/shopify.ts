import type { ShopSystem } from './shop-system.ts';

const STATUSES = {
  authorized: 'sale',
  'partially paid': 'sale',
  'partially refunded': 'sale',
  expired: 'no sale',
} as const;

/**
 * Admin → Orders → Export. One row per line item; the order's own columns (Total, Financial Status, …) stand on its
 * first row only. https://help.shopify.com/en/manual/fulfillment/managing-orders/exporting-orders
 */
export const SHOPIFY_ORDERS: ShopSystem = {
  name: 'Shopify orders',
  tables: ['orders', 'order_items'],
  rowsAre: 'order_items',
  signature: [
    'Name',
    'Financial Status',
    'Lineitem quantity',
    'Lineitem name',
    'Lineitem price',
    'Created at',
  ],
  columns: {
    order_id: ['Name'],
    customer_id: ['Email', 'Customer ID', 'Billing Name'],
    order_date: ['Created at'],
    payment_status: ['Financial Status'],
    cancelled_at: ['Cancelled at'],
    product_id: ['Lineitem sku'],
    product_name: ['Lineitem name'],
    quantity: ['Lineitem quantity'],
    unit_price: ['Lineitem price'],
    line_discount: ['Lineitem discount'],
    order_total: ['Total'],
    refunded_amount: ['Refunded Amount'],
    currency: ['Currency'],
    country: ['Billing Country', 'Shipping Country'],
    channel: ['Source'],
  },
  notRead: [
    'Id',
    'Paid at',
    'Fulfilled at',
    'Fulfillment Status',
    'Lineitem fulfillment status',
    'Lineitem compare at price',
    'Subtotal',
    'Shipping',
    'Taxes',
  ],
  statuses: STATUSES,
  note: 'An order is its Name. Its Total stands on its first row and is the order’s; the rows are its lines.',
};

/** Orders as the Admin API gives them: https://shopify.dev/docs/api/admin-rest, "Order". */
const API: Omit<ShopSystem, 'name'> = {
  tables: ['orders'],
  rowsAre: 'orders',
  signature: [
    'financial_status',
    'total_price',
    'created_at',
    'order_number|name',
    'line_items|customer|customer.id',
  ],
  columns: {
    order_id: ['id'],
    customer_id: ['customer.id', 'customer_id', 'email', 'contact_email'],
    order_date: ['created_at'],
    payment_status: ['financial_status'],
    cancelled_at: ['cancelled_at'],
    is_test: ['test'],
    total_amount: ['total_price'],
    refunded_amount: ['refunds.transactions.amount'],
    currency: ['currency'],
    country: ['billing_address.country_code', 'shipping_address.country_code'],
    channel: ['source_name'],
  },
  notRead: [
    'name',
    'order_number',
    'processed_at',
    'updated_at',
    'closed_at',
    'fulfillment_status',
    'subtotal_price',
  ],
  lines: {
    list: 'line_items',
    columns: {
      order_item_id: ['id'],
      product_id: ['product_id'],
      product_name: ['title', 'name'],
      quantity: ['quantity'],
      unit_price: ['price'],
      line_discount: ['total_discount'],
    },
    notRead: ['sku', 'name', 'title', 'variant_id', 'variant_title'],
  },
  statuses: STATUSES,
};

/** Since 2021 an order also has its total net of refunds. */
export const SHOPIFY_API: ShopSystem = {
  ...API,
  name: 'Shopify orders (API)',
  signature: [...API.signature, 'current_total_price'],
  columns: { ...API.columns, total_amount: ['current_total_price'], refunded_amount: [] },
  notRead: [...(API.notRead ?? []), 'total_price', 'refunds'],
  note: 'Totals are current_total_price, which is net of refunds.',
};

export const SHOPIFY_API_BEFORE_2021: ShopSystem = { ...API, name: 'Shopify orders (API before 2021)' };
