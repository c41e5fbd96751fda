import type { ShopSystem } from './shop-system.ts';

const COLUMNS = {
  customer_id: ['Customer ID', 'Customer Reference ID', 'Customer Name'],
  order_date: ['Date'],
  order_status: ['Event Type'],
  channel: ['Location', 'Source'],
} as const;
const NOT_READ = [
  'Time',
  'Time Zone',
  'Payment ID',
  'Tax',
  'Tip',
  'Fees',
  'Net Total',
  'Gross Sales',
  'Discounts',
];

/** Transactions → Export → Transactions CSV, one row per payment or refund. */
export const SQUARE_TRANSACTIONS: ShopSystem = {
  name: 'Square transactions',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['Date', 'Net Sales', 'Total Collected', 'Transaction ID', 'Event Type|Card Entry Methods'],
  columns: { ...COLUMNS, order_id: ['Transaction ID'], total_amount: ['Net Sales'] },
  notRead: [...NOT_READ, 'Total Collected', 'Gift Card Sales', 'Partial Refunds'],
  note: 'Amounts are net sales, without taxes and tips.',
};

/** Transactions → Export → Items Detail CSV, one row per item sold or given back. */
export const SQUARE_ITEMS: ShopSystem = {
  name: 'Square items',
  tables: ['orders', 'order_items'],
  rowsAre: 'order_items',
  signature: ['Date', 'Item', 'Qty', 'Price Point Name', 'Net Sales', 'Transaction ID'],
  columns: {
    ...COLUMNS,
    order_id: ['Transaction ID'],
    product_id: ['SKU', 'Token', 'Item'],
    product_name: ['Item'],
    product_category: ['Category'],
    quantity: ['Qty'],
    line_total: ['Net Sales'],
  },
  notRead: NOT_READ,
  note: 'Amounts are net sales, without taxes and tips.',
};
