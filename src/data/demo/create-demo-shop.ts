import { z } from 'zod';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import type { ProgressListener } from '../../progress.ts';
import type { DataSummary, Id } from '../data-source.ts';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { buildSnapshot } from '../duckdb/snapshot-builder.ts';
import { loadSql } from '../load-sql.ts';
import type { SegmentThresholds } from '../segment-thresholds.ts';
import { DEMO_CALENDAR } from './demo-calendar.ts';

export interface DemoShopRequest {
  readonly home: string;
  /** 100 to 1,000,000. Default 20,000. */
  readonly customers?: number;
  /** 0 to 2^32 - 1. Default 42. */
  readonly seed?: number;
  /** ISO date of the last day; of few customers, nobody may order on it. Default: the day that `now` tells, in UTC. */
  readonly asOf?: string;
  readonly now?: () => Date;
  /** An offer that some customers got: those whom it keeps order once more. */
  readonly offer?: DemoOffer | undefined;
  /** Where the segments begin; by default those of the stored procedure. */
  readonly segmentThresholds?: SegmentThresholds | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
}

export interface DemoOffer {
  readonly contactDate: string;
  readonly horizonDays: number;
  readonly contacted: readonly Id[];
}

/** Of contacted customers who would not order in the horizon, so many are kept by the offer. */
export const DEMO_KEPT_SHARE = 0.3;

export interface DemoShopReport {
  readonly snapshotId: string;
  readonly summary: DataSummary;
  readonly customers: number;
  readonly seed: number;
  readonly asOf: string;
}

/** Customers per batch. This bounds the memory: about 450,000 orders and 2.2 million lines. */
const BATCH_CUSTOMERS = 25_000;

/**
 * Makes the demo shop and makes it the current data.
 *
 * The shop is a random process (BG/NBD with seasons), drawn inside the database from a seed: the same request gives
 * the same orders, whatever the machine and the number of threads. Schema `demo` of the snapshot keeps the true
 * rates of each customer; only `best-reachable.ts` reads them, to compare models with them.
 *
 * `demo-calendar.ts` says why the shop behaves as it does.
 *
 * @throws INVALID_ARGUMENT for numbers out of range and invalid dates, STORAGE, CANCELLED.
 */
export async function createDemoShop(request: DemoShopRequest): Promise<DemoShopReport> {
  const { customers, seed, asOf } = parseRequest(request);
  const { home, offer, segmentThresholds, signal, onProgress } = request;
  const { snapshotId, summary } = await buildSnapshot({
    home,
    segmentThresholds,
    signal,
    onProgress,
    fill: async ({ connection, createTables }) => {
      await createTables({ customerId: 'integer', productId: 'integer' });
      await fillDemoShop(connection, { customers, seed, asOf }, { signal, onProgress });
      if (offer !== undefined) await addOfferTakers(connection, offer);
    },
  });
  return { snapshotId, summary, customers, seed, asOf };
}

/** Fills the empty tables of schema `raw`, and makes schema `demo`. */
export async function fillDemoShop(
  connection: DuckDBConnection,
  { customers, seed, asOf }: { readonly customers: number; readonly seed: number; readonly asOf: string },
  {
    signal,
    onProgress,
  }: { readonly signal?: AbortSignal | undefined; readonly onProgress?: ProgressListener | undefined } = {},
): Promise<void> {
  await layDownTheLaw(connection, asOf);
  await makeCustomers(connection, customers, seed, asOf);
  await makeOrders(connection, customers, signal, onProgress);
}

const requestSchema = z.object({
  customers: z.int().min(100).max(1_000_000),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  asOf: z.iso.date(),
});

const HINTS: Record<string, string> = {
  customers: 'Use --customers 100 to 1000000.',
  seed: 'Use a whole number from 0 to 4,294,967,295 as the seed.',
  asOf: 'Write the date as YYYY-MM-DD.',
};

function parseRequest(request: DemoShopRequest): z.output<typeof requestSchema> {
  const now = request.now ?? (() => new Date());
  const filled = {
    customers: request.customers ?? 20_000,
    seed: request.seed ?? 42,
    asOf: request.asOf ?? now().toISOString().slice(0, 10),
  };
  const parsed = requestSchema.safeParse(filled);
  if (parsed.success) return parsed.data;
  const field = String(parsed.error.issues[0]?.path[0] ?? 'customers');
  throw new ChurnMcpError('INVALID_ARGUMENT', 'The demo shop cannot be made as asked.', {
    hint: HINTS[field] ?? 'Use whole numbers and a date written as YYYY-MM-DD.',
    cause: parsed.error,
  });
}

/** Everything that does not depend on the customers: chance, population, products, tastes, the shop's year. */
async function layDownTheLaw(connection: DuckDBConnection, asOf: string): Promise<void> {
  const { historyDays, saleDays, saleFactor, saleEnd } = DEMO_CALENDAR;
  await connection.run('create schema demo');
  await connection.run(loadSql('duckdb/demo/mix'));
  await connection.run(loadSql('duckdb/demo/random'));
  await connection.run(loadSql('duckdb/demo/population'));
  await connection.run(loadSql('duckdb/demo/product_catalog'));
  await connection.run(loadSql('duckdb/demo/tastes'));
  await connection.run(loadSql('duckdb/demo/season'), [
    asOf,
    historyDays,
    saleDays,
    saleFactor,
    saleEnd.month,
    saleEnd.day,
  ]);
}

async function makeCustomers(
  connection: DuckDBConnection,
  customers: number,
  seed: number,
  asOf: string,
): Promise<void> {
  const { historyDays, launchDays, launchShare } = DEMO_CALENDAR;
  await connection.run(loadSql('duckdb/demo/truth'), [
    seed,
    customers,
    asOf,
    historyDays,
    launchDays,
    launchShare,
  ]);
  await connection.run(loadSql('duckdb/demo/customers'));
}

async function addOfferTakers(connection: DuckDBConnection, offer: DemoOffer): Promise<void> {
  const { contactDate, horizonDays, contacted } = offer;
  const ids = JSON.stringify(contacted);
  await connection.run(loadSql('duckdb/demo/offer_takers'), [contactDate, horizonDays, DEMO_KEPT_SHARE, ids]);
}

async function makeOrders(
  connection: DuckDBConnection,
  customers: number,
  signal: AbortSignal | undefined,
  onProgress: ProgressListener | undefined,
): Promise<void> {
  for (let first = 1; first <= customers; first += BATCH_CUSTOMERS) {
    throwIfAborted(signal);
    onProgress?.({ phase: 'demo shop', done: first - 1, total: customers, message: 'Making orders' });
    const last = Math.min(customers, first + BATCH_CUSTOMERS - 1);
    await connection.run(loadSql('duckdb/demo/purchases'), [first, last]);
    await connection.run(loadSql('duckdb/demo/baskets'));
    await connection.run(loadSql('duckdb/demo/orders'));
    await connection.run(loadSql('duckdb/demo/order_items'));
    await connection.run(loadSql('duckdb/demo/dropouts'));
  }
  onProgress?.({ phase: 'demo shop', done: customers, total: customers, message: 'Orders made' });
}
