import { z } from 'zod';
import type { BorrowedData, DataSource, DataSourceProvider, DataSummary } from '../../data/data-source.ts';
import { LentSources } from '../../data/lent-sources.ts';
import { loadSql } from '../../data/load-sql.ts';
import type { SegmentThresholds } from '../../data/segment-thresholds.ts';
import { shopCountsSchema, summaryOfCounts } from '../../data/shop-counts.ts';
import { ChurnMcpError } from '../../errors.ts';
import { sha256Of } from '../../files/checksum.ts';
import { sharedCall } from '../../shared-call.ts';
import { CollectedRows } from '../session/collected-rows.ts';
import { isSessionEnded } from '../session/snowflake-errors.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { inSnowflake } from '../statement-text.ts';
import { SessionHolder } from './session-holder.ts';
import { type SeenTables, SnowflakeDataSource } from './snowflake-data-source.ts';

/** Time between two checks whether the tables have changed. */
const LOOK_AGAIN_MS = 60_000;

/** An id with more digits is read as text. */
const MOST_ID_DIGITS = 15;

export interface ProviderOptions {
  readonly lookAgainMs?: number;
}

/** The shop in Snowflake as a long-lived server sees it: new orders appear within a minute. */
export function openSnowflake(config: SnowflakeConfig, options: ProviderOptions = {}): DataSourceProvider {
  return new SnowflakeProvider(config, options.lookAgainMs ?? LOOK_AGAIN_MS);
}

class SnowflakeProvider implements DataSourceProvider {
  readonly #config: SnowflakeConfig;
  readonly #lookAgainMs: number;
  #holder: SessionHolder | undefined;
  #lookedAt = 0;
  readonly #sources = new LentSources<SnowflakeDataSource>();
  readonly #lookOnce = sharedCall(() => this.#look());

  constructor(config: SnowflakeConfig, lookAgainMs: number) {
    this.#config = config;
    this.#lookAgainMs = lookAgainMs;
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
    if (current !== undefined && Date.now() - this.#lookedAt < this.#lookAgainMs) return current;
    return this.#lookOnce();
  }

  async #look(): Promise<SnowflakeDataSource> {
    const { current } = this.#sources;
    const holder = this.#holder ?? new SessionHolder(this.#config);
    const seen = await this.#readSummary(holder).catch(async (error: unknown) => {
      if (current === undefined) await holder.close();
      throw error;
    });
    this.#lookedAt = Date.now();
    if (current !== undefined && current.fingerprint === seen.summary.fingerprint) {
      current.seenAgain(seen.seenBy);
      return current;
    }
    // Each state of the tables has its own session, for serving tables are temporary ones of it.
    const own = current === undefined ? holder : new SessionHolder(this.#config);
    const source = new SnowflakeDataSource(this.#config, seen, own);
    this.#sources.replace(source);
    this.#holder = own;
    return source;
  }

  /**
   * The text is constant and names no moment, so Snowflake answers it from its result cache as long as
   * the tables do not change.
   */
  async #readSummary(holder: SessionHolder): Promise<SeenTables> {
    const { tables, segmentThresholds } = this.#config;
    const { text } = inSnowflake(loadSql('snowflake/data_summary'), { tables, asSeenBy: undefined });
    const read = async () => {
      const open = await holder.get(undefined);
      const sink = new CollectedRows();
      try {
        const { queryId } = await open.session.run({ text, values: [], tag: 'churn-mcp data_summary' }, sink);
        return { summary: summaryOf(sink, segmentThresholds), seenBy: queryId };
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

function summaryOf({ rows, columns }: CollectedRows, segmentThresholds: SegmentThresholds): DataSummary {
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
  if (summary !== undefined) return summary;
  throw new ChurnMcpError('NO_DATA', 'The table of orders in Snowflake is empty.', {
    hint: 'Check CHURN_MCP_SNOWFLAKE_ORDERS and CHURN_MCP_SNOWFLAKE_DATABASE.',
  });
}
