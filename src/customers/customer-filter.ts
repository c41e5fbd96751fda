/** Which customers a question is about: the conditions that all lists, totals and cohorts share. */
import { type DayView, openDay, withRelations } from '../data/compose-statement.ts';
import type { ColumnTable, DataSource, Id, Relation, Statement } from '../data/data-source.ts';
import type { SqlFile } from '../data/sql-file.ts';
import { ChurnMcpError } from '../errors.ts';
import { isoDay } from '../features/calendar-day.ts';
import { quoted } from '../text/quoted.ts';
import {
  assertAreKnown,
  assertSomebodyHasEach,
  customersWith,
  parseAttribute,
} from './customer-attributes.ts';
import { parseSegmentOrLapsed } from './segments.ts';

/** A customer has to meet all conditions that are given. Amounts are in the shop's currency. */
export interface CustomerFilter {
  /** Any case, spaces or dashes; also LAPSED. */
  readonly segment?: string | undefined;
  /** The shop's own, whatever its case. */
  readonly customerSegment?: string | undefined;
  /** "name=value" each, such as "country=France". */
  readonly attributes?: readonly string[] | undefined;
  /** Id, name or part of the name of a product, or a category. */
  readonly bought?: string | undefined;
  readonly minSpent?: number | undefined;
  readonly maxSpent?: number | undefined;
  readonly minOrders?: number | undefined;
  readonly maxOrders?: number | undefined;
}

/** The customers that a filter leaves, as of a day. */
export interface MatchedCustomer {
  readonly customerId: Id;
  readonly segment: string;
  readonly customerSegment: string | null;
  readonly totalOrders: number;
  readonly totalSpent: number;
  readonly firstOrderDate: string;
  readonly lastOrderDate: string;
  readonly daysSinceLastOrder: number;
}

export interface FilterRequest {
  readonly filter: CustomerFilter;
  /** ISO date: only orders up to it count. */
  readonly asOf: string;
  /** Set for earlier data: a value that no customer had then is no error. */
  readonly valuesMayBeNew?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export function isEmptyFilter(filter: CustomerFilter): boolean {
  return Object.values(filter).every((condition) => condition === undefined);
}

/** The statement that a filter reads as of a day: what the day is opened with. */
const FILTER_STATEMENT = 'portable/reads/customers_matching';

/** The data as of a day, for statements that read the relation `customers_matched`. */
export interface FilteredDay extends AsyncDisposable {
  readonly data: DataSource;
  statement(statement: Statement): Statement;
}

/**
 * Opens a day for statements about the customers of a filter; `files` are those statements. What is wrong with the product or
 * an attribute is said before the day's tables are made.
 *
 * @throws UNKNOWN_SEGMENT, UNKNOWN_PRODUCT, INVALID_ARGUMENT if an attribute or its value is unknown, or not written "name=value"
 */
export async function openFiltered(
  data: DataSource,
  request: FilterRequest,
  files: readonly SqlFile[] = [],
): Promise<FilteredDay> {
  const { filter, asOf, signal } = request;
  await assertWordsAreKnown(request, data);
  if (filter.bought !== undefined) await assertIsSold(filter.bought, data, signal);
  const day = await openDay(data, asOf, [FILTER_STATEMENT, ...files], signal);
  return {
    data: day.data,
    statement: (statement) => withRelations(relationsOf(request, day), day.statement(statement)),
    [Symbol.asyncDispose]: () => day[Symbol.asyncDispose](),
  };
}

/**
 * All customers with an order by the day who meet the conditions, by id.
 *
 * @throws as `openFiltered` does
 */
export async function findMatching(data: DataSource, request: FilterRequest): Promise<MatchedCustomers> {
  const { signal } = request;
  await using day = await openFiltered(data, request);
  const text = 'select * from customers_matched order by customer_id';
  const statement = day.statement({ text, values: [] });
  return new MatchedCustomers(await day.data.columns({ ...statement, isLarge: true, signal }));
}

/** The ids of customers who match, and what is known of each. */
export class MatchedCustomers {
  readonly #table: ColumnTable;
  readonly #ids: readonly Id[];
  #known: ReadonlySet<Id> | undefined;

