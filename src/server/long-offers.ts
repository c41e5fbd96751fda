/** Offers for lists of any length. Those as of the last order's day are kept, because a list wants them in a second. */
import type { Id } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import { unlessDiskFails } from '../files/kept-file.ts';
import type { CallOptions, RecommendationResult } from '../mcp/tool-context.ts';
import type { OfferSource, OfferTable } from '../recommend/kept-offers.ts';
import { hasRules, type OfferRules } from '../recommend/offer-rules.ts';
import { recommendationSource } from './recommendation-source.ts';
import type { ServiceParts } from './service-parts.ts';

export interface LongList {
  readonly customerIds: readonly Id[];
  readonly nProducts: number;
  readonly asOf: string;
  /** Whether each offer comes with its reason and price. */
  readonly withReasons: boolean;
  readonly rules?: OfferRules | undefined;
}

/** If fewer are asked for, only theirs are ranked: a tenth of the customers takes a tenth of the time. */
const LEAST_SHARE_OF_ALL = 0.1;
/** Customers of the largest shop whose offers are ranked before a list asks for them: that takes a minute. */
const MOST_CUSTOMERS_AHEAD = 20_000;
/** Customers ranked at once otherwise. */
const CUSTOMERS_AT_ONCE = 1000;

/** The best offers of each customer, in the order given; those with nothing to offer are left out. */
export async function offersForList(
  parts: ServiceParts,
  list: LongList,
  source: OfferSource,
): Promise<RecommendationResult['customers']> {
  const kept = await keptOffersFor(parts, list, source);
  if (kept === undefined) return rankInBatches(list, source);
  return list.customerIds.flatMap((customerId) => {
    const recommendations = kept.of(customerId).slice(0, list.nProducts);
    return recommendations.length === 0 ? [] : [{ customerId, recommendations }];
  });
}

/**
 * Keeps the offers of a shop that is not too large, after a training, which takes ten times as long. An import of one order would
 * wait for them longer than for itself, so the first list after it ranks them. A failure loses nothing but time.
 */
export async function keepOffersAhead(parts: ServiceParts, call: CallOptions): Promise<void> {
  try {
    const version = await parts.scorers.championOf('product_recommendation');
    if (version === undefined) return;
    const { hasKeptOffers, keepOffers } = await import('../recommend/kept-offers.ts');
    await using served = await recommendationSource(parts, version, call);
    const source = { ...served.source, ...call };
    const { hasItems, customers } = await source.data.summary();
    if (!hasItems || customers > MOST_CUSTOMERS_AHEAD) return;
    if (!(await hasKeptOffers(parts.home, source))) await keepOffers(parts.home, source);
  } catch (error) {
    if (!(error instanceof ChurnMcpError)) throw error;
  }
}

/** Undefined if these offers are of another day or version than those kept, follow rules, or are so few that they are ranked sooner. */
async function keptOffersFor(
  { home, scorers }: ServiceParts,
  { customerIds, nProducts, asOf, withReasons, rules }: LongList,
  source: OfferSource,
): Promise<OfferTable | undefined> {
  if (hasRules(rules)) return undefined;
  const { KEPT_OFFERS, keepOffers, readKeptOffers } = await import('../recommend/kept-offers.ts');
  const { customers, lastOrderDate } = await source.data.summary();
  const champion = await scorers.championOf('product_recommendation');
  if (asOf !== lastOrderDate || nProducts > KEPT_OFFERS || champion !== source.card.version) return undefined;
  const kept = await readKeptOffers(home, source, { withReasons });
  if (kept !== undefined || customerIds.length < customers * LEAST_SHARE_OF_ALL) return kept;
  await unlessDiskFails(() => keepOffers(home, source));
  return readKeptOffers(home, source, { withReasons });
}

async function rankInBatches(
  { customerIds, nProducts, asOf, withReasons, rules }: LongList,
  source: OfferSource,
): Promise<RecommendationResult['customers']> {
  const { recommendProducts } = await import('../recommend/product-recommendations.ts');
  const found: RecommendationResult['customers'][number][] = [];
  for (let first = 0; first < customerIds.length; first += CUSTOMERS_AT_ONCE) {
    const ids = customerIds.slice(first, first + CUSTOMERS_AT_ONCE).map(String);
    const request = {
      nCustomers: ids.length,
      segment: '',
      customerIds: ids,
      nProducts,
      asOf,
      withReasons,
      rules,
    };
    const { customers } = await recommendProducts(request, source);
    const byId = new Map(customers.map((customer) => [String(customer.customerId), customer]));
    found.push(...ids.flatMap((id) => byId.get(id) ?? []));
  }
  return found;
}
