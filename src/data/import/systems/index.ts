import { AMAZON_ORDERS, AMAZON_WITHOUT_BUYERS } from './amazon.ts';
import { BIGCOMMERCE_API, BIGCOMMERCE_ORDERS } from './bigcommerce.ts';
import { ETSY_ITEMS, ETSY_ORDERS } from './etsy.ts';
import { BASKET_LINES_WITHOUT_DATES, BASKETS_WITHOUT_DATES } from './instacart.ts';
import { KLAVIYO_EVENTS } from './klaviyo.ts';
import { MAGENTO_GRID, MAGENTO_TABLE } from './magento.ts';
import { ODOO_ORDERS } from './odoo.ts';
import { OLIST_CUSTOMERS, OLIST_ITEMS, OLIST_ORDERS } from './olist.ts';
import { PAYPAL_ACTIVITY } from './paypal.ts';
import { PRESTASHOP_ORDERS } from './prestashop.ts';
import type { ShopSystem } from './shop-system.ts';
import { SHOPIFY_API, SHOPIFY_API_BEFORE_2021, SHOPIFY_ORDERS } from './shopify.ts';
import { SHOPWARE_ORDERS } from './shopware.ts';
import { SQUARE_ITEMS, SQUARE_TRANSACTIONS } from './square.ts';
import { STRIPE_CHARGES, STRIPE_CHECKOUTS, STRIPE_DASHBOARD, STRIPE_INVOICES } from './stripe.ts';
import { WIX_ITEMS } from './wix.ts';
import {
  WOOCOMMERCE_ADVANCED,
  WOOCOMMERCE_API,
  WOOCOMMERCE_ITEMS,
  WOOCOMMERCE_ORDERS,
} from './woocommerce.ts';

/** All exports of shop systems that are known by their columns. */
export const SHOP_SYSTEMS: readonly ShopSystem[] = [
  SHOPIFY_ORDERS,
  SHOPIFY_API,
  SHOPIFY_API_BEFORE_2021,
  WOOCOMMERCE_ORDERS,
  WOOCOMMERCE_ITEMS,
  WOOCOMMERCE_API,
  WOOCOMMERCE_ADVANCED,
  MAGENTO_GRID,
  MAGENTO_TABLE,
  BIGCOMMERCE_ORDERS,
  BIGCOMMERCE_API,
  PRESTASHOP_ORDERS,
  SHOPWARE_ORDERS,
  WIX_ITEMS,
  SQUARE_TRANSACTIONS,
  SQUARE_ITEMS,
  STRIPE_DASHBOARD,
  STRIPE_CHARGES,
  STRIPE_CHECKOUTS,
  STRIPE_INVOICES,
  ODOO_ORDERS,
  PAYPAL_ACTIVITY,
  ETSY_ORDERS,
  ETSY_ITEMS,
  AMAZON_ORDERS,
  AMAZON_WITHOUT_BUYERS,
  OLIST_ORDERS,
  OLIST_ITEMS,
  OLIST_CUSTOMERS,
  BASKETS_WITHOUT_DATES,
  BASKET_LINES_WITHOUT_DATES,
  KLAVIYO_EVENTS,
];
