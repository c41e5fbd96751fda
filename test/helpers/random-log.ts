/** Random rows of a log, as senders write them. */
import fc from 'fast-check';
import type { RowKind } from '../../src/ingest/row-kinds.ts';

export type LogRow = Readonly<Record<string, string | number>> & { readonly kind: RowKind };

const day = (at: number) => new Date(Date.UTC(2026, 0, 1) + at * 86_400_000).toISOString().slice(0, 10);
const anyOrder = fc
  .record({
    order: fc.integer({ min: 1, max: 5 }),
    customer: fc.integer({ min: 1, max: 4 }),
    at: fc.integer({ min: 0, max: 320 }),
    total: fc.option(fc.integer({ min: 0, max: 9999 })),
    status: fc.constantFrom('paid', 'paid', 'shipped', 'cancelled', 'refunded'),
    time: fc.constantFrom('', 'T10:30:00Z', ' 09:15'),
  })
  .map(
    ({ order, customer, at, total, status, time }): LogRow => ({
      kind: 'orders',
      order_id: `${order}`,
      customer_id: `c${customer}`,
      order_date: `${day(at)}${time}`,
      order_status: status,
      ...(total !== null && { total_amount: total / 100 }),
    }),
  );
const anyCancellation = fc
  .integer({ min: 1, max: 6 })
  .map((order): LogRow => ({ kind: 'orders', order_id: `${order}`, order_status: 'cancelled' }));
const anyLine = fc
  .record({
    line: fc.integer({ min: 1, max: 8 }),
    order: fc.integer({ min: 1, max: 6 }),
    product: fc.integer({ min: 1, max: 4 }),
    quantity: fc.option(fc.constantFrom(1, 2, 3, -1)),
    price: fc.integer({ min: 1, max: 999 }),
    form: fc.constantFrom('price', 'total', 'discount'),
  })
  .map(
    ({ line, order, product, quantity, price, form }): LogRow => ({
      kind: 'order_items',
      order_item_id: `i${line}`,
      order_id: `${order}`,
      product_id: `P${product}`,
      product_name: `Product ${product}`,
      ...(quantity !== null && { quantity }),
      ...(form === 'total' ? { line_total: price / 10 } : { unit_price: price / 100 }),
      ...(form === 'discount' && { line_discount: 0.01 }),
    }),
  );
const anyReturn = fc
  .record({
    id: fc.integer({ min: 1, max: 5 }),
    order: fc.integer({ min: 1, max: 6 }),
    amount: fc.integer({ min: 1, max: 5000 }),
  })
  .map(
    ({ id, order, amount }): LogRow => ({
      kind: 'returns',
      return_id: `r${id}`,
      order_id: `${order}`,
      amount: amount / 100,
    }),
  );
const anyPerson = fc
  .record({ id: fc.integer({ min: 1, max: 4 }), name: fc.constantFrom('Ann', 'Bo', 'Cy') })
  .map(({ id, name }): LogRow => ({ kind: 'customers', customer_id: `c${id}`, first_name: name }));
const anyProduct = fc
  .record({ id: fc.integer({ min: 1, max: 4 }), price: fc.integer({ min: 1, max: 99 }) })
  .map(
    ({ id, price }): LogRow => ({
      kind: 'products',
      product_id: `P${id}`,
      product_name: `Product ${id}`,
      price,
    }),
  );
/** What senders tell: orders, cancellations, lines, returns, customers and products, again and again. */
export const anyRow = fc.oneof(
  { weight: 4, arbitrary: anyOrder },
  { weight: 1, arbitrary: anyCancellation },
  { weight: 4, arbitrary: anyLine },
  { weight: 1, arbitrary: anyReturn },
  { weight: 1, arbitrary: anyPerson },
  { weight: 1, arbitrary: anyProduct },
);
/** A person behind two ids, which also may be an e-mail address. */
const anyMerge = fc
  .record({ id: fc.integer({ min: 1, max: 4 }), person: fc.constantFrom('c1', 'c2', 'Ann@Example.com', 'p') })
  .map(
    ({ id, person }): LogRow => ({ kind: 'customers', customer_id: `c${id}`, person_id: person, city: 'X' }),
  );
const anyRename = fc
  .record({
    id: fc.integer({ min: 1, max: 4 }),
    name: fc.constantFrom('A', 'B'),
    category: fc.constantFrom('s', 't'),
  })
  .map(
    ({ id, name, category }): LogRow => ({
      kind: 'products',
      product_id: `P${id}`,
      product_name: name,
      product_category: category,
      stock_quantity: id % 2,
    }),
  );
const anyRenamedLine = fc
  .record({
    line: fc.integer({ min: 1, max: 40 }),
    product: fc.integer({ min: 1, max: 4 }),
    name: fc.constantFrom('A', 'B'),
    quantity: fc.constantFrom(1, 1, 1, -1),
  })
  .map(
    ({ line, product, name, quantity }): LogRow => ({
      kind: 'order_items',
      order_item_id: `j${line}`,
      order_id: `${line % 9}`,
      product_id: `P${product}`,
      product_name: name,
      product_category: name,
      quantity,
      unit_price: line,
    }),
  );
/** Ids as senders write them: with blanks, in capitals, and orders of which only an import knows. */
const anyOddOrder = fc
  .record({
    order: fc.constantFrom('7', '8', ' 7 ', '9', 'R-8'),
    customer: fc.constantFrom('ANN@example.com', 'ann@example.com', 'c1', ' c2 ', 'c3', 'guest'),
    at: fc.integer({ min: 300, max: 340 }),
    total: fc.integer({ min: -999, max: 9999 }),
    country: fc.constantFrom('DE', 'FR'),
  })
  .map(
    ({ order, customer, at, total, country }): LogRow => ({
      kind: 'orders',
      order_id: order,
      customer_id: customer,
      order_date: day(at),
      total_amount: total / 100,
      country,
    }),
  );
/** The same, and what makes two rows one: persons, other names of products, ids that are written otherwise. */
export const anyHostileRow = fc.oneof(
  { weight: 6, arbitrary: anyRow },
  { weight: 1, arbitrary: anyMerge },
  { weight: 1, arbitrary: anyRename },
  { weight: 2, arbitrary: anyRenamedLine },
  { weight: 2, arbitrary: anyOddOrder },
);
