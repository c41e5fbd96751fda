import type { ShopTable } from '../../shop-tables.ts';

/** Fields about the whole order, which rows of orders and of lines can have. */
const OF_THE_ORDER = [
  'order_status',
  'payment_status',
  'cancelled_at',
  'is_test',
  'is_live',
  'refunded_amount',
  'currency',
  'country',
  'channel',
] as const;

/** The fields of each file. Files of order lines may also hold the order's customer, date and status. */
export const IMPORT_FIELDS = {
  orders: [
    'order_id',
    'customer_id',
    'order_date',
    ...OF_THE_ORDER,
    'total_amount',
    'discount_percent',
    'shipping_cost',
  ],
  order_items: [
    'order_item_id',
    'order_id',
    'product_id',
    'product_name',
    'product_category',
    'quantity',
    'unit_price',
    'line_discount',
    'line_total',
    'order_total',
    'customer_id',
    'order_date',
    ...OF_THE_ORDER,
  ],
  customers: [
    'customer_id',
    'person_id',
    'first_name',
    'last_name',
    'email',
    'phone',
    'address',
    'city',
    'state',
    'zip_code',
    'registration_date',
    'customer_segment',
    'country',
    'channel',
  ],
  product_catalog: [
    'product_id',
    'product_name',
    'product_category',
    'description',
    'features',
    'price',
    'stock_quantity',
  ],
} as const satisfies Record<ShopTable, readonly string[]>;
