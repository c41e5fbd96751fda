import { z } from 'zod';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { readCount } from '../../duckdb/read-count.ts';
import { loadSql } from '../../load-sql.ts';
import type { SmallShop } from '../small-shop.ts';
import { createTable, createView } from '../staging/relations.ts';

const eventSchema = z.object({
  customer_id: z.string(),
  order_id: z.string(),
  amount: z.coerce.bigint(),
  wanted_order_id: z.string().nullable(),
});

export interface RefundsOfShop {
  /** Orders and refunds of the previous snapshot stay: all refunds are subtracted from all orders anew, so that none is subtracted twice. */
  readonly withEarlier: boolean;
  /** Rows are those of the log: `log_refunds_before` has what they made refunds of before. */
  readonly isOfLog: boolean;
  readonly bringOrdersOfRefunds: SmallShop['bringOrdersOfRefunds'] | undefined;
}

/**
 * Subtracts refunds from the orders that they belong to: the order that they name, else the customer's latest order of the
 * same product, else the customer's latest orders before the refund. No order goes below zero. The parts are
 * `raw.refund_parts`, one row per order.
 */
export async function takeOffRefunds(
  connection: DuckDBConnection,
  { withEarlier, isOfLog, bringOrdersOfRefunds }: RefundsOfShop,
): Promise<void> {
  await createTable(connection, 'given_back', 'duckdb/import/given_back');
  await createTable(
    connection,
    'refunds_taken_back',
    withEarlier && isOfLog ? 'duckdb/refresh/refunds_taken_back' : 'duckdb/import/no_refunds_taken_back',
  );
  await connection.run(loadSql('duckdb/import/mark_refunds_of_known_orders'));
  await bringOrdersOfRefunds?.();
  await createView(
    connection,
    withEarlier ? 'sold_orders_of_files' : 'sold_orders',
    'duckdb/import/sold_orders',
  );
  if (withEarlier) {
    await createView(connection, 'sold_orders', 'duckdb/import/sold_orders_with_staying');
    await connection.run(
      `insert into staging.given_back by name ${loadSql('duckdb/import/earlier_given_back')}`,
    );
  }
  // Orders and lines of millions of rows would be read to find none.
  if ((await readCount(connection, 'select count(*) from staging.given_back')) === 0) {
    await createTable(connection, 'refunds', 'duckdb/import/no_refunds');
    return;
  }
  await viewOrdersOfRefunds(connection, withEarlier);
  const parts = new Map<string, bigint>();
  let orders: OpenOrders | undefined;
  for (const event of await refundEvents(connection)) {
    if (orders?.customer !== event.customer_id) orders = new OpenOrders(event.customer_id);
    if (event.amount >= 0n) {
      orders.add(event.order_id, event.amount);
      continue;
    }
    for (const { order, amount } of orders.takeOff(-event.amount, event.wanted_order_id)) {
      parts.set(order, (parts.get(order) ?? 0n) + amount);
    }
  }
  await writeParts(connection, parts);
}

/** Makes the refunds readable with the orders that they name, and the orders of customers with refunds. */
async function viewOrdersOfRefunds(connection: DuckDBConnection, withEarlier: boolean): Promise<void> {
  await createView(
    connection,
    withEarlier ? 'sold_lines_of_files' : 'sold_lines',
    'duckdb/import/sold_lines',
  );
  if (withEarlier) await createView(connection, 'sold_lines', 'duckdb/import/sold_lines_with_staying');
  await createTable(connection, 'refunds', 'duckdb/import/refunds');
  await createTable(connection, 'open_orders', 'duckdb/import/open_orders');
  if (withEarlier) {
    await connection.run(
      `insert into staging.open_orders by name ${loadSql('duckdb/import/earlier_open_orders')}`,
    );
  }
}

/** Refunds (their amounts negative) and the orders of customers with refunds, by customer and time. */
async function refundEvents(connection: DuckDBConnection) {
  const rows = (await connection.runAndReadAll(loadSql('duckdb/import/refund_events'))).getRowObjectsJson();
  return rows.map((row) => eventSchema.parse(row));
}

/** A customer's orders so far, with what is left of each. */
class OpenOrders {
  readonly customer: string;
  readonly #left = new Map<string, bigint>();
  /** In order of time. An order of which nothing is left is removed when it is met. */
  readonly #stack: string[] = [];

  constructor(customer: string) {
    this.customer = customer;
  }

  add(order: string, amount: bigint): void {
    this.#left.set(order, amount);
    this.#stack.push(order);
  }

  takeOff(amount: bigint, wanted: string | null): { order: string; amount: bigint }[] {
    const taken: { order: string; amount: bigint }[] = [];
    let rest = amount;
    const takeFrom = (order: string) => {
      const left = this.#left.get(order) ?? 0n;
      const part = left < rest ? left : rest;
      if (part === 0n) return;
      this.#left.set(order, left - part);
      rest -= part;
      taken.push({ order, amount: part });
    };
    if (wanted !== null) takeFrom(wanted);
    while (rest > 0n) {
      const latest = this.#stack.at(-1);
      if (latest === undefined) break;
      takeFrom(latest);
      if ((this.#left.get(latest) ?? 0n) === 0n) this.#stack.pop();
    }
    return taken;
  }
}

async function writeParts(connection: DuckDBConnection, parts: ReadonlyMap<string, bigint>): Promise<void> {
  const entries = [...parts].map(([order, amount]) => ({ order_id: order, amount: amount.toString() }));
  for (let at = 0; at < entries.length; at += 10_000) {
    await connection.run(loadSql('duckdb/import/insert_refund_parts'), [
      JSON.stringify(entries.slice(at, at + 10_000)),
    ]);
  }
}
