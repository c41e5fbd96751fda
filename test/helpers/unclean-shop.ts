import { makeTastefulShop } from './recommendation-shop.ts';
import type { TestShop, UncleanShop } from './snapshot.ts';

/** A shop that an import would leave as it is. */
export const cleanShop: TestShop = {
  ...makeTastefulShop(60, 12),
  customers: [
    { customer_id: 1, city: 'Oslo', registration_date: '2023-05-01' },
    { customer_id: 2, city: 'Bergen', registration_date: '2023-05-02' },
  ],
};
const [order, ...otherOrders] = cleanShop.orders;
const [line] = cleanShop.orderItems ?? [];
const [product] = cleanShop.products ?? [];

/** The same shop with rows that nobody cleaned. */
export function uncleanShop(): UncleanShop {
  const lost = { ...order, order_id: 'x1' };
  return {
    orders: [
      order,
      ...otherOrders,
      order,
      { ...order, order_date: '2001-01-01', total_amount: 99_999 },
      { ...lost, customer_id: null },
      { ...lost, order_id: null },
      { ...lost, order_id: 'x2', order_date: '2099-12-31' },
    ],
    orderItems: [
      ...(cleanShop.orderItems ?? []),
      line,
      { ...line, order_item_id: 'y1', product_id: null },
      { ...line, order_item_id: 'y2', order_id: 'x2' },
      { ...line, order_item_id: 'y3', order_id: 'nobody knows' },
      { ...line, order_item_id: 'y4', order_id: null },
    ],
    products: [...(cleanShop.products ?? []), product, { ...product, product_id: null }],
    customers: [
      ...(cleanShop.customers ?? []),
      { customer_id: 1, city: 'Rome', registration_date: '2001-01-01' },
      { customer_id: null, city: 'Nowhere' },
    ],
  };
}
