import { openDay } from '../data/compose-statement.ts';
import type { Id } from '../data/data-source.ts';
import { throwIfAborted } from '../errors.ts';
import { resolveAsOf } from '../features/as-of-day.ts';
import {
  assertHasItems,
  candidatesPerCustomer,
  customersByPosition,
  DEFAULT_CANDIDATES,
  RECOMMENDATION_STATEMENTS,
  readRecommendationCounts,
} from '../features/recommendation-features.ts';
import type { ProgressListener } from '../progress.ts';
import { readProducts } from './known-products.ts';
import { type OfferRules, readOfferRules } from './offer-rules.ts';
import type { RecommendationSource } from './product-recommendations.ts';
import { assertWithin, popularCandidates, rankCustomers } from './ranked-customers.ts';

export const MAX_PRODUCTS_FOR_EVERYONE = 1000;
/** Rows scored at once, about. This bounds the memory, whatever the number of customers. */
const BATCH_ROWS = 400_000;

export interface RecommendForEveryoneRequest {
  readonly nProducts: number;
  /** ISO date; by default the day of the last order. */
  readonly asOf?: string;
  /** Whether products that the customer has bought are ranked too. */
  readonly includePurchased: boolean;
  readonly rules?: OfferRules | undefined;
}

/** One entry per recommendation, by customer id, then rank. */
export interface RecommendationColumns {
  readonly customer_id: Id[];
  readonly product_id: Id[];
  readonly rank: number[];
  readonly purchase_probability: number[];
}

/** With what is known of the products, so that a person can read the list. */
export interface RecommendationList extends RecommendationColumns {
  readonly product_name: readonly string[];
  readonly product_category: readonly (string | null)[];
  readonly price: readonly (number | null)[];
  readonly as_of: string;
  readonly model_version: string;
}

/**
 * The best products of every customer with an order by `asOf`, batch by batch. Equal scores rank by product
 * id, so the same data and model always give the same rows.
 *
 * Throws `INVALID_ARGUMENT`, `UNKNOWN_PRODUCT`, `MISSING_TABLE`, `CANCELLED`.
 */
export async function recommendForEveryone(
  request: RecommendForEveryoneRequest,
  source: RecommendationSource & { readonly onProgress?: ProgressListener | undefined },
): Promise<RecommendationList> {
  const { data, scorer, card, signal, onProgress } = source;
  assertWithin('n_products', request.nProducts, MAX_PRODUCTS_FOR_EVERYONE);
  await assertHasItems(data);
  const asOf = await resolveAsOf(data, request.asOf);
  const counts = await readRecommendationCounts(data, asOf);
  await using day = await openDay(data, asOf, RECOMMENDATION_STATEMENTS, signal);
  const rules = await readOfferRules(request.rules, day, signal);
  const limits = {
    ...DEFAULT_CANDIDATES,
    own: request.includePurchased ? DEFAULT_CANDIDATES.own : 0,
    popular: popularCandidates(request.nProducts, rules),
  };
  const batchCustomers = Math.max(
    100,
    Math.floor(BATCH_ROWS / candidatesPerCustomer(limits, counts.products)),
  );
  const columns: RecommendationColumns = {
    customer_id: [],
    product_id: [],
    rank: [],
    purchase_probability: [],
  };
  for (let first = 1; first <= counts.customers; first += batchCustomers) {
    throwIfAborted(signal);
    onProgress?.({
      phase: 'recommend',
      done: first - 1,
      total: counts.customers,
      message: `Ranking products for ${counts.customers} customers`,
    });
    const choice = customersByPosition(first, first + batchCustomers - 1);
    const ranking = await rankCustomers(
      { ...request, choice, limits, asOf, withNames: false, rules },
      day,
      scorer,
      signal,
    );
    append(columns, ranking);
  }
  const productOf = await readProducts(data, signal);
  const products = columns.product_id.map(productOf);
  return {
    ...columns,
    product_name: products.map(({ name }) => name),
    product_category: products.map(({ category }) => category),
    price: products.map(({ price }) => price),
    as_of: asOf,
    model_version: card.version,
  };
}

function append(columns: RecommendationColumns, ranking: Awaited<ReturnType<typeof rankCustomers>>): void {
  const productIds = ranking.candidates.ids('product_id');
  for (const { customerId, rows } of ranking.customers) {
    for (const [index, row] of rows.entries()) {
      columns.customer_id.push(customerId);
      columns.product_id.push(productIds[row]);
      columns.rank.push(index + 1);
      columns.purchase_probability.push(ranking.probabilities[row]);
    }
  }
}
