import type { ShopSystem } from './shop-system.ts';

const STATUSES = {
  completed: 'sale',
  processing: 'sale',
  'on hold': 'no sale',
  'checkout draft': 'no sale',
} as const;
const GUESTS = ['0'];

/** The extension "Order/Customer CSV Export", one row per order. */
export const WOOCOMMERCE_ORDERS: ShopSystem = {
  name: 'WooCommerce orders',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: [
    'order_id|order_number',
    'order_total',
    'status|order_status',
    'billing_email',
    'payment_method',
  ],
  columns: {
    order_id: ['order_id', 'order_number'],
    customer_id: ['billing_email', 'customer_id', 'customer_user'],
    order_date: ['order_date', 'date', 'date_created'],
    order_status: ['status', 'order_status'],
    total_amount: ['order_total'],
    refunded_amount: ['refunded_total', 'order_refund', 'refund_total'],
    shipping_cost: ['shipping_total', 'order_shipping'],
    currency: ['order_currency', 'currency'],
    country: ['billing_country'],
    channel: ['created_via'],
  },
  notRead: [
    'paid_date',
    'date_paid',
    'completed_date',
    'order_number',
    'order_subtotal',
    'tax_total',
    'discount_total',
  ],
  statuses: STATUSES,
  guests: GUESTS,
  note: 'Customers are told apart by their billing e-mail address, since guests have the customer id 0.',
};

/** The same extension with one row per item. */
export const WOOCOMMERCE_ITEMS: ShopSystem = {
  ...WOOCOMMERCE_ORDERS,
  name: 'WooCommerce orders, one row per item',
  tables: ['orders', 'order_items'],
  rowsAre: 'order_items',
  signature: [...WOOCOMMERCE_ORDERS.signature, 'item_quantity|item_qty', 'item_total|item_price'],
  columns: {
    order_id: ['order_id', 'order_number'],
    customer_id: ['billing_email', 'customer_id', 'customer_user'],
    order_date: ['order_date', 'date', 'date_created'],
    order_status: ['status', 'order_status'],
    product_id: ['item_sku', 'item_product_id', 'item_id'],
    product_name: ['item_name'],
    quantity: ['item_quantity', 'item_qty'],
    unit_price: ['item_price'],
    line_total: ['item_total'],
    order_total: ['order_total'],
    refunded_amount: ['refunded_total', 'order_refund', 'refund_total'],
    currency: ['order_currency', 'currency'],
    country: ['billing_country'],
    channel: ['created_via'],
  },
};

/** Orders as the REST API gives them: https://woocommerce.github.io/woocommerce-rest-api-docs, "Order properties". */
export const WOOCOMMERCE_API: ShopSystem = {
  name: 'WooCommerce orders (API)',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['id', 'order_key', 'customer_id', 'date_created', 'total', 'status'],
  columns: {
    order_id: ['id'],
    customer_id: ['billing.email', 'customer_id'],
    order_date: ['date_created'],
    order_status: ['status'],
    total_amount: ['total'],
    refunded_amount: ['refunds.total'],
    shipping_cost: ['shipping_total'],
    currency: ['currency'],
    country: ['billing.country'],
    channel: ['created_via'],
  },
  notRead: [
    'number',
    'date_created_gmt',
    'date_modified',
    'date_paid',
    'date_completed',
    'discount_total',
    'total_tax',
  ],
  lines: {
    list: 'line_items',
    columns: {
      order_item_id: ['id'],
      product_id: ['product_id'],
      product_name: ['name'],
      quantity: ['quantity'],
      line_total: ['total'],
    },
    // The price is that after discounts, rounded: the total of a line is exact.
    notRead: ['sku', 'variation_id', 'price', 'subtotal', 'parent_name'],
  },
  statuses: STATUSES,
  guests: GUESTS,
};

/** The plugin "Advanced Order Export". Its rows are items if it exports products, else orders. */
export const WOOCOMMERCE_ADVANCED: ShopSystem = {
  name: 'WooCommerce orders (Advanced Order Export)',
  tables: ['orders', 'order_items'],
  rowsAre: 'order_items',
  signature: [
    'Order Number',
    'Order Status',
    'Order Date',
    'Email (Billing)',
    'Order Total Amount',
    'Item Name',
  ],
  columns: {
    order_id: ['Order Number', 'Order ID'],
    customer_id: ['Email (Billing)', 'Customer User ID'],
    order_date: ['Order Date'],
    order_status: ['Order Status'],
    product_id: ['SKU', 'Product Id'],
    product_name: ['Item Name'],
    quantity: ['Quantity (- Refund)', 'Quantity'],
    unit_price: ['Item Cost', 'Item price'],
    order_total: ['Order Total Amount'],
    refunded_amount: ['Order Refund Amount'],
    currency: ['Currency', 'Order Currency'],
    country: ['Country Code (Billing)', 'Country Name (Billing)'],
  },
  statuses: STATUSES,
  guests: GUESTS,
};

/** Analytics → Orders → Download. Customers have no id there, only a name. */
export const WOOCOMMERCE_ANALYTICS: ShopSystem = {
  name: 'WooCommerce Analytics orders',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['Date', 'Order #', 'Status', 'Customer', 'Customer type', 'N. Revenue|Net Revenue|Net Sales'],
  columns: {
    order_id: ['Order #'],
    customer_id: ['Customer'],
    order_date: ['Date'],
    order_status: ['Status'],
    total_amount: ['N. Revenue', 'Net Revenue', 'Net Sales'],
  },
  notRead: ['Customer type', 'Product(s)', 'Items sold', 'Coupon(s)', 'Attribution', 'Origin'],
  statuses: STATUSES,
  note: 'Customers are told apart by their names, because the export has nothing else of them. Amounts are net of taxes, postage and refunds.',
};