  constructor(table: ColumnTable) {
    this.#table = table;
    this.#ids = table.ids('customer_id');
  }

  get count(): number {
    return this.#table.rowCount;
  }

  has(customerId: Id): boolean {
    this.#known ??= new Set(this.#ids);
    return this.#known.has(customerId);
  }

  /** By customer id. */
  all(): MatchedCustomer[] {
    const table = this.#table;
    const column = (name: string) => table.float64(name);
    const [orders, spent, days] = ['total_orders', 'total_spent', 'days_since_last_order'].map(column);
    const [first, last] = ['first_order_date', 'last_order_date'].map(column);
    const [segments, own] = ['segment', 'customer_segment'].map((name) => table.text(name));
    const dayOf = dayReader();
    return this.#ids.map((customerId, row) => ({
      customerId,
      segment: segments[row] ?? '',
      customerSegment: own[row],
      totalOrders: orders[row],
      totalSpent: spent[row],
      firstOrderDate: dayOf(first[row]),
      lastOrderDate: dayOf(last[row]),
      daysSinceLastOrder: days[row],
    }));
  }
}

/** A shop has few days and many customers, and writing a day takes longer than finding it. */
function dayReader(): (day: number) => string {
  const known = new Map<number, string>();
  return (day) => {
    const text = known.get(day) ?? isoDay(day);
    known.set(day, text);
    return text;
  };
}

/**
 * Returns the relations of a filter; the last one, `customers_matched`, holds the customers. Segments and totals are read as of
 * the day. Who had bought a product by then follows from each pair's first order, so the large tables are never made again.
 */
function relationsOf({ filter, asOf }: FilterRequest, day: Pick<DayView, 'statement'>): readonly Relation[] {
  const { bought, minSpent = null, maxSpent = null, minOrders = null, maxOrders = null } = filter;
  const segment = filter.segment === undefined ? null : parseSegmentOrLapsed(filter.segment);
  const filtered = day.statement({
    file: FILTER_STATEMENT,
    values: [segment, filter.customerSegment ?? null, minSpent, maxSpent, minOrders, maxOrders],
  });
  const products: Relation[] =
    bought === undefined
      ? []
      : [
          { name: 'matched_products', file: 'portable/reads/products_matching', values: [bought] },
          { name: 'customers_who_bought', file: 'portable/reads/customers_who_bought', values: [asOf] },
        ];
  const attributes = (filter.attributes ?? []).map(parseAttribute).map(customersWith);
  const groups = [...products.slice(1), ...attributes].map(({ name }) => name);
  const joins = groups.map(
    (name) => `inner join ${name} on customers_filtered.customer_id = ${name}.customer_id`,
  );
  const text = ['select customers_filtered.* from customers_filtered', ...joins].join('\n');
  return [
    ...products,
    ...attributes,
    { name: 'customers_filtered', ...filtered },
    { name: 'customers_matched', text, values: [] },
  ];
}

async function assertWordsAreKnown(
  { filter, valuesMayBeNew = false, signal }: FilterRequest,
  data: DataSource,
): Promise<void> {
  const attributes = (filter.attributes ?? []).map(parseAttribute);
  await assertAreKnown(attributes, data, signal);
  if (valuesMayBeNew) return;
  const { customerSegment: value } = filter;
  const ownSegment = value === undefined ? [] : [{ name: 'customer_segment', value }];
  await assertSomebodyHasEach([...attributes, ...ownSegment], data, signal);
}

async function assertIsSold(
  bought: string,
  data: DataSource,
  signal: AbortSignal | undefined,
): Promise<void> {
  const statement = { file: 'portable/reads/products_matching', values: [bought] } as const;
  const { rowCount } = await data.columns({ ...statement, signal });
  if (rowCount > 0) return;
  throw new ChurnMcpError('UNKNOWN_PRODUCT', `No product or category matches ${quoted(bought)}.`, {
    hint: 'Give the id of a product, its name or a part of its name, or a category, as the shop writes it.',
  });
}
