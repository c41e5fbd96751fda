import { join } from 'node:path';
import { z } from 'zod';
import type { DuckDBConnection } from '../data/duckdb/duckdb-engine.ts';
import type { SnapshotWriter } from '../data/duckdb/snapshot-builder.ts';
import { attachEarlier, isEarlierDemo } from '../data/import/earlier-shop.ts';
import type { ImportRequest } from '../data/import/import-request.ts';
import { earlierLogTables, LOG_POSITION } from '../data/import/kept-log.ts';
import {
  copyToParquet,
  createKnownOrders,
  createTemporary,
  mergeLogRows,
  readLogRows,
  writeLogPosition,
} from '../data/import/log-rows.ts';
import { readRow } from '../data/import/staging/relations.ts';
import { loadSql } from '../data/load-sql.ts';
import { snapshotCorrupt } from '../data/snapshot-corrupt.ts';
import type { SqlFile } from '../data/sql-file.ts';
import { ChurnMcpError } from '../errors.ts';
import { type CopiedRows, copyRowsAfter } from './log-cursor.ts';
import { KINDS, ROW_KINDS, type RowKind } from './row-kinds.ts';

const positionSchema = z.object({ frame: z.coerce.number(), refreshed_on: z.string() });
const currencySchema = z.object({ currency: z.string().optional() });

/** Where the log was folded up to; the start of the log if it never was. */
export type LogPosition = z.infer<typeof positionSchema>;

const START: LogPosition = { frame: 0, refreshed_on: '9999-12-31' };

/** New rows of the log, beside the snapshot before. */
export interface ReadLog {
  readonly from: LogPosition;
  readonly copied: CopiedRows;
  /** Whether there is a snapshot before, and whether it holds rows of the log. */
  readonly hasEarlier: boolean;
  readonly hasEarlierLog: boolean;
  readonly currency: string | undefined;
}

/** The position of the snapshot that is attached as `earlier`. */
export async function earlierPosition(connection: DuckDBConnection): Promise<LogPosition> {
  if (!(await earlierLogTables(connection)).includes(LOG_POSITION)) return START;
  return positionSchema.parse(await readRow(connection, 'duckdb/refresh/earlier_position'));
}

/** Reads what is new in the log, and which orders that is about (`log_touched_orders`). Attaches the snapshot before. */
export async function readLog(
  { connection, workFolder }: SnapshotWriter,
  home: string,
  today: string,
): Promise<ReadLog> {
  const state = await attachEarlier(connection, home);
  if (state === 'unreadable') throw snapshotCorrupt('The data that the log adds to cannot be read.');
  const hasEarlier = state === 'attached';
  const tables = hasEarlier ? await earlierLogTables(connection) : [];
  const from = tables.length > 0 ? await earlierPosition(connection) : START;
  const copied = await copyRowsAfter(home, from.frame, (kind) => join(workFolder, `new-${kind}.ndjson`));
  if (hasEarlier && copied.rows === 0 && (await isEarlierDemo(connection))) {
    throw new ChurnMcpError('NO_DATA', 'Another version of churn-mcp made the demo shop.', {
      hint: 'Make it again with: churn-mcp demo',
    });
  }
  await connection.run(loadSql('duckdb/refresh/macro_gives_back'));
  await connection.run('set preserve_insertion_order = true');
  for (const kind of ROW_KINDS) {
    const { key, fields } = KINDS[kind];
    const [file, isInEarlier] = [copied.files.get(kind), tables.includes(kind)];
    await readLogRows(connection, { kind, key, fields: Object.keys(fields), file, isInEarlier });
  }
  await connection.run('set preserve_insertion_order = false');
  await createTemporary(connection, 'log_touched_orders', 'duckdb/refresh/touched_orders', [
    from.refreshed_on,
    today,
  ]);
  const currency = await currencyOf(connection, hasEarlier);
  return { from, copied, hasEarlier, hasEarlierLog: tables.length > 0, currency };
}

/**
 * Puts the new rows of the log into the snapshot that is being built, as its schema `ingest`: the latest row of each key, as the
 * sender wrote it. Then writes the rows of every order that new rows are about, whole, for an import to read. So an
 * order's lines are judged together, however they arrived.
 *
 * @returns what an import has to read to bring the shop's tables up to date
 */
export async function foldLog(
  { connection, workFolder }: SnapshotWriter,
  { copied, hasEarlier, currency }: ReadLog,
  today: string,
): Promise<ImportRequest> {
  await connection.run('create schema ingest');
  await connection.run('set preserve_insertion_order = true');
  for (const kind of ROW_KINDS) await mergeLogRows(connection, { kind, key: KINDS[kind].key });
  await connection.run('set preserve_insertion_order = false');
  await writeLogPosition(connection, copied.frame, today);
  await createTemporary(connection, 'log_relined_orders', 'duckdb/refresh/relined_orders');
  await createKnownOrders(connection, hasEarlier);
  await createTemporary(connection, 'log_refunds_before', 'duckdb/refresh/refunds_before');
  return await writeRequest(connection, workFolder, currency);
}

/** The rows that an import is to read, as files. */
const FED = {
  orders: 'duckdb/refresh/fed_orders',
  order_items: 'duckdb/refresh/fed_order_items',
  customers: 'duckdb/refresh/fed_customers',
  products: 'duckdb/refresh/fed_products',
} as const satisfies Partial<Record<RowKind, SqlFile>>;

/** Columns that an import needs, if no row has a value in them, too. */
const NEEDED = ['order_id', 'order_item_id', 'customer_id', 'product_id', 'order_date', 'total_amount'];

async function writeRequest(
  connection: DuckDBConnection,
  workFolder: string,
  currency: string | undefined,
): Promise<ImportRequest> {
  const fileOf = async (kind: keyof typeof FED): Promise<string | undefined> => {
    const [table, file] = [`log_fed_${kind}`, join(workFolder, `${kind}.parquet`)];
    await createTemporary(connection, table, FED[kind]);
    const columns = Object.keys(KINDS[kind].fields);
    const hasRows = await copyToParquet(connection, { table, columns, needed: NEEDED, file });
    // An import reads a file of orders, also if only customers are new.
    return hasRows || kind === 'orders' ? file : undefined;
  };
  return {
    orders: await fileOf('orders'),
    orderItems: await fileOf('order_items'),
    customers: await fileOf('customers'),
    products: await fileOf('products'),
    mode: 'append',
    isOfLog: true,
    currency,
    map: { customer_id: 'customer_id' },
    discount: 'amount',
  };
}

/** The shop's currency, or that of most orders of the log: rows in another one are left out. */
async function currencyOf(connection: DuckDBConnection, hasEarlier: boolean): Promise<string | undefined> {
  const statements: SqlFile[] = ['duckdb/refresh/currency_of_log'];
  if (hasEarlier) statements.unshift('duckdb/import/earlier_currency');
  for (const statement of statements) {
    const { currency } = currencySchema.parse(await readRow(connection, statement));
    if (currency !== undefined && /^[A-Z]{3}$/.test(currency)) return currency;
  }
  return undefined;
}
