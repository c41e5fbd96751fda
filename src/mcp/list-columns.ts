/** The columns of exported lists, besides the id and what is known of each customer. */
import { type OutputColumn, textColumn } from '../data/output-column.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { ScoredList } from '../scoring/scored-list.ts';
import { reasonText as offerReasonText } from './offers-text.ts';
import { profileFieldsOf } from './profile-fields.ts';
import { tellReasons, typicalFiguresOf } from './reason-text.ts';
import type {
  AtRiskCustomer,
  AtRiskResult,
  Cohort,
  CustomerPage,
  GroupedCohorts,
  RecommendationResult,
} from './tool-context.ts';

/** Reasons per customer that have a column. */
export const REASONS = 3;

export function atRiskColumns({ customers, card, asOf, campaign }: AtRiskResult): OutputColumn[] {
  const horizon = 'horizon_days' in card.details ? card.details.horizon_days : 0;
  return [
    shares('churn_probability', customers, ({ churnProbability }) => churnProbability),
    amounts('value_at_risk', customers, ({ valueAtRisk }) => valueAtRisk),
    amounts('value_at_risk_low', customers, ({ valueRange }) => valueRange.low),
    amounts('value_at_risk_high', customers, ({ valueRange }) => valueRange.high),
    ...valueColumns(customers),
    ...(campaign === undefined
      ? []
      : [amounts('expected_profit', customers, ({ expectedProfit = Number.NaN }) => expectedProfit)]),
    ...(customers.some(({ uplift }) => uplift !== undefined)
      ? [shares('uplift', customers, ({ uplift = Number.NaN }) => uplift)]
      : []),
    ...profileColumns(customers),
    ...reasonColumns(customers, card),
    textColumn('as_of', customers, () => asOf),
    counts('horizon_days', customers, () => horizon),
    textColumn('model_version', customers, () => card.version),
  ];
}

/** None if the model says nothing of it. */
function valueColumns(customers: readonly Pick<AtRiskCustomer, 'value'>[]): OutputColumn[] {
  if (!customers.some(({ value }) => value !== undefined)) return [];
  return [
    amounts('expected_value', customers, ({ value }) => value?.expected ?? Number.NaN),
    amounts('expected_value_low', customers, ({ value }) => value?.low ?? Number.NaN),
    amounts('expected_value_high', customers, ({ value }) => value?.high ?? Number.NaN),
    counts('expected_value_days', customers, ({ value }) => value?.days ?? 0),
    textColumn('next_order_expected', customers, ({ value }) => value?.nextOrder.expected),
    textColumn('next_order_early', customers, ({ value }) => value?.nextOrder.early),
    textColumn('next_order_late', customers, ({ value }) => value?.nextOrder.late),
  ];
}

/** The scores of all customers; the probability with as many digits as the model gives. */
export function scoreColumns({
  card,
  asOf,
  probabilities,
  profiles,
  valuesAtRisk,
  values,
  reasons,
}: ScoredList): OutputColumn[] {
  const customers = profiles.map((profile, row) => ({
    profile,
    value: values?.[row],
    reasons: reasons?.[row] ?? [],
  }));
  return [
    { name: 'churn_probability', values: probabilities },
    ...(valuesAtRisk === undefined ? [] : [amounts('value_at_risk', valuesAtRisk, (value) => value)]),
    ...valueColumns(customers),
    ...profileColumns(customers),
    ...(reasons === undefined ? [] : reasonColumns(customers, card)),
    textColumn('as_of', customers, () => asOf),
    textColumn('model_version', customers, () => card.version),
  ];
}

function profileColumns(customers: readonly Pick<AtRiskCustomer, 'profile'>[]): OutputColumn[] {
  const facts = customers.map(({ profile }) => profileFieldsOf(profile));
  return [
    counts('total_orders', facts, ({ total_orders }) => total_orders),
    amounts('total_spent', facts, ({ total_spent }) => total_spent),
    textColumn('first_order_date', facts, ({ first_order_date }) => first_order_date),
    textColumn('last_order_date', facts, ({ last_order_date }) => last_order_date),
    counts('days_since_last_order', facts, ({ days_since_last_order }) => days_since_last_order),
  ];
}

