import { z } from 'zod';
import { withRelations } from '../data/compose-statement.ts';
import type { DataSource, Relation, Statement } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import { SEASON_FEATURE } from './season-feature.ts';

/** The recommendation model's features, in order: what `sql/portable/reads/recommendation_features.sql` gives for a pair. */
export const RECOMMENDATION_FEATURES = [
  // What the customer did with the product.
  'times_bought',
  'quantity_bought',
  'days_since_bought',
  'days_since_first_bought',
  'recency_over_mean_gap',
  'order_share',
  // What the customer did in the product's category.
  'category_orders',
  'category_share',
  'category_products_bought',
  'days_since_category_bought',
  // How often the product is bought with what the customer owns.
  'affinity',
  'recent_affinity',
  'strongest_affinity',
  'last_order_affinity',
  'mean_affinity',
  // The same, but what several owned products say alike counts about once.
  'distinct_affinity',
  'recent_distinct_affinity',
  // How the product sells.
  'product_popularity',
  'product_buyers',
  'buyers_last_7_days',
  'buyers_last_30_days',
  'buyers_last_90_days',
  'new_buyers_last_30_days',
  'popularity_trend',
  'product_repeat_share',
  'days_since_first_sold',
  'days_since_last_sold',
  'product_price',
  'relative_price',
  // What the customer does in all.
  'total_past_orders',
  'orders_last_90_days',
  'days_since_last_order',
  'days_since_first_order',
  'unique_products_bought',
  'total_spent',
  'avg_item_spend',
  'products_per_order',
  'repeat_share',
  // The season, which nothing is learnt from.
  SEASON_FEATURE,
] as const;

/** How many candidates of each kind a customer gets, at most; of popular products never bought, at least. */
export interface CandidateLimits {
  readonly popular: number;
  readonly own: number;
}

/** Found on a year of a gift shop: more candidates find little more of what is bought, and cost time. */
export const DEFAULT_CANDIDATES: CandidateLimits = { popular: 100, own: 300 };

/** Candidates that neighbours of own history bring, at most: as `sql/portable/reads/recommendation_candidates.sql` has it. */
const NEIGHBOR_CANDIDATES = 150;

/** An upper estimate of rows per customer, to size batches by. */
export function candidatesPerCustomer(limits: CandidateLimits, products: number): number {
  return Math.max(
    1,
    Math.min(products, limits.popular * 1.5 + NEIGHBOR_CANDIDATES + Math.min(limits.own, 50)),
  );
}

/** Which customers: a statement of `sql/` that gives their ids, and a number for each. */
export type CustomerChoice = Statement;

export function customersByPosition(first: number, last: number): CustomerChoice {
  return { file: 'portable/reads/recommendation_customers_by_position', values: [first, last] };
}

export function customersOfSegment(segment: string, count: number, offset = 0): CustomerChoice {
  return {
    file: 'portable/reads/recommendation_customers_of_segment',
    values: [segment, offset + 1, offset + count],
  };
}

/** `listed` is the relation of the customers named. */
export function customersListed(listed: Relation): CustomerChoice {
  return withRelations([listed], { file: 'portable/reads/recommendation_customers_listed', values: [] });
}

/** Customers who never bought the product, those likeliest to do so by what they own. */
export function customersForProduct(productId: string, most: number, asOfDate: string): CustomerChoice {
  return {
    file: 'portable/reads/recommendation_customers_for_product',
    values: [asOfDate, productId, most],
  };
}

/** The statements over serving tables that recommending runs: what a day is opened with. */
export const RECOMMENDATION_STATEMENTS = [
  'portable/reads/recommendation_candidates',
  'portable/reads/recommendation_features',
  'portable/reads/recommendation_named_features',
  'portable/reads/recommendation_sorted_features',
  'portable/reads/offered_products',
  'portable/reads/recommendation_customers_by_position',
  'portable/reads/recommendation_customers_of_segment',
  'portable/reads/recommendation_customers_listed',
  'portable/reads/recommendation_customers_for_product',
] as const;

/** The candidates of the relation `chosen_customers` as of a day, in no order. */
export function recommendationCandidates(limits: CandidateLimits, asOfDate: string): Statement {
  return {
    file: 'portable/reads/recommendation_candidates',
    values: [asOfDate, limits.popular, limits.own, limits.own],
  };
}

/** The features of the relation `recommendation_candidates`. */
export function featuresOfCandidates(asOfDate: string): Statement {
  return { file: 'portable/reads/recommendation_features', values: [asOfDate] };
}

/** The features of chosen customers and their candidates as of a day, in no order. */
export function recommendationFeatures(
  choice: CustomerChoice,
  limits: CandidateLimits,
  asOfDate: string,
): Statement {
  return withRelations(
    [
      { name: 'chosen_customers', ...choice },
      { name: 'recommendation_candidates', ...recommendationCandidates(limits, asOfDate) },
    ],
    featuresOfCandidates(asOfDate),
  );
}

const countsSchema = z.object({ customers: z.int(), products: z.int() });
export type RecommendationCounts = z.infer<typeof countsSchema>;

/** Customers with an order by the day, and products of the shop: what batches are sized by. */
export async function readRecommendationCounts(
  data: DataSource,
  asOfDate: string,
): Promise<RecommendationCounts> {
  const [counts] = await data.rows(
    { file: 'portable/reads/recommendation_counts', values: [asOfDate] },
    countsSchema,
  );
  return counts;
}

/** @throws MISSING_TABLE if the shop has no order items: without them nobody is known to buy anything */
export async function assertHasItems(data: DataSource): Promise<void> {
  const { hasItems } = await data.summary();
  if (hasItems) return;
  throw new ChurnMcpError('MISSING_TABLE', 'Recommendations need order items, and none have been imported.', {
    hint: 'Import them with: churn-mcp import --orders FILE --order-items FILE',
  });
}
