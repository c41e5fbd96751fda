import type { ShopSystem } from './shop-system.ts';

/** Events that tell of an order more than once: only "Placed Order" is a sale, and a refund is taken off. */
const STATUSES = {
  'placed order': 'sale',
  'ordered product': 'no sale',
  'fulfilled order': 'no sale',
  'started checkout': 'no sale',
  'checkout started': 'no sale',
  'active on site': 'no sale',
  'viewed product': 'no sale',
  'added to cart': 'no sale',
  'cancelled order': 'no sale',
} as const;

/** Events of all metrics, from a metric's export or the events API. */
export const KLAVIYO_EVENTS: ShopSystem = {
  name: 'Klaviyo events',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: [
    'Event|Metric|Metric Name|Event Name|event_name',
    '$value|event_properties.$value|Value',
    'Email|Profile ID|Person ID|$email',
  ],
  columns: {
    order_id: ['$event_id', 'OrderId', 'Order ID', 'event_properties.$event_id', 'event_properties.OrderId'],
    customer_id: ['Email', '$email', 'Profile ID', 'Person ID'],
    order_date: ['Timestamp', 'Event Timestamp', 'Datetime', 'Date', 'Event Date'],
    order_status: ['Event', 'Metric', 'Metric Name', 'Event Name'],
    total_amount: ['$value', 'event_properties.$value', 'Value'],
    currency: ['$currency_code', 'Currency', '$value_currency'],
  },
  statuses: STATUSES,
  otherStatusesAreNoSale: true,
  note: 'An order is a "Placed Order" event; the other events say more of the same orders.',
};
