import type { DayView } from '../data/compose-statement.ts';
import type { DataSource, Id } from '../data/data-source.ts';
import { DEFAULT_CANDIDATES } from '../features/recommendation-features.ts';
import type { Scorer } from '../scoring/scorer.ts';
import type { OfferReason } from './offer-reasons.ts';
import type { ReadRules } from './offer-rules.ts';
import { popularCandidates, type Ranking, rankCustomers } from './ranked-customers.ts';

export interface RecommendedProduct {
  readonly rank: number;
  readonly productId: Id;
  readonly productName: string;
  readonly productCategory: string | null;
  readonly purchaseProbability: number;
  readonly reason?: OfferReason | undefined;
}

export interface RankingSource {
  readonly data: DataSource;
  /** The registered model, opened once by the caller and kept for later calls. */
  readonly scorer: Scorer;
  readonly signal?: AbortSignal | undefined;
}

/** Best first. */
export interface CustomerOffers {
  readonly customerId: Id;
  readonly recommendations: readonly RecommendedProduct[];
}

export interface OffersRequest {
  readonly customerIds: readonly Id[];
  readonly nProducts: number;
  readonly asOf: string;
  readonly rules?: ReadRules | undefined;
}

/** Ranks the products that customers never bought: by customer id, without those who have nothing left to buy. */
export async function rankOffers(
  { customerIds, nProducts, asOf, rules }: OffersRequest,
  day: DayView,
  { scorer, signal }: RankingSource,
): Promise<CustomerOffers[]> {
  const ranking = await rankCustomers(
    {
      choice: { customerIds },
      limits: { ...DEFAULT_CANDIDATES, own: 0, popular: popularCandidates(nProducts, rules) },
      nProducts,
      includePurchased: false,
      asOf,
      withNames: true,
      rules,
    },
    day,
    scorer,
    signal,
  );
  return nameProducts(ranking);
}

/** A product without a name is shown by its id. */
function nameProducts({ customers, candidates, probabilities }: Ranking): CustomerOffers[] {
  const productIds = candidates.ids('product_id');
  const names = candidates.text('product_name');
  const categories = candidates.text('product_category');
  return customers.map(({ customerId, rows }) => ({
    customerId,
    recommendations: rows.map((row, index) => ({
      rank: index + 1,
      productId: productIds[row],
      productName: names[row] ?? String(productIds[row]),
      productCategory: categories[row],
      purchaseProbability: probabilities[row],
    })),
  }));
}
