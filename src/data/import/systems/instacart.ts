import type { ShopSystem } from './shop-system.ts';

const REFUSAL = {
  why: 'it has no dates: only the order’s number and the days since the one before',
  instead: 'Who stays away cannot be told without days. Export the orders with the date of each.',
};

/** Baskets as Instacart published them: https://www.kaggle.com/c/instacart-market-basket-analysis */
export const BASKETS_WITHOUT_DATES: ShopSystem = {
  name: 'Instacart-like baskets',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: ['order_id', 'user_id', 'order_number', 'days_since_prior_order'],
  columns: {},
  refusal: REFUSAL,
};

/** The lines of such baskets, which do not even name their customer. */
export const BASKET_LINES_WITHOUT_DATES: ShopSystem = {
  name: 'Instacart-like basket lines',
  tables: ['orders', 'order_items'],
  rowsAre: 'order_items',
  signature: ['order_id', 'product_id', 'add_to_cart_order', 'reordered'],
  columns: {},
  refusal: REFUSAL,
};
