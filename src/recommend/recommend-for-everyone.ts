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
import { type KnownProduct, readProducts } from './known-products.ts';
import { type OfferRules, readOfferRules } from './offer-rules.ts';
import type { RecommendationSource } from './product-recommendations.ts';
import { assertWithin, popularCandidates, type Ranking, rankCustomers } from './ranked-customers.ts';

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

/** One entry per recommendation, by customer id, then rank, with what is known of the products. */
export interface RecommendationList {
  readonly customer_id: readonly Id[];
  readonly product_id: readonly Id[];
  readonly rank: readonly number[];
  readonly purchase_probability: readonly number[];
  readonly product_name: readonly string[];
  readonly product_category: readonly (string | null)[];
  readonly price: readonly (number | null)[];
  readonly as_of: string;
  readonly model_version: string;
}

export type EveryoneSource = RecommendationSource & { readonly onProgress?: ProgressListener | undefined };

/** The lists of all customers as one. */
export async function recommendForEveryone(
  request: RecommendForEveryoneRequest,
  source: EveryoneSource,
): Promise<RecommendationList> {
  const lists: RecommendationList[] = [];
  for await (const list of recommendInBatches(request, source)) lists.push(list);
  return {
    customer_id: lists.flatMap((list) => list.customer_id),
    product_id: lists.flatMap((list) => list.product_id),
    rank: lists.flatMap((list) => list.rank),
    purchase_probability: lists.flatMap((list) => list.purchase_probability),
    product_name: lists.flatMap((list) => list.product_name),
    product_category: lists.flatMap((list) => list.product_category),
    price: lists.flatMap((list) => list.price),
    as_of: lists[0].as_of,
    model_version: lists[0].model_version,
  };
}

/**
 * The best products of every customer with an order by `asOf`: some customers after others, one list at least. Equal scores
 * rank by product id, so the same data and model always give the same rows.
 *
 * Throws `INVALID_ARGUMENT`, `UNKNOWN_PRODUCT`, `MISSING_TABLE`, `CANCELLED`.
 */
export async function* recommendInBatches(
  request: RecommendForEveryoneRequest,
  source: EveryoneSource,
): AsyncGenerator<RecommendationList, void> {
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
  const productOf = await readProducts(data, signal);
  for (let first = 1; first === 1 || first <= counts.customers; first += batchCustomers) {
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
    yield { ...listOf(ranking, productOf), as_of: asOf, model_version: card.version };
  }
}

function listOf(
  { customers, candidates, probabilities }: Ranking,
  productOf: (productId: Id) => KnownProduct,
): Omit<RecommendationList, 'as_of' | 'model_version'> {
  const productIds = candidates.ids('product_id');
  const offers = customers.flatMap(({ customerId, rows }) =>
    rows.map((row, index) => ({ customerId, row, rank: index + 1, productId: productIds[row] })),
  );
  const products = offers.map(({ productId }) => productOf(productId));
  return {
    customer_id: offers.map(({ customerId }) => customerId),
    product_id: offers.map(({ productId }) => productId),
    rank: offers.map(({ rank }) => rank),
    purchase_probability: offers.map(({ row }) => probabilities[row]),
    product_name: products.map(({ name }) => name),
    product_category: products.map(({ category }) => category),
    price: products.map(({ price }) => price),
  };
}
