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
  note: 'The API gives amounts in the smallest unit of the currency, so 1250 is 12.50 (but 1250 in yen).',
};
