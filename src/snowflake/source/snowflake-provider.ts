import { z } from 'zod';
import type {
  BorrowedData,
  DataSource,
  DataSourceProvider,
  DataSummary,
  SqlValue,
} from '../../data/data-source.ts';
import type { LeftOutRows } from '../../data/left-out-rows.ts';
import { LentSources } from '../../data/lent-sources.ts';
import { loadSql } from '../../data/load-sql.ts';
import type { SegmentThresholds } from '../../data/segment-thresholds.ts';
import { shopCountsSchema, summaryOfCounts } from '../../data/shop-counts.ts';
import { SHOP_TABLE_NAMES } from '../../data/shop-tables.ts';
import { ChurnMcpError } from '../../errors.ts';
import { sha256Of } from '../../files/checksum.ts';
import { sharedCall } from '../../shared-call.ts';
import { type Blanks, fillBlanks } from '../blanks.ts';
import { type CountedRows, haveZones, lastDayAt, leftOutRowsOf } from '../counted-rows.ts';
import { deployedSchemas } from '../deployment/deployment-text.ts';
import { CollectedRows } from '../session/collected-rows.ts';
import { isRefusal, isSessionEnded } from '../session/snowflake-errors.ts';
import type { SentStatement } from '../session/snowflake-session.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { inSnowflake, literal, quoted } from '../statement-text.ts';
import {
  alteredBlanks,
  type DynamicTable,
  dynamicTablesOf,
  freshTables,
  type ServedTables,
} from './served-tables.ts';
import { SessionHolder } from './session-holder.ts';
import { type SeenTables, SnowflakeDataSource } from './snowflake-data-source.ts';

/** Time between two checks whether the tables have changed. */
const LOOK_AGAIN_MS = 60_000;

/**
 * Time after which tables are looked at even if they have not changed: the next day's orders may count by then, and the moment that
 * later statements read them at has to stay within their history.
 */
const LOOK_AT_CONTENT_MS = 3_600_000;

interface LastChanges {
  readonly tokens: string;
  readonly at: number;
}

/** An id with more digits is read as text. */
const MOST_ID_DIGITS = 15;

export interface ProviderOptions {
  readonly lookAgainMs?: number;
  readonly now?: () => Date;
}

/** The shop in Snowflake as a long-lived server sees it: new orders appear within a minute. */
export function openSnowflake(config: SnowflakeConfig, options: ProviderOptions = {}): DataSourceProvider {
  return new SnowflakeProvider(config, options);
}

class SnowflakeProvider implements DataSourceProvider {
  readonly #config: SnowflakeConfig;
  readonly #lookAgainMs: number;
  readonly #now: () => Date;
  #holder: SessionHolder | undefined;
  #lookedAt = 0;
  /** What the tables said of their last change before they were looked at, and when that was. */
  #lastChanges: LastChanges | undefined;
  /** Read once: tables do not change their types. */
  #ordersHaveZones: boolean | undefined;
  readonly #sources = new LentSources<SnowflakeDataSource>();
  readonly #lookOnce = sharedCall(() => this.#look());

  constructor(
    config: SnowflakeConfig,
    { lookAgainMs = LOOK_AGAIN_MS, now = () => new Date() }: ProviderOptions,
  ) {
    this.#config = config;
    this.#lookAgainMs = lookAgainMs;
    this.#now = now;
  }

  current(): Promise<DataSource> {
    return this.#sources.keep(() => this.#latest());
  }

  borrow(): Promise<BorrowedData> {
    return this.#sources.borrow(() => this.#latest());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#holder = undefined;
    await this.#sources[Symbol.asyncDispose]();
  }

  async #latest(): Promise<SnowflakeDataSource> {
    const { current } = this.#sources;
    if (current !== undefined && performance.now() - this.#lookedAt < this.#lookAgainMs) return current;
    return this.#lookOnce();
  }

