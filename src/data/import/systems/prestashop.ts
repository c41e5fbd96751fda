import type { ShopSystem } from './shop-system.ts';

/** Orders → Export, or Advanced Parameters → SQL Manager. The column `state` is the order's, not an address's. */
export const PRESTASHOP_ORDERS: ShopSystem = {
  name: 'PrestaShop orders',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: [
    'id|id_order',
    'reference',
    'customer|id_customer|email',
    'payment',
    'state|status|osname|current_state',
    'date|date_add',
    'total|total_paid|total_paid_tax_incl',
  ],
  columns: {
    order_id: ['id_order', 'id'],
    customer_id: ['email', 'id_customer', 'customer'],
    order_date: ['date_add', 'date'],
    order_status: ['osname', 'status', 'state', 'current_state'],
    total_amount: ['total_paid_tax_incl', 'total_paid', 'total'],
    shipping_cost: ['total_shipping_tax_incl', 'total_shipping'],
    country: ['country', 'delivery', 'cname'],
  },
  notRead: ['reference', 'payment', 'invoice_date', 'delivery_date', 'date_upd', 'total_paid_real'],
  statuses: {
    ...{ 'remote payment accepted': 'sale', 'on backorder paid': 'sale', 'on backorder not paid': 'no sale' },
    // The ids that every shop has from the start.
    ...{ 2: 'sale', 3: 'sale', 4: 'sale', 5: 'sale', 9: 'sale', 11: 'sale' },
    ...{
      1: 'no sale',
      6: 'no sale',
      7: 'no sale',
      8: 'no sale',
      10: 'no sale',
      12: 'no sale',
      13: 'no sale',
    },
  },
};
