import { ASKED_CUSTOMERS, type DayView, ofCustomers, withRelations } from '../data/compose-statement.ts';
import type { ColumnTable, Id } from '../data/data-source.ts';
import { toFeatureMatrix } from '../dataset/column-rows.ts';
import { ChurnMcpError } from '../errors.ts';
import {
  type CandidateLimits,
  type CustomerChoice,
  DEFAULT_CANDIDATES,
  recommendationFeatures,
} from '../features/recommendation-features.ts';
import { topRows } from '../metrics/ranking.ts';
import type { Scorer } from '../scoring/scorer.ts';
import { LOG_BOOST, type ReadRules } from './offer-rules.ts';

/** A customer's best candidates as row numbers of the scored result, best first. */
export interface RankedCustomer {
  readonly customerId: Id;
  readonly rows: readonly number[];
}

export interface Ranking {
  /** By customer id; customers with nothing to recommend are left out. */
  readonly customers: readonly RankedCustomer[];
  readonly candidates: ColumnTable;
  /** Probability of each candidate within the model's horizon after the as-of date. */
  readonly probabilities: Float32Array;
}

export interface KnownCustomers {
  readonly customerIds: readonly Id[];
}

export interface RankingRequest {
  /** A statement, or the customers themselves: of a few, only the rows that are theirs are read. */
  readonly choice: CustomerChoice | KnownCustomers;
  readonly limits: CandidateLimits;
  readonly nProducts: number;
  readonly includePurchased: boolean;
  readonly asOf: string;
  /** Whether the candidates come with `product_name` and `product_category`. */
  readonly withNames: boolean;
  readonly rules?: ReadRules | undefined;
}

/**
 * Scores the candidates of chosen customers and keeps the best, highest rank score first, then by product id. Products
 * out of stock or no longer sold are never among them. With rules, a boosted product counts as likelier than it is; its
 * probability stays what it is.
 */
export async function rankCustomers(
  request: RankingRequest,
  day: DayView,
  scorer: Scorer,
  signal?: AbortSignal,
): Promise<Ranking> {
  const candidates = await readCandidates(request, day, signal);
  const features = toFeatureMatrix(candidates, scorer.featureNames);
  const { probabilities, rankScores } = await scorer.rank(features, signal);
  const customerIds = candidates.ids('customer_id');
  const timesBought = candidates.float32('times_bought');
  const isOffered = candidates.float32('is_offered');
  const { rules } = request;
  const productIds = rules === undefined ? [] : candidates.ids('product_id');
  const isEligible = (row: number) =>
    isOffered[row] === 1 &&
    (request.includePurchased || timesBought[row] === 0) &&
    rules?.isExcluded(productIds[row]) !== true;
  const ranked = rankScores.map((score, row) =>
    rules?.isBoosted(productIds[row]) === true ? score + LOG_BOOST : score,
  );
  const customers: RankedCustomer[] = [];
  for (let begin = 0; begin < customerIds.length; ) {
    let end = begin + 1;
    while (end < customerIds.length && customerIds[end] === customerIds[begin]) end++;
    const rows = topRows(ranked, { begin, end }, request.nProducts, isEligible);
    if (rows.length > 0) customers.push({ customerId: customerIds[begin], rows });
    begin = end;
  }
  return { customers, candidates, probabilities };
}

/** How many of the most popular products every customer has as candidates, so that a list of this length can be filled. */
export function popularCandidates(nProducts: number, rules: ReadRules | undefined): number {
  const wanted = Math.max(DEFAULT_CANDIDATES.popular, nProducts);
  return rules === undefined ? wanted : rules.popularWith(wanted);
}

async function readCandidates(request: RankingRequest, day: DayView, signal: AbortSignal | undefined) {
  const known = 'customerIds' in request.choice ? request.choice.customerIds : undefined;
  const choice = 'customerIds' in request.choice ? ASKED_CUSTOMERS : request.choice;
  const features = recommendationFeatures(choice, request.limits, request.asOf);
  const relations = [{ name: 'recommendation_features', ...features }];
  const named = { file: 'portable/reads/recommendation_named_features', values: [] } as const;
  const sorted = { file: 'portable/reads/recommendation_sorted_features', values: [] } as const;
  const { rules } = request;
  const statement =
    rules === undefined
      ? withRelations(relations, request.withNames ? named : sorted)
      : withRelations(
          [
            ...relations,
            { name: 'named_features', ...named },
            { name: 'offered_products', ...rules.offered },
          ],
          { file: 'portable/reads/recommendation_ruled_features', values: [] },
        );
  const query = known === undefined ? statement : ofCustomers(statement, known);
  return day.data.columns({ ...day.statement(query), signal });
}

export function assertWithin(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new ChurnMcpError('INVALID_ARGUMENT', `${name} must be a whole number from 1 to ${most}.`, {
    hint: `Ask again with ${name} between 1 and ${most}.`,
  });
}
