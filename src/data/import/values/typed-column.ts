import type { ShopTable } from '../../shop-tables.ts';

/** Fields that hold numbers, by table. */
export const NUMBER_FIELDS = {
  orders: ['total_amount', 'refunded_amount', 'discount_percent', 'shipping_cost'],
  order_items: ['quantity', 'unit_price', 'line_discount', 'line_total', 'order_total', 'refunded_amount'],
  product_catalog: ['price', 'stock_quantity'],
  customers: [],
} as const satisfies Record<ShopTable, readonly string[]>;

/** Fields that hold money, by table. */
export const AMOUNT_FIELDS = {
  orders: ['total_amount'],
  order_items: ['line_total', 'unit_price', 'order_total'],
  product_catalog: ['price'],
  customers: [],
} as const satisfies Record<ShopTable, readonly string[]>;

/** Fields that hold dates, by table. */
export const DATE_FIELDS = {
  orders: ['order_date'],
  order_items: ['order_date'],
  customers: ['registration_date'],
  product_catalog: [],
} as const satisfies Record<ShopTable, readonly string[]>;

/** Fields that hold text for people, by table. */
export const TEXT_FIELDS = {
  orders: ['order_status'],
  order_items: ['product_name', 'product_category', 'order_status'],
  product_catalog: ['product_name', 'product_category', 'description', 'features'],
  customers: [
    'first_name',
    'last_name',
    'email',
    'phone',
    'address',
    'city',
    'state',
    'zip_code',
    'customer_segment',
  ],
} as const satisfies Record<ShopTable, readonly string[]>;

/** Types that become a decimal(18, 4) directly, with the same result as through text. */
const EXACT_NUMBER = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|DECIMAL\(\d+,[0-4]\))$/;
const DATE = /^(DATE|TIMESTAMP|TIMESTAMP WITH TIME ZONE)$/;

/** Whether values of a column of this type are used directly. All others are converted to text first. */
export function isTakenAsTyped(table: ShopTable, field: string, type: string): boolean {
  const numbers: readonly string[] = NUMBER_FIELDS[table];
  const dates: readonly string[] = DATE_FIELDS[table];
  if (numbers.includes(field)) return EXACT_NUMBER.test(type) || type === 'DOUBLE';
  return dates.includes(field) && DATE.test(type);
}

/**
 * A decimal(18, 4) of a typed value `t`; `ofText` is how one is made of text. A double that a decimal of at most 15
 * digits stands for shows as that decimal; any other (NaN, infinite, huge, many digits) goes through its text, as it
 * would from a CSV file.
 */
export function typedNumberSql(type: string, ofText: (text: string) => string): string {
  if (type !== 'DOUBLE') return 'try_cast(t as decimal(18, 4))';
  return `case
    when abs(t) < 10000000000 and cast(try_cast(t as decimal(18, 4)) as double) = t then try_cast(t as decimal(18, 4))
    else ${ofText('cast(t as varchar)')}
  end`;
}

/** A timestamp (UTC) of a typed date `t`. Infinity, and years that no text of four digits holds, are no dates. */
export const TYPED_DATE_SQL = `case
    when cast(t as timestamp) between timestamp '0001-01-01' and timestamp '9999-12-31 23:59:59.999999'
      then cast(t as timestamp)
  end`;
