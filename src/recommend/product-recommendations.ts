import { parseSegment, type Segment } from '../customers/segments.ts';
import { type DayView, openDay } from '../data/compose-statement.ts';
import { resolveAsOf } from '../features/as-of-day.ts';
import { assertHasItems, RECOMMENDATION_STATEMENTS } from '../features/recommendation-features.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { customersNamed, customersOfPage } from './chosen-customers.ts';
import {
  type CustomerOffers,
  type OffersRequest,
  type RankingSource,
  rankOffers,
} from './customer-offers.ts';
import { readOfferReasons } from './offer-reasons.ts';
import { type OfferRules, readOfferRules } from './offer-rules.ts';
import { assertWithin } from './ranked-customers.ts';
import { formatRecommendations } from './recommendation-text.ts';
import { servedOffersOf } from './served-offers.ts';
import { MOST_SERVED_CUSTOMERS } from './served-request.ts';

export const MAX_CUSTOMERS = 1000;
export const MAX_PRODUCTS = 100;

export interface ProductRecommendationRequest {
  readonly nCustomers: number;
  readonly nProducts: number;
  /** How many of the segment's customers to skip. */
  readonly offset?: number;
  /** Any case, spaces or dashes. Read if no customers are named. */
  readonly segment: string;
  /** Instead of a segment: these customers. */
  readonly customerIds?: readonly string[] | undefined;
  /** ISO date; the last order's by default. */
  readonly asOf?: string;
  /** Whether each offer comes with its reason and price: in a long list they take most of the time. True by default. */
  readonly withReasons?: boolean;
  readonly rules?: OfferRules | undefined;
}

export interface RecommendationSource extends RankingSource {
  readonly card: ModelCard;
}

export interface ProductRecommendations {
  /** Undefined if customers were named. */
  readonly segment: Segment | undefined;
  /** The last day that is seen; probabilities are of the horizon after it. */
  readonly asOf: string;
  /** By customer id. */
  readonly customers: readonly CustomerOffers[];
  /** How many customers were chosen, those with nothing left to buy among them. */
  readonly chosen: number;
  readonly card: ModelCard;
  /** Of a segment: the stored procedure's text, to the character. */
  readonly text: string | undefined;
}

/**
 * Recommends products to the customers of a segment, those away longest first: the products they never bought, by
 * the probability that they buy them within the model's horizon. A call reads serving tables only, unless it asks
 * for an earlier day than the last order's.
 *
 * Throws `UNKNOWN_SEGMENT`, `UNKNOWN_PRODUCT`, `INVALID_ARGUMENT`, `MISSING_TABLE`.
 */
export async function recommendProducts(
  request: ProductRecommendationRequest,
  source: RecommendationSource,
): Promise<ProductRecommendations> {
  const { customerIds } = request;
  const segment = customerIds === undefined ? parseSegment(request.segment) : undefined;
  // Nobody may be at risk, and a page may begin beyond the end of its list.
  const isNobodyNamed = customerIds?.length === 0;
  if (!isNobodyNamed) assertWithin('n_customers', request.nCustomers, MAX_CUSTOMERS);
  assertWithin('n_products', request.nProducts, MAX_PRODUCTS);
  await assertHasItems(source.data);
  const asOf = await resolveAsOf(source.data, request.asOf);
  if (isNobodyNamed) return { segment, asOf, customers: [], chosen: 0, card: source.card, text: undefined };
  const { customerIdType, lastOrderDate, segmentThresholds } = await source.data.summary();
  await using day = await openDay(source.data, asOf, RECOMMENDATION_STATEMENTS, source.signal);
  const rules = await readOfferRules(request.rules, day, source.signal);
  const named =
    segment === undefined
      ? customersNamed(customerIds ?? [], customerIdType)
      : await customersOfPage(
          // The next question may be about as many more.
          { segment, count: 2 * request.nCustomers, offset: request.offset ?? 0 },
          day,
          source.signal,
        );
  const chosen = segment === undefined ? named : named.slice(0, request.nCustomers);
  const wanted = {
    customerIds: chosen,
    nProducts: request.nProducts,
    withReasons: request.withReasons !== false,
  };
  const isServed = asOf === lastOrderDate && rules === undefined && chosen.length <= MOST_SERVED_CUSTOMERS;
  const customers = isServed
    ? await servedOffersOf(source).of(wanted, source)
    : await findOffers({ ...wanted, asOf, rules }, day, source);
  if (isServed && named.length > chosen.length) {
    const expected = named.slice(0, MOST_SERVED_CUSTOMERS);
    servedOffersOf(source).expect({ ...wanted, customerIds: expected }, source);
  }
  const text = segment && formatRecommendations(segment, customers, segmentThresholds);
  return { segment, asOf, customers, chosen: chosen.length, card: source.card, text };
}

async function findOffers(
  request: OffersRequest & { readonly withReasons: boolean },
  day: DayView,
  source: RecommendationSource,
): Promise<readonly CustomerOffers[]> {
  const customers = await rankOffers(request, day, source);
  if (!request.withReasons) return customers;
  const offers = customers.flatMap(({ customerId, recommendations }) =>
    recommendations.map(({ productId }) => ({ customerId, productId })),
  );
  const reasonOf = await readOfferReasons(source.data, offers, { asOf: request.asOf, signal: source.signal });
  return customers.map(({ customerId, recommendations }) => ({
    customerId,
    recommendations: recommendations.map((product) => ({
      ...product,
      reason: reasonOf({ customerId, productId: product.productId }),
    })),
  }));
}
