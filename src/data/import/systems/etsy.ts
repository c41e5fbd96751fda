import type { ShopSystem } from './shop-system.ts';

/** Settings → Download data → Orders. */
export const ETSY_ORDERS: ShopSystem = {
  name: 'Etsy orders',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['Sale Date', 'Order ID', 'Order Value', 'Order Total', 'Buyer|Buyer User ID|Full Name'],
  columns: {
    order_id: ['Order ID'],
    customer_id: ['Buyer User ID', 'Buyer', 'Full Name'],
    order_date: ['Sale Date'],
    order_status: ['Status'],
    total_amount: ['Adjusted Order Total', 'Order Total'],
    shipping_cost: ['Shipping'],
    currency: ['Currency'],
    country: ['Ship Country'],
  },
  // The adjusted total is 0 or empty if nothing was adjusted.
  insteadOfZero: { total_amount: 'Order Total' },
  notRead: [
    'Order Value',
    'Order Net',
    'Date Shipped',
    'Adjusted Net Order Amount',
    'Order Total',
    'Discount Amount',
  ],
};

/** Settings → Download data → Order items. Its Transaction ID is a line's, not an order's. */
export const ETSY_ITEMS: ShopSystem = {
  name: 'Etsy order items',
  tables: ['orders', 'order_items'],
  rowsAre: 'order_items',
  signature: ['Sale Date', 'Item Name', 'Quantity', 'Price', 'Item Total', 'Listing ID', 'Order ID'],
  columns: {
    order_item_id: ['Transaction ID'],
    order_id: ['Order ID'],
    customer_id: ['Buyer', 'Ship Name'],
    order_date: ['Sale Date'],
    product_id: ['Listing ID'],
    product_name: ['Item Name'],
    quantity: ['Quantity'],
    unit_price: ['Price'],
    line_total: ['Item Total'],
    currency: ['Currency'],
    country: ['Ship Country'],
  },
  notRead: ['Date Paid', 'Date Shipped', 'Order Shipping', 'Order Sales Tax', 'Discount Amount', 'SKU'],
};