function reasonColumns(
  customers: readonly Pick<AtRiskCustomer, 'reasons' | 'profile'>[],
  card: ModelCard,
): OutputColumn[] {
  const typical = typicalFiguresOf(card);
  const told = customers.map(({ reasons, profile }) => tellReasons(reasons, profile, typical));
  return Array.from({ length: REASONS }, (_, at) =>
    textColumn(`reason_${at + 1}`, told, (reasons) => reasons[at]?.text),
  );
}

export function foundColumns({ customers, asOf }: Pick<CustomerPage, 'customers' | 'asOf'>): OutputColumn[] {
  return [
    counts('total_orders', customers, ({ totalOrders }) => totalOrders),
    amounts('total_spent', customers, ({ totalSpent }) => totalSpent),
    textColumn('first_order_date', customers, ({ firstOrderDate }) => firstOrderDate),
    textColumn('last_order_date', customers, ({ lastOrderDate }) => lastOrderDate),
    counts('days_since_last_order', customers, ({ daysSinceLastOrder }) => daysSinceLastOrder),
    textColumn('as_of', customers, () => asOf),
  ];
}

type OfferRow = RecommendationResult['customers'][number]['recommendations'][number];

/** One row per offer. */
export function offerColumns(
  offers: readonly OfferRow[],
  { card, asOf }: Pick<RecommendationResult, 'card' | 'asOf'>,
): OutputColumn[] {
  return [
    counts('rank', offers, ({ rank }) => rank),
    { name: 'product_id', values: offers.map(({ productId }) => productId) },
    textColumn('product_name', offers, ({ productName }) => productName),
    textColumn('product_category', offers, ({ productCategory }) => productCategory),
    amounts('price', offers, ({ reason }) => reason?.price ?? Number.NaN),
    shares('purchase_probability', offers, ({ purchaseProbability }) => purchaseProbability),
    textColumn('reason', offers, ({ reason }) => (reason === undefined ? null : offerReasonText(reason))),
    textColumn('as_of', offers, () => asOf ?? card.as_of),
    textColumn('model_version', offers, () => card.version),
  ];
}

/** The same for each group: one row per group, month of first orders and month since. */
export function groupedCohortColumns(by: string, groups: readonly GroupedCohorts[]): OutputColumn[] {
  const names = groups.flatMap(({ name, cohorts }) =>
    cohorts.flatMap(({ months }) => months.map(() => name)),
  );
  return [textColumn(by, names, (name) => name), ...cohortColumns(groups.flatMap(({ cohorts }) => cohorts))];
}

/** One row per month of first orders and month since. */
export function cohortColumns(cohorts: readonly Cohort[]): OutputColumn[] {
  const cells = cohorts.flatMap(({ month, customers, months }) =>
    months.map((one, since) => ({ month, size: customers, since, ...one })),
  );
  return [
    textColumn('first_order_month', cells, ({ month }) => month),
    counts('cohort_customers', cells, ({ size }) => size),
    counts('months_since', cells, ({ since }) => since),
    counts('customers', cells, ({ customers }) => customers),
    shares('retention', cells, ({ customers, size }) => customers / size),
    counts('orders', cells, ({ orders }) => orders),
    amounts('revenue', cells, ({ revenue }) => revenue),
  ];
}

function counts<Row>(name: string, rows: readonly Row[], of: (row: Row) => number): OutputColumn {
  return { name, values: Int32Array.from(rows, of) };
}

/** To the cent: more digits only look exact. */
export function amounts<Row>(name: string, rows: ArrayLike<Row>, of: (row: Row) => number): OutputColumn {
  return { name, values: Float64Array.from(rows, (row) => rounded(of(row), 100)) };
}

export function shares<Row>(name: string, rows: readonly Row[], of: (row: Row) => number): OutputColumn {
  return { name, values: Float64Array.from(rows, (row) => rounded(of(row), 10_000)) };
}

function rounded(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
