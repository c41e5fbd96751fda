import type { ShopSystem } from './shop-system.ts';

/** Settings → Import/Export → Orders, with the columns of the default profile. https://docs.shopware.com/en/shopware-6-en/settings/importexport */
export const SHOPWARE_ORDERS: ShopSystem = {
  name: 'Shopware orders',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: [
    'orderNumber',
    'orderDateTime',
    'orderCustomer.email|orderCustomer.customerNumber',
    'amountTotal',
  ],
  columns: {
    order_id: ['orderNumber', 'id'],
    customer_id: ['orderCustomer.email', 'orderCustomer.customerNumber'],
    order_date: ['orderDateTime'],
    order_status: ['stateMachineState.name', 'stateMachineState.technicalName'],
    payment_status: ['transactions.stateMachineState.name', 'transactions.stateMachineState.technicalName'],
    total_amount: ['amountTotal'],
    shipping_cost: ['shippingTotal'],
    currency: ['currency.isoCode'],
    country: ['billingAddress.country.iso', 'billingAddress.country.name'],
    channel: ['salesChannel.name'],
  },
  notRead: ['amountNet', 'positionPrice', 'currencyFactor', 'autoIncrement'],
};
