import type { ShopSystem } from './shop-system.ts';

/** Sales → Orders, read from the table `sale_order` or exported with technical names. `sent` is a quotation that was sent. */
export const ODOO_ORDERS: ShopSystem = {
  name: 'Odoo orders',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['name', 'date_order', 'partner_id|partner_id/id|partner_id/name', 'amount_total', 'state'],
  // An export with lines has the order's cells in its first row only.
  withoutColumnsOf: 'order_line/',
  columns: {
    order_id: ['name'],
    customer_id: ['partner_id', 'partner_id/id', 'partner_id/name'],
    order_date: ['date_order'],
    order_status: ['state'],
    total_amount: ['amount_total'],
    currency: ['currency_id/name'],
    country: ['partner_id/country_id/name'],
  },
  notRead: ['amount_untaxed', 'amount_tax', 'create_date', 'write_date', 'invoice_status', 'delivery_status'],
  statuses: { sale: 'sale', done: 'sale', sent: 'no sale' },
};
