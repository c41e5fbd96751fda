import { IMPORT_FIELDS } from '../data/import/columns/import-fields.ts';

/** What a row of the log is about. A later row with the same key replaces an earlier one of its kind. */
export const ROW_KINDS = ['orders', 'order_items', 'customers', 'products', 'returns'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

export function isRowKind(word: unknown): word is RowKind {
  return ROW_KINDS.some((kind) => kind === word);
}

type FieldType = 'id' | 'text' | 'number' | 'amount' | 'date' | 'flag';

interface KindDescription {
  readonly key: string;
  readonly fields: Readonly<Record<string, FieldType>>;
}

/** Fields that hold something else than text. */
const TYPES: Readonly<Record<string, FieldType>> = {
  order_id: 'id',
  order_item_id: 'id',
  customer_id: 'id',
  product_id: 'id',
  return_id: 'id',
  person_id: 'id',
  order_date: 'date',
  registration_date: 'date',
  returned_at: 'date',
  cancelled_at: 'flag',
  is_test: 'flag',
  is_live: 'flag',
  total_amount: 'amount',
  refunded_amount: 'amount',
  shipping_cost: 'amount',
  amount: 'amount',
  order_total: 'amount',
  price: 'amount',
  discount_percent: 'number',
  quantity: 'number',
  unit_price: 'number',
  line_discount: 'number',
  line_total: 'number',
  stock_quantity: 'number',
};

/** Each kind with its key and its fields: those of an import, so that one set of rules reads both. */
export const KINDS: Readonly<Record<RowKind, KindDescription>> = {
  orders: { key: 'order_id', fields: typed(IMPORT_FIELDS.orders) },
  order_items: { key: 'order_item_id', fields: typed(IMPORT_FIELDS.order_items) },
  customers: { key: 'customer_id', fields: typed(IMPORT_FIELDS.customers) },
  products: { key: 'product_id', fields: typed(IMPORT_FIELDS.product_catalog) },
  returns: { key: 'return_id', fields: typed(['return_id', 'order_id', 'amount', 'returned_at']) },
};

function typed(fields: readonly string[]): Record<string, FieldType> {
  return Object.fromEntries(fields.map((field) => [field, TYPES[field] ?? 'text']));
}
