import type { SqlFile } from './sql-file.ts';

/** What an id column holds: integers where all ids of the shop are plain integers, else text. */
export interface IdTypes {
  readonly customerId: 'integer' | 'text';
  readonly productId: 'integer' | 'text';
}

export type ShopTable = 'customers' | 'orders' | 'order_items' | 'product_catalog';

type ColumnType =
  | 'customer id'
  | 'product id'
  | 'varchar'
  | 'date'
  | 'timestamp'
  | 'integer'
  | `decimal(${number},${number})`;

/**
 * The order of the rows of a shop table, so that a snapshot does not depend on how files and earlier rows were joined, and readers of
 * one customer's rows skip the others.
 */
export const ROW_ORDER = {
  orders: 'customer_id, order_date, order_id',
  order_items: 'order_id, order_item_id',
  customers: 'customer_id',
  product_catalog: 'product_id',
} as const satisfies Record<ShopTable, string>;

/** The tables of the `raw` schema. All always exist; those that were not imported are empty. */
export const SHOP_TABLES: Readonly<Record<ShopTable, Readonly<Record<string, ColumnType>>>> = {
  customers: {
    customer_id: 'customer id',
    first_name: 'varchar',
    last_name: 'varchar',
    email: 'varchar',
    phone: 'varchar',
    address: 'varchar',
    city: 'varchar',
    state: 'varchar',
    zip_code: 'varchar',
    registration_date: 'date',
    customer_segment: 'varchar',
  },
  orders: {
    order_id: 'varchar',
    customer_id: 'customer id',
    order_date: 'timestamp',
    order_status: 'varchar',
    total_amount: 'decimal(18,4)',
    discount_percent: 'decimal(5,2)',
    shipping_cost: 'decimal(18,4)',
  },
  order_items: {
    order_item_id: 'varchar',
    order_id: 'varchar',
    product_id: 'product id',
    product_name: 'varchar',
    product_category: 'varchar',
    quantity: 'decimal(18,4)',
    unit_price: 'decimal(18,4)',
    line_total: 'decimal(18,4)',
  },
  product_catalog: {
    product_id: 'product id',
    product_name: 'varchar',
    product_category: 'varchar',
    description: 'varchar',
    features: 'varchar',
    price: 'decimal(18,4)',
    stock_quantity: 'integer',
  },
};

export const SHOP_TABLE_NAMES = [
  'customers',
  'orders',
  'order_items',
  'product_catalog',
] as const satisfies readonly ShopTable[];

/** What the rows of each table are called. */
export const SHOP_TABLE_WORDS = {
  orders: 'orders',
  order_items: 'order lines',
  customers: 'customers',
  product_catalog: 'products',
} as const satisfies Record<ShopTable, string>;

/** Statements that make the tables of schema `raw` beside the shop's: an import fills them, and a later one reads them. */
export const TABLES_BESIDE = [
  'duckdb/snapshot/charges_table',
  'duckdb/snapshot/refunds_table',
  'duckdb/snapshot/refund_parts_table',
  'duckdb/snapshot/order_numbers_table',
  'duckdb/snapshot/persons_table',
  'duckdb/snapshot/currency_table',
] as const satisfies readonly SqlFile[];

/** `create table` for one shop table. Only the constants above go into the text. */
export function createTableSql(table: ShopTable, ids: IdTypes): string {
  return createSql(table, SHOP_TABLES[table], ids);
}

/**
 * One row per customer and attribute: what the file of customers says of the customer, else what the latest order says
 * that says anything. `order_date` is NULL if it is the file of customers. Only an import fills it.
 */
export const CUSTOMER_ATTRIBUTES: Readonly<Record<string, ColumnType>> = {
  customer_id: 'customer id',
  attribute: 'varchar',
  value: 'varchar',
  order_date: 'timestamp',
};

export function createCustomerAttributesSql(ids: IdTypes): string {
  return createSql('customer_attributes', CUSTOMER_ATTRIBUTES, ids);
}

function createSql(table: string, columns: Readonly<Record<string, ColumnType>>, ids: IdTypes): string {
  const defined = Object.entries(columns).map(([name, type]) => `${name} ${sqlType(type, ids)}`);
  return `create table raw.${table} (${defined.join(', ')})`;
}

function sqlType(type: ColumnType, ids: IdTypes): string {
  if (type === 'customer id') return ids.customerId === 'integer' ? 'bigint' : 'varchar';
  if (type === 'product id') return ids.productId === 'integer' ? 'bigint' : 'varchar';
  return type;
}
