/** The orders that a forecast learns from and is judged on, in the form that several days are read from. */
import type { z } from 'zod';
import { overRelations } from '../../data/compose-statement.ts';
import type {
  ColumnTable,
  DataSource,
  DataSummary,
  Query,
  Relation,
  RelationOptions,
} from '../../data/data-source.ts';
import { featuresByDay, orderDaysOfHistory } from '../../features/features-by-day.ts';

/**
 * A forecast learns from 50,000 rows of up to eight slices, and 50,000 customers judge it to a few thousandths. More took
 * time, and filled the memory with slices of one season: of 500,000 customers only two slices were read.
 */
const MOST_CUSTOMERS = 50_000;
/** What statements read of a sample, by what they read of the shop. */
const SAMPLE = { 'raw.orders': 'sampled_orders', 'interactive.purchased_pairs': 'sampled_pairs' };

export interface OrderHistory extends AsyncDisposable {
  /** The orders of the shop or of a sample, and what is known of its customers. */
  readonly data: DataSource;
  /** How many customers of the shop each of the data stands for. */
  readonly customersPerRow: number;
}

export interface HistoryRequest {
  /** Of the shop. */
  readonly customers: number;
  /** Of more, every nth. */
  readonly most?: number;
  /** No day after it is read. */
  readonly asOf: string;
}

/** Every nth customer, by id, and all of their orders; all customers if there are not too many. */
export async function openHistory(
  data: DataSource,
  { customers, most = MOST_CUSTOMERS, asOf }: HistoryRequest,
  signal?: AbortSignal,
): Promise<OrderHistory> {
  const customersPerRow = Math.ceil(customers / most);
  const isSample = customersPerRow > 1;
  // Elsewhere relations take a session of their own, which makes the serving tables once more.
  if (!isSample && data.madeAt === undefined)
    return { data, customersPerRow, async [Symbol.asyncDispose]() {} };
  const days = orderDaysOfHistory(asOf);
  const relations: Relation[] = isSample
    ? [
        { name: 'sampled_orders', file: 'portable/reads/sampled_orders', values: [customersPerRow] },
        { name: 'sampled_pairs', file: 'portable/reads/sampled_pairs', values: [] },
        { name: days.name, ...overRelations(days, SAMPLE) },
      ]
    : [days];
  const derived = await data.withRelations(relations, signal, { areForSeveral: true });
  return {
    data: new HistorySource(derived, isSample ? SAMPLE : {}),
    customersPerRow,
    [Symbol.asyncDispose]: () => derived[Symbol.asyncDispose](),
  };
}

/** The same statements, over the orders of the history. */
class HistorySource implements DataSource {
  readonly #derived: DataSource;
  readonly #inPlace: Readonly<Record<string, string>>;

  constructor(derived: DataSource, inPlace: Readonly<Record<string, string>>) {
    this.#derived = derived;
    this.#inPlace = inPlace;
  }

  summary(): Promise<DataSummary> {
    return this.#derived.summary();
  }

  rows<Row>(query: Query, rowSchema: z.ZodType<Row>): Promise<Row[]> {
    return this.#derived.rows(this.#over(query), rowSchema);
  }

  columns(query: Query): Promise<ColumnTable> {
    return this.#derived.columns(this.#over(query));
  }

  withRelations(
    relations: readonly Relation[],
    signal?: AbortSignal,
    options?: RelationOptions,
  ): Promise<DataSource> {
    return this.#derived.withRelations(relations, signal, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#derived[Symbol.asyncDispose]();
  }

  #over(query: Query): Query {
    const { isLarge, isOneOfSeveral, signal } = query;
    const statement =
      'file' in query && query.file === 'portable/tables/churn_features'
        ? featuresByDay(String(query.values[0]))
        : query;
    return {
      ...overRelations(statement, this.#inPlace),
      signal,
      ...(isLarge && { isLarge }),
      ...(isOneOfSeveral && { isOneOfSeveral }),
    };
  }
}
