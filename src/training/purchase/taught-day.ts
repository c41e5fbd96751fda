/** The days to learn from and to judge on, as some customers knew them. */
import {
  type DayRequest,
  type DayView,
  lookedUpRelations,
  openDayWith,
  overDay,
  overLookedUp,
  overRelations,
  withRelations,
} from '../../data/compose-statement.ts';
import type { DataSource, Relation, Statement } from '../../data/data-source.ts';
import { addDays, daysBetween } from '../../features/calendar-day.ts';
import type { CustomerChoice } from '../../features/recommendation-features.ts';
import type { RecommendationPlan } from './plan.ts';

type Cutoffs = Pick<RecommendationPlan, 'asOf' | 'horizonDays' | 'trainCutoffs'>;

/** What more customers bought does not fit in memory by span, with what it is computed from. */
const MOST_CUSTOMERS_IN_MEMORY = 200_000;
/** As in `observed_baskets`. */
export const OBSERVED_CUSTOMERS = 20_000;

export interface TaughtDayRequest {
  /** The evaluation's, or one of those learnt from. */
  readonly cutoff: string;
  /** How many customers, at most. */
  readonly customers: number;
  /** Of how many with a product, products bought together are counted, as in `observed_baskets`. */
  readonly observed?: number;
}

/**
 * All order lines, added up by the spans between the cutoffs of a plan: what every taught day is computed from. Each day from the
 * lines themselves took most of a large shop's training.
 */
export async function openSpans(
  data: DataSource,
  { asOf, horizonDays, trainCutoffs }: Cutoffs,
  signal: AbortSignal | undefined,
): Promise<DataSource> {
  const spans = trainCutoffs.length + 1;
  const orders: Relation = {
    name: 'orders_by_span',
    file: 'portable/labels/orders_by_span',
    values: [asOf, horizonDays, spans],
  };
  const pairs = {
    file: 'portable/labels/pairs_by_span',
    values: [asOf, addDays(asOf, -spans * horizonDays), spans],
  } as const;
  const lineTotals = { file: 'portable/labels/line_totals_by_span', values: [] } as const;
  const { customers } = await data.summary();
  return data.withRelations(
    [
      { name: 'pairs_by_span', ...withRelations([orders], pairs) },
      { name: 'line_totals_by_span', ...withRelations([orders], lineTotals) },
    ],
    signal,
    { areHuge: customers > MOST_CUSTOMERS_IN_MEMORY },
  );
}

/**
 * The day as it was known to a sample of customers. Who they are, what they bought by then and what later is computed once:
 * they are read some after others, and each time these would have been found among all customers and all lines.
 *
 * @param spans of `openSpans`
 */
export async function openTaughtDay(
  spans: DataSource,
  { asOf, horizonDays }: Cutoffs,
  request: TaughtDayRequest,
  signal: AbortSignal | undefined,
): Promise<DayView> {
  const { cutoff, customers, observed = OBSERVED_CUSTOMERS } = request;
  const span = daysBetween(cutoff, asOf) / horizonDays;
  const taught: Relation = {
    name: 'taught_customers',
    file: 'portable/labels/taught_customers',
    values: [customers],
  };
  const later: Relation = {
    name: 'later_purchases',
    file: 'portable/labels/later_purchases',
    values: [span - 1],
  };
  const pairs: Statement = { file: 'portable/labels/pairs_before_span', values: [cutoff, span] };
  const isLarge = (await spans.summary()).customers > observed;
  const { before, tables } = isLarge
    ? ofDrawnCustomers(pairs, { cutoff, customers, observed })
    : { before: [], tables: [{ name: 'purchased_pairs', ...pairs }] };
  const day = await openDayWith(spans, {
    asOfDate: cutoff,
    files: ['portable/reads/recommendation_candidates', 'portable/reads/recommendation_features'],
    before,
    tables: [
      ...tables,
      { name: 'product_line_totals', file: 'portable/labels/line_totals_before_span', values: [span] },
    ],
    relations: [taught, ...lookedUpRelations(taught.name), later],
    signal,
  });
  return { ...day, statement: (statement) => day.statement(overLookedUp(statement)) };
}

/**
 * Tables of a large shop's customers alone whose history is read: of all others, only what they bought is added up, by product.
 */
function ofDrawnCustomers(
  pairs: Statement,
  { cutoff, customers, observed }: Required<TaughtDayRequest>,
): Pick<DayRequest, 'before' | 'tables'> {
  const drawn: Relation = {
    name: 'drawn_customers',
    file: 'portable/labels/drawn_customers',
    values: [cutoff, customers, observed],
  };
  const rowsOf = (table: string) => ({
    text: `select * from ${table} where customer_id in (select customer_id from ${drawn.name})`,
    values: [],
  });
  const totals = overDay({ file: 'portable/tables/recommendation_customers', values: [cutoff] });
  const sales: Statement = { file: 'portable/tables/product_sales', values: [cutoff] };
  const tables: Relation[] = [
    {
      name: 'purchased_pairs',
      ...withRelations(
        [
          { name: 'pairs_today', ...rowsOf('interactive.purchased_pairs') },
          { name: 'spans_of_pairs', ...rowsOf('pairs_by_span') },
        ],
        overRelations(pairs, {
          'interactive.purchased_pairs': 'pairs_today',
          pairs_by_span: 'spans_of_pairs',
        }),
      ),
    },
    {
      name: 'product_sales',
      ...withRelations(
        [{ name: 'pairs_of_all', ...pairs }],
        overRelations(sales, { 'interactive.purchased_pairs': 'pairs_of_all' }),
      ),
    },
    {
      name: 'recommendation_customers',
      ...withRelations(
        [{ name: 'orders_of_drawn', ...rowsOf('raw.orders') }],
        overRelations(totals, { 'raw.orders': 'orders_of_drawn' }),
      ),
    },
  ];
  return { before: [drawn], tables };
}

/** Customers of such a day by their positions, from 1 on. */
export function taughtCustomers(first: number, last: number): CustomerChoice {
  return { file: 'portable/labels/taught_customers_by_position', values: [first, last] };
}
