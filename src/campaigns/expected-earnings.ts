import {
  type CampaignCosts,
  type CampaignProfit,
  expectedProfit,
  type Prospect,
  profitOf,
} from '../scoring/campaign.ts';
import type { ForecastTrust } from '../scoring/forecast-trust.ts';
import { type SuccessRates, successRateOf } from './success-rate.ts';

/** What an offer costs and what the shop earns on what it sells. */
export type OfferCosts = Omit<CampaignCosts, 'successRate'>;

/** A customer whom an offer may persuade. */
export interface PersuadableProspect extends Prospect {
  /** By how much an offer raises their chance to order, if an uplift model was asked. */
  readonly uplift?: number | undefined;
}

export interface ExpectedEarnings {
  /** With an interval for chance, the forecast and the success rate; undefined if the latest probabilities were too wrong. */
  readonly profit: CampaignProfit | undefined;
  /** If the offer keeps half as many as expected. */
  readonly profitIfHalf: number | undefined;
  /** By how much more of the contacted are expected to order, 0 to 1. */
  readonly difference: number;
}

const NORMAL_95 = 1.959964;

/** What contacting one customer is expected to earn. */
export function earningsOf(prospect: PersuadableProspect, costs: OfferCosts, rates: SuccessRates): number {
  return expectedProfit(prospect, costsFor(prospect, costs, rates));
}

/** What contacting all of these customers is expected to earn. */
export function expectedEarnings(
  prospects: readonly PersuadableProspect[],
  { costs, rates, trust }: { costs: OfferCosts; rates: SuccessRates; trust: ForecastTrust },
): ExpectedEarnings {
  const contacted = prospects.map((prospect) => ({ prospect, costs: costsFor(prospect, costs, rates) }));
  const kept = contacted.map(
    ({ prospect, costs: { successRate } }) => prospect.churnProbability * successRate,
  );
  const difference = kept.reduce((sum, share) => sum + share, 0) / Math.max(1, prospects.length);
  const profit = profitOf(contacted, trust);
  if (profit === undefined) return { profit, profitIfHalf: undefined, difference };
  const worth = prospects.map(
    ({ churnProbability, expectedSpend }) =>
      churnProbability * (expectedSpend * costs.margin - costs.offerCost),
  );
  const ofKept = worth.reduce((sum, each, i) => sum + each * contacted[i].costs.successRate, 0);
  // The rates of all bands may be off the same way: their deviations add up.
  const deviation = worth.reduce(
    (sum, each, i) => sum + each * successRateOf(rates, prospects[i].churnProbability).deviation,
    0,
  );
  const { expected, low, high } = profit;
  const away = NORMAL_95 * deviation;
  return {
    profit: {
      expected,
      low: expected - Math.hypot(expected - low, away),
      high: expected + Math.hypot(high - expected, away),
    },
    profitIfHalf: expected - ofKept / 2,
    difference,
  };
}

/** The customer's own success rate, if an uplift model gives it; else that of their band of risk. */
function costsFor(
  { churnProbability, uplift }: PersuadableProspect,
  costs: OfferCosts,
  rates: SuccessRates,
): CampaignCosts {
  const ofBand = successRateOf(rates, churnProbability).rate;
  if (uplift === undefined) return { ...costs, successRate: ofBand };
  return { ...costs, successRate: Math.max(0, Math.min(1, uplift / churnProbability)) };
}
