/** Who would buy a product, and why it is offered to somebody: the same probabilities, read the other way round. */
import { listedCustomers } from '../customers/listed-customers.ts';
import { type DayView, openDay, withRelations } from '../data/compose-statement.ts';
import type { Id } from '../data/data-source.ts';
import { toFeatureMatrix } from '../dataset/column-rows.ts';
import { resolveAsOf } from '../features/as-of-day.ts';
import {
  assertHasItems,
  customersForProduct,
  customersListed,
  DEFAULT_CANDIDATES,
  RECOMMENDATION_STATEMENTS,
  recommendationFeatures,
} from '../features/recommendation-features.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { findProduct, type KnownProduct } from './known-products.ts';
import { type OfferReason, readOfferReasons } from './offer-reasons.ts';
import type { RecommendationSource } from './product-recommendations.ts';

/** Customers who are ranked: those who own what is often bought with the product, and ordered lately. */
export const CONSIDERED_CUSTOMERS = 250;

export interface ProductBuyersRequest {
  /** An id, a name or a part of a name. */
  readonly product: string;
  /** Only these customers, whether they bought it or not; by default those who never did. */
  readonly customerIds?: readonly string[] | undefined;
  readonly limit: number;
  readonly offset: number;
  readonly asOf?: string | undefined;
}

export interface ProductBuyer {
  readonly customerId: Id;
  readonly purchaseProbability: number;
  readonly timesBought: number;
  readonly reason: OfferReason | undefined;
}

export interface ProductBuyers {
  readonly card: ModelCard;
  readonly asOf: string;
  readonly product: KnownProduct & { readonly productId: Id };
  /** A page, likeliest first, then by id. */
  readonly customers: readonly ProductBuyer[];
  /** Customers in the whole list: those for whom the product is a candidate. */
  readonly listableCustomers: number;
  /** Customers who were named, and have no tie to the product. */
  readonly unlikely: readonly string[];
}

/** @throws UNKNOWN_PRODUCT, INVALID_ARGUMENT if the text means several products, MISSING_TABLE */
export async function findProductBuyers(
  request: ProductBuyersRequest,
  source: RecommendationSource,
): Promise<ProductBuyers> {
  const { data, card, signal } = source;
  const { customerIds, limit, offset } = request;
  await assertHasItems(data);
  const asOf = await resolveAsOf(data, request.asOf);
  const product = await findProduct(request.product, data, signal);
  await using day = await openDay(data, asOf, RECOMMENDATION_STATEMENTS, signal);
  const found = await scoreProduct({ productId: String(product.productId), customerIds, asOf }, day, source);
  const page = found.slice(offset, offset + limit);
  const offers = page.map(({ customerId }) => ({ customerId, productId: product.productId }));
  const reasonOf = await readOfferReasons(data, offers, { asOf, signal });
  const known = new Set(found.map(({ customerId }) => String(customerId)));
  return {
    card,
    asOf,
    product,
    customers: page.map((buyer, i) => ({ ...buyer, reason: reasonOf(offers[i]) })),
    listableCustomers: found.length,
    unlikely: (customerIds ?? []).filter((id) => !known.has(id)),
  };
}

interface ScoredProduct {
  readonly productId: string;
  readonly customerIds: readonly string[] | undefined;
  readonly asOf: string;
}

async function scoreProduct(
  { productId, customerIds, asOf }: ScoredProduct,
  day: DayView,
  { scorer, signal }: RecommendationSource,
) {
  const choice =
    customerIds === undefined
      ? customersForProduct(productId, CONSIDERED_CUSTOMERS, asOf)
      : customersListed(listedCustomers(customerIds));
  const features = recommendationFeatures(choice, DEFAULT_CANDIDATES, asOf);
  const statement = withRelations([{ name: 'recommendation_features', ...features }], {
    file: 'portable/reads/recommendation_features_of_product',
    values: [productId],
  });
  const table = await day.data.columns({ ...day.statement(statement), signal });
  const probabilities = await scorer.score(toFeatureMatrix(table, scorer.featureNames), signal);
  const timesBought = table.float64('times_bought');
  // Rows come by customer id, and sorting keeps the order of equals.
  return table
    .ids('customer_id')
    .map((customerId, row) => ({
      customerId,
      purchaseProbability: probabilities[row],
      timesBought: timesBought[row],
    }))
    .sort((a, b) => b.purchaseProbability - a.purchaseProbability);
}