  async #look(): Promise<SnowflakeDataSource> {
    const { current } = this.#sources;
    const holder = this.#holder ?? new SessionHolder(this.#config);
    const closeAfter = async (error: unknown) => {
      if (current === undefined) await holder.close();
      throw error;
    };
    const lastChanges = await this.#readLastChanges(holder).catch(closeAfter);
    if (current !== undefined && this.#isUnchanged(lastChanges)) {
      this.#lookedAt = performance.now();
      return current;
    }
    const seen = await this.#readSummary(holder).catch(closeAfter);
    this.#lookedAt = performance.now();
    this.#lastChanges = lastChanges;
    if (current !== undefined && current.fingerprint === seen.summary.fingerprint) {
      current.seenAgain(seen);
      return current;
    }
    // Each state of the tables has its own session, for serving tables are temporary ones of it.
    const own = current === undefined ? holder : new SessionHolder(this.#config);
    const again = () => this.#readSummary(own);
    const source = new SnowflakeDataSource(this.#config, { seen, again }, own);
    this.#sources.replace(source);
    this.#holder = own;
    return source;
  }

  /**
   * Two statements: which rows count, and what those are. Neither names a moment, and the day is the same all day, so Snowflake
   * answers both from its result cache as long as the tables do not change.
   */
  async #readSummary(holder: SessionHolder): Promise<SeenTables> {
    const { segmentThresholds } = this.#config;
    const lastDay = lastDayAt(this.#now());
    const looked = await this.#read(holder, 'left_out', { values: [lastDay], counted: undefined });
    const leftOut = looked.sink.rows.map(leftOutRowsOf);
    const counted = {
      unclean: new Set(leftOut.map(({ table }) => table)),
      lastDay: `cast('${lastDay}' as date)`,
      ordersHaveZones: await this.#readZones(holder),
    };
    const dynamic = await this.#dynamicTables(holder, counted.ordersHaveZones);
    const { sink, queryId } = await this.#read(holder, 'data_summary', { values: [], counted });
    const summary = summaryOf(sink, segmentThresholds, leftOut);
    const served = await this.#fresh(dynamic, summary.lastOrderDate, holder);
    return { summary, seenBy: queryId, counted, served };
  }

  /** Read before the summary. Without history a statement could see a later state of them than of the orders. */
  async #dynamicTables(holder: SessionHolder, ordersHaveZones: boolean): Promise<DynamicTable[]> {
    if (!this.#config.readsDynamicTables || !this.#config.timeTravel) return [];
    const schema = quoted(...deployedSchemas(this.#config).interactive);
    const rows = await this.#rowsIfAllowed(holder, 'dynamic_tables', { schema });
    return dynamicTablesOf(rows, { ...this.#config, ordersHaveZones });
  }

  /** Read after the summary: what had not changed by then was the same when the summary was read. */
  async #fresh(
    tables: readonly DynamicTable[],
    lastOrderDate: string,
    holder: SessionHolder,
  ): Promise<ServedTables> {
    if (tables.length === 0) return new Map();
    const altered = await this.#rowsIfAllowed(holder, 'last_altered', alteredBlanks(this.#config.tables));
    return freshTables(tables, altered, lastOrderDate);
  }

  /** No rows if nothing is deployed, or the role may not look. */
  async #rowsIfAllowed(
    holder: SessionHolder,
    name: 'dynamic_tables' | 'last_altered',
    blanks: Blanks,
  ): Promise<readonly unknown[]> {
    const text = fillBlanks(loadSql(`snowflake/${name}`), blanks);
    return this.#send(holder, { text, values: [], tag: `churn-mcp ${name}` }).then(
      ({ sink }) => sink.rows,
      (error: unknown) => {
        if (isRefusal(error)) return [];
        throw error;
      },
    );
  }

  /** So that tables which have not changed are not read again. Undefined if Snowflake cannot say, as of tables of others. */
  async #readLastChanges(holder: SessionHolder): Promise<LastChanges | undefined> {
    const { tables } = this.#config;
    const blanks = Object.fromEntries(
      SHOP_TABLE_NAMES.map((name) => [name, literal(quoted(...(tables[name] ?? tables.orders)))]),
    );
    const text = fillBlanks(loadSql('snowflake/last_changes'), blanks);
    const { sink } = await this.#send(holder, { text, values: [], tag: 'churn-mcp last_changes' }).catch(
      (error: unknown) => {
        if (isRefusal(error)) return { sink: undefined };
        throw error;
      },
    );
    return sink === undefined ? undefined : { tokens: JSON.stringify(sink.rows), at: Date.now() };
  }

