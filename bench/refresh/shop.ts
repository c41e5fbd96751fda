/** A shop of any size as Parquet files, and rows of the log that change it. Both follow from their numbers alone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const PRODUCTS = 20_000;
const ORDERS_PER_CUSTOMER = 10;

/** A number from 0 to 1 that follows from a row's columns. */
const chance = (seed: number, columns: string) => `(hash(${columns}, ${seed}) % 1000000007 / 1000000007.0)`;

export async function writeShop(folder: string, orders: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { preserve_insertion_order: 'false' });
  const connection = await instance.connect();
  const write = (table: string, rows: string) =>
    connection.run(`copy (${rows}) to '${join(folder, `${table}.parquet`)}'`);
  const customers = orders / ORDERS_PER_CUSTOMER;
  await write(
    'orders',
    `select 'O' || lpad(range::varchar, 8, '0') as order_id,
      floor(power(${chance(1, 'range')}, 1.3) * ${customers})::bigint + 1 as customer_id,
      timestamp '2023-01-01' + to_seconds(floor(${chance(2, 'range')} * 86400 * 1095)::bigint) as order_date,
      round(5 + 200 * power(${chance(3, 'range')}, 2), 2)::decimal(18, 2) as total_amount
    from range(${orders})`,
  );
  await write(
    'order_items',
    `select 'L' || range || '-' || n as order_item_id, 'O' || lpad(range::varchar, 8, '0') as order_id,
      product as product_id, 'Product ' || product as product_name, 'Category ' || product % 40 as product_category,
      1 + (hash(range, n, 9) % 3)::bigint as quantity, (3 + product % 97)::decimal(18, 2) as unit_price
    from (
      select range, n, floor(power(${chance(5, 'range, n')}, 2.5) * ${PRODUCTS})::bigint + 1 as product
      from range(${orders}), lateral (select unnest(generate_series(1, 1 + (hash(range, 7) % 3)::bigint)) as n)
    )`,
  );
  connection.closeSync();
  instance.closeSync();
}

/** About `rows` rows: orders with their lines; every twentieth order is a cancellation of one that the shop has. */
export function newRows(shopOrders: number, rows: number, seed: number, day = '2025-12-29'): string {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const lines: string[] = [];
  for (let order = 0; lines.length < rows; order++) {
    if (next() < 0.05) {
      const id = `O${String(Math.floor(next() * shopOrders)).padStart(8, '0')}`;
      lines.push(JSON.stringify({ kind: 'orders', order_id: id, order_status: 'cancelled' }));
      continue;
    }
    const id = `N${seed}-${order}`;
    const customer = Math.floor(next() ** 1.3 * (shopOrders / ORDERS_PER_CUSTOMER)) + 1;
    const amount = Math.round(500 + next() * 20_000) / 100;
    const date = `${day}T${String(Math.floor(next() * 24)).padStart(2, '0')}:15:00Z`;
    lines.push(
      JSON.stringify({
        kind: 'orders',
        order_id: id,
        customer_id: `${customer}`,
        order_date: date,
        total_amount: amount,
      }),
    );
    for (let line = 0, count = 1 + Math.floor(next() * 3); line < count; line++) {
      const product = Math.floor(next() ** 2.5 * PRODUCTS) + 1;
      lines.push(
        JSON.stringify({
          kind: 'order_items',
          order_item_id: `${id}-${line}`,
          order_id: id,
          product_id: `${product}`,
          product_name: `Product ${product}`,
          product_category: `Category ${product % 40}`,
          quantity: 1 + Math.floor(next() * 3),
          unit_price: 3 + (product % 97),
        }),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

const COLUMNS = {
  orders: ['order_id', 'customer_id', 'order_date', 'total_amount', 'order_status'],
  order_items: [
    ...['order_item_id', 'order_id', 'product_id', 'product_name', 'product_category'],
    ...['quantity', 'unit_price'],
  ],
} as const;

/** Writes rows of the log as the CSV files that an import reads: the arguments that name them. */
export function writeRows(folder: string, rows: string): string[] {
  const parsed: Record<string, unknown>[] = rows
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return Object.entries(COLUMNS).flatMap(([kind, columns]) => {
    const lines = parsed
      .filter((row) => row.kind === kind)
      .map((row) => columns.map((column) => row[column] ?? '').join(','));
    const file = join(folder, `new-${kind}.csv`);
    writeFileSync(file, `${columns.join(',')}\n${lines.join('\n')}\n`);
    return [`--${kind.replace('_', '-')}`, file];
  });
}
