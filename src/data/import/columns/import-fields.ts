import type { ShopTable } from '../../shop-tables.ts';

/** What a file may hold. Files of line items also carry their order's customer, date and status. */
export const IMPORT_FIELDS = {
  orders: [
    'order_id',
    'customer_id',
    'order_date',
    'order_status',
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
    'line_total',
    'customer_id',
    'order_date',
    'order_status',
  ],
  customers: [
    'customer_id',
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
