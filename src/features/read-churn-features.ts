import { overRelations, withRelations } from '../data/compose-statement.ts';
import type { ColumnTable, DataSource, Id, Query, Statement } from '../data/data-source.ts';
import { CHURN_FEATURES } from './churn-features.ts';

export interface ChurnFeaturesRequest {
  /** ISO date; nothing after it is seen. */
  readonly asOf: string;
  /** The features wanted; all by default. Others may come with them. */
  readonly features?: readonly string[];
  /** If given, only of customers who ordered within so many days up to the day. */
  readonly activeWithin?: number | undefined;
  /** Whether other days are read beside this one. */
  readonly isOneOfSeveral?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ForwardLabelsRequest extends Pick<ChurnFeaturesRequest, 'isOneOfSeveral' | 'signal'> {
  /** ISO date. */
  readonly cutoff: string;
  readonly horizonDays: number;
}

const REFERENCE_FEATURES: readonly string[] = [...CHURN_FEATURES, 'days_since_last_order'];

/**
 * Features of every customer with an order on or before a day, ordered by customer id: `customer_id`,
 * `days_since_last_order` and the features wanted; if none are named, `first_order_date`, `last_order_date` and all of
 * `FORWARD_FEATURES`. The day of the last order is served from the table built with the snapshot; other days run the very
 * text that built it.
 */
export async function readChurnFeatures(
  data: DataSource,
  { asOf, features, activeWithin, isOneOfSeveral, signal }: ChurnFeaturesRequest,
): Promise<ColumnTable> {
  if (activeWithin !== undefined) {
    return data.columns({ ...featuresOfActive(asOf, activeWithin), isLarge: true, signal });
  }
  const { lastOrderDate } = await data.summary();
  const isReference = features?.every((feature) => REFERENCE_FEATURES.includes(feature)) ?? false;
  const served = isReference ? 'portable/reads/reference_features' : 'portable/reads/churn_features';
  const query: Query =
    asOf === lastOrderDate
      ? { file: served, values: [] }
      : { file: 'portable/tables/churn_features', values: [asOf] };
  return data.columns({ ...query, isLarge: true, ...(isOneOfSeveral && { isOneOfSeveral }), signal });
}

/** The same statement, over the orders of those who ordered within so many days. */
function featuresOfActive(asOf: string, days: number): Statement {
  return withRelations(
    [
      activeCustomers(asOf, days),
      { name: 'active_orders', file: 'portable/reads/active_orders', values: [] },
    ],
    overRelations(
      { file: 'portable/tables/churn_features', values: [asOf] },
      { 'raw.orders': 'active_orders' },
    ),
  );
}

function activeCustomers(asOf: string, days: number) {
  return { name: 'active_customers', file: 'portable/reads/active_customers', values: [asOf, days] } as const;
}

/** The customers who ordered within so many days up to a day. */
export async function readActiveCustomers(
  data: DataSource,
  {
    asOf,
    days,
    signal,
  }: { readonly asOf: string; readonly days: number; readonly signal?: AbortSignal | undefined },
): Promise<ReadonlySet<Id>> {
  const text = 'select * from active_customers order by customer_id';
  const statement = withRelations([activeCustomers(asOf, days)], { text, values: [] });
  const table = await data.columns({ ...statement, isLarge: true, signal });
  return new Set(table.ids('customer_id'));
}

/**
 * Reads `is_churned` and `spent_in_horizon` of the same customers in the same order. Churned: no order on the days (cutoff,
 * cutoff + horizon].
 */
export function readForwardLabels(
  data: DataSource,
  { cutoff, horizonDays, isOneOfSeveral, signal }: ForwardLabelsRequest,
): Promise<ColumnTable> {
  return data.columns({
    file: 'portable/labels/churn_labels',
    values: [cutoff, horizonDays],
    isLarge: true,
    ...(isOneOfSeveral && { isOneOfSeveral }),
    signal,
  });
}
