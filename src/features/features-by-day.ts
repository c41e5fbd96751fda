/**
 * Features as of several days. What they are made of is the same for each: a customer's days with orders and the gaps between
 * them. It is computed once, by the one statement of the features, and each day's statement reads it from there.
 */
import type { Relation, Statement } from '../data/data-source.ts';
import { loadSql } from '../data/load-sql.ts';

const FEATURES = 'portable/tables/churn_features';
/** The comments before the CTEs that are the same for every day, and before those that are not. */
const BOUNDARY = /^-- (?:The same for every day|From here on)\b.*\n/m;

/** All days with orders up to a day, for `featuresByDay`. */
export function orderDaysOfHistory(lastDay: string): Relation {
  const { before, shared } = partsOfFeatures();
  return {
    name: 'order_days_of_history',
    text: `${before}${shared.replace(/,\s*$/, '\n')}\nselect * from numbered_days`,
    values: [lastDay],
  };
}

/** The statement of the features over the relation `order_days_of_history`. */
export function featuresByDay(asOf: string): Statement {
  const { before, after } = partsOfFeatures();
  const orderDays = loadSql('portable/labels/order_days_by_day');
  return { text: `${before}numbered_days as (\n${orderDays}),\n${after}`, values: [asOf, asOf] };
}

function partsOfFeatures(): { readonly before: string; readonly shared: string; readonly after: string } {
  const [before, shared, after] = loadSql(FEATURES).split(BOUNDARY);
  if (shared === undefined || after === undefined) {
    throw new Error(`${FEATURES} does not say which part is the same for every day`);
  }
  return { before, shared, after };
}
