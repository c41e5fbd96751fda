import type { ShopSystem } from './shop-system.ts';

/** Payments → Export, as the dashboard writes it: amounts as people read them. */
export const STRIPE_DASHBOARD: ShopSystem = {
  name: 'Stripe payments (dashboard)',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['id', 'Created date (UTC)|Created (UTC)', 'Amount', 'Status', 'Customer ID|Customer Email'],
  columns: {
    order_id: ['id'],
    customer_id: ['Customer ID', 'Customer Email'],
    order_date: ['Created date (UTC)', 'Created (UTC)'],
    payment_status: ['Status'],
    total_amount: ['Converted Amount', 'Amount'],
    refunded_amount: ['Converted Amount Refunded', 'Amount Refunded'],
    currency: ['Converted Currency', 'Currency'],
    country: ['Card Address Country'],
  },
  notRead: [
    'Invoice ID',
    'Card ID',
    'Refunded date (UTC)',
    'Fee',
    'Description',
    'Customer Description',
    'Captured',
  ],
};

const IN_MINOR_UNITS =
  'The API gives amounts in the smallest unit of the currency, so 1250 is 12.50 (but 1250 in yen).';

/** Charges as the API gives them: whole numbers of cents. https://docs.stripe.com/api/charges/object */
export const STRIPE_CHARGES: ShopSystem = {
  name: 'Stripe charges (API)',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['id', 'amount', 'amount_refunded', 'created', 'currency', 'status'],
  columns: {
    order_id: ['id'],
    customer_id: ['customer', 'customer.id', 'customer_id', 'billing_details.email', 'receipt_email'],
    order_date: ['created'],
    payment_status: ['status'],
    is_live: ['livemode'],
    total_amount: ['amount'],
    refunded_amount: ['amount_refunded'],
    currency: ['currency'],
    country: ['billing_details.address.country'],
  },
  notRead: [
    'amount_captured',
    'balance_transaction',
    'invoice',
    'payment_intent',
    'paid',
    'refunded',
    'captured',
  ],
  inMinorUnits: true,
  note: IN_MINOR_UNITS,
};

/** Checkout sessions, with their lines if these are expanded: https://docs.stripe.com/api/checkout/sessions/object */
export const STRIPE_CHECKOUTS: ShopSystem = {
  name: 'Stripe checkout sessions (API)',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: [
    'id',
    'amount_total',
    'created',
    'currency',
    'payment_status',
    'customer|customer_details.email',
  ],
  columns: {
    order_id: ['id'],
    // Guests have no customer, but everybody gives an e-mail address.
    customer_id: ['customer_details.email', 'customer', 'customer.id', 'customer_email'],
    order_date: ['created'],
    payment_status: ['payment_status'],
    is_live: ['livemode'],
    total_amount: ['amount_total'],
    currency: ['currency'],
    country: ['customer_details.address.country'],
  },
  notRead: ['status', 'amount_subtotal', 'invoice', 'payment_intent', 'expires_at'],
  statuses: { 'no payment required': 'sale' },
  lines: {
    list: 'line_items.data',
    columns: {
      order_item_id: ['id'],
      product_id: ['price.product', 'price.product.id', 'price.id'],
      product_name: ['description'],
      quantity: ['quantity'],
      line_total: ['amount_total'],
    },
    notRead: ['price.unit_amount', 'amount_subtotal', 'price.id'],
  },
  inMinorUnits: true,
  note: IN_MINOR_UNITS,
};

/** Invoices as the API gives them: https://docs.stripe.com/api/invoices/object */
export const STRIPE_INVOICES: ShopSystem = {
  name: 'Stripe invoices (API)',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['id', 'amount_paid', 'amount_due', 'created', 'currency', 'customer', 'status'],
  columns: {
    order_id: ['id'],
    customer_id: ['customer', 'customer.id', 'customer_email'],
    order_date: ['created'],
    order_status: ['status'],
    is_live: ['livemode'],
    total_amount: ['amount_paid'],
    currency: ['currency'],
    country: ['customer_address.country'],
  },
  notRead: [
    'amount_due',
    'amount_remaining',
    'number',
    'total',
    'subtotal',
    'charge',
    'payment_intent',
    'paid',
  ],
  statuses: { paid: 'sale', open: 'no sale', draft: 'no sale', void: 'no sale', uncollectible: 'no sale' },
  lines: {
    list: 'lines.data',
    columns: {
      order_item_id: ['id'],
      product_id: ['price.product', 'pricing.price_details.product', 'plan.product', 'price.id'],
      product_name: ['description'],
      quantity: ['quantity'],
      line_total: ['amount'],
    },
    notRead: ['price.unit_amount', 'price.id', 'invoice', 'type'],
  },
  inMinorUnits: true,
  note: IN_MINOR_UNITS,
};
