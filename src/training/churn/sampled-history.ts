/** What a forecast learns from and is judged on, of a shop with more customers than that takes. */
import type { z } from 'zod';
import type { ColumnTable, DataSource, DataSummary, Query, Relation } from '../../data/data-source.ts';
import { textOf } from '../../data/load-sql.ts';

/**
 * A forecast learns from 50,000 rows of up to eight slices, and 50,000 customers judge it to a few thousandths. More took
 * time, and filled the memory with slices of one season: of 500,000 customers only two slices were read.
 */
const MOST_CUSTOMERS = 50_000;

export interface SampledHistory extends AsyncDisposable {
  /** The orders of the sample, and what is known of its customers. */
  readonly data: DataSource;
  /** How many customers of the shop each of the sample stands for. */
  readonly customersPerRow: number;
}

/** Every nth customer, by id, and all of their orders; the data as it is if there are not too many customers. */
export async function sampleHistory(
  data: DataSource,
  { customers, most = MOST_CUSTOMERS }: { readonly customers: number; readonly most?: number },
  signal?: AbortSignal,
): Promise<SampledHistory> {
  const everyNth = Math.ceil(customers / most);
  if (everyNth <= 1) return { data, customersPerRow: 1, async [Symbol.asyncDispose]() {} };
  const sampled = await data.withRelations(
    [
      { name: 'sampled_orders', file: 'portable/reads/sampled_orders', values: [everyNth] },
      { name: 'sampled_pairs', file: 'portable/reads/sampled_pairs', values: [] },
    ],
    signal,
  );
  return {
    data: new SampledSource(sampled),
    customersPerRow: everyNth,
    [Symbol.asyncDispose]: () => sampled[Symbol.asyncDispose](),
  };
}

/** The same statements, over the orders of a sample. */
class SampledSource implements DataSource {
  readonly #sampled: DataSource;

  constructor(sampled: DataSource) {
    this.#sampled = sampled;
  }

  summary(): Promise<DataSummary> {
    return this.#sampled.summary();
  }

  rows<Row>(query: Query, rowSchema: z.ZodType<Row>): Promise<Row[]> {
    return this.#sampled.rows(ofSample(query), rowSchema);
  }

  columns(query: Query): Promise<ColumnTable> {
    return this.#sampled.columns(ofSample(query));
  }

  withRelations(relations: readonly Relation[], signal?: AbortSignal): Promise<DataSource> {
    return this.#sampled.withRelations(relations, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sampled[Symbol.asyncDispose]();
  }
}

function ofSample(query: Query): Query {
  const text = textOf(query)
    .replaceAll('raw.orders', 'sampled_orders')
    .replaceAll('interactive.purchased_pairs', 'sampled_pairs');
  const { values, isLarge, signal } = query;
  return { text, values, signal, ...(isLarge && { isLarge }) };
}