  #isUnchanged(now: LastChanges | undefined): boolean {
    const before = this.#lastChanges;
    if (now === undefined || before === undefined) return false;
    return now.tokens === before.tokens && now.at - before.at < LOOK_AT_CONTENT_MS;
  }

  async #readZones(holder: SessionHolder): Promise<boolean> {
    const all = { values: [], counted: undefined };
    this.#ordersHaveZones ??= haveZones((await this.#read(holder, 'order_times', all)).sink.columns);
    return this.#ordersHaveZones;
  }

  async #read(
    holder: SessionHolder,
    name: 'left_out' | 'data_summary' | 'order_times',
    { values, counted }: { readonly values: readonly SqlValue[]; readonly counted: CountedRows | undefined },
  ): Promise<{ sink: CollectedRows; queryId: string }> {
    const { tables } = this.#config;
    const { text } = inSnowflake(loadSql(`snowflake/${name}`), { tables, asSeenBy: undefined, counted });
    return this.#send(holder, { text, values, tag: `churn-mcp ${name}` });
  }

  async #send(
    holder: SessionHolder,
    statement: SentStatement,
  ): Promise<{ sink: CollectedRows; queryId: string }> {
    const read = async () => {
      const open = await holder.get(undefined);
      const sink = new CollectedRows();
      try {
        const { queryId } = await open.session.run(statement, sink);
        return { sink, queryId };
      } catch (error) {
        if (isSessionEnded(error)) await holder.forget(open);
        throw error;
      }
    };
    return read().catch((error: unknown) => {
      if (isSessionEnded(error)) return read();
      throw error;
    });
  }
}

const count = z.coerce.number().int();
const hash = z.string().nullable();

const rowSchema = shopCountsSchema.extend({
  described_customers: count,
  customer_id_length: count.nullable(),
  product_id_length: count.nullable(),
  orders_hash: hash,
  order_items_hash: hash,
  product_catalog_hash: hash,
  customers_hash: hash,
});

function summaryOf(
  { rows, columns }: CollectedRows,
  segmentThresholds: SegmentThresholds,
  leftOut: readonly LeftOutRows[],
): DataSummary {
  const row = rowSchema.parse(rows[0]);
  const isInteger = (name: string, length: number | null) =>
    columns.some((column) => column.name === name && column.type === 'fixed' && column.scale === 0) &&
    (length ?? 0) <= MOST_ID_DIGITS;
  const content = [
    ['customers', row.described_customers, row.customers_hash],
    ['orders', row.orders, row.orders_hash],
    ['order_items', row.order_items, row.order_items_hash],
    ['product_catalog', row.catalog_products, row.product_catalog_hash],
  ];
  const summary = summaryOfCounts(row, {
    fingerprint: sha256Of(JSON.stringify(content)),
    customerIdType: isInteger('some_customer_id', row.customer_id_length) ? 'integer' : 'text',
    productIdType: isInteger('some_product_id', row.product_id_length) ? 'integer' : 'text',
    segmentThresholds,
  });
  if (summary !== undefined) return leftOut.length === 0 ? summary : { ...summary, leftOut };
  throw new ChurnMcpError('NO_DATA', 'The table of orders in Snowflake is empty.', {
    hint: 'Check CHURN_MCP_SNOWFLAKE_ORDERS and CHURN_MCP_SNOWFLAKE_DATABASE.',
  });
}
