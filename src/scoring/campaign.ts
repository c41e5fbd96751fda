import type { ForecastTrust } from './forecast-trust.ts';

/** What contacting customers with an offer is expected to earn; amounts in the shop's currency. */
export interface CampaignCosts {
  /** Cost of contacting one customer, whatever the outcome. */
  readonly contactCost: number;
  /** Cost of the offer for each customer who takes it: all who stay take it, won over or not. */
  readonly offerCost: number;
  /** Share of customers about to leave whom the offer keeps, 0 to 1. */
  readonly successRate: number;
  /** Share of revenue that is profit, 0 to 1. */
  readonly margin: number;
}

export interface Prospect {
  readonly churnProbability: number;
  /** Expected spend in the horizon, if the customer stays. */
  readonly expectedSpend: number;
}

export interface Campaign {
  /** Customers worth contacting: those with an expected profit above 0. */
  readonly customers: number;
  /** Undefined if the latest probabilities were too wrong for a sum of money. */
  readonly profit: CampaignProfit | undefined;
}

export interface CampaignProfit {
  readonly expected: number;
  /** Between these in 19 campaigns of 20, by chance and by how far the probabilities may be off, if costs are right. */
  readonly low: number;
  readonly high: number;
}

/** Standard deviations on either side of the mean that 95 % of a normal distribution lie within. */
const NORMAL_95 = 1.959964;

/**
 * Profit on the kept spend times the chance that the offer keeps it, minus the contact, minus the offer for all who take
 * it: those won over, and those who would have stayed anyway.
 */
export function expectedProfit({ churnProbability, expectedSpend }: Prospect, costs: CampaignCosts): number {
  const won = churnProbability * costs.successRate;
  return (
    won * expectedSpend * costs.margin - costs.contactCost - (1 - churnProbability + won) * costs.offerCost
  );
}

/** A campaign to all prospects whose expected profit is above 0, each of whom decides alone. */
export function planCampaign(
  prospects: readonly Prospect[],
  costs: CampaignCosts,
  trust: ProfitTrust,
): Campaign {
  const contacted = prospects.filter((prospect) => expectedProfit(prospect, costs) > 0);
  return {
    customers: contacted.length,
    profit: profitOf(
      contacted.map((prospect) => ({ prospect, costs })),
      trust,
    ),
  };
}

type ProfitTrust = Pick<ForecastTrust, 'isOff' | 'deviation'>;

export interface ContactedCustomer {
  readonly prospect: Prospect;
  readonly costs: CampaignCosts;
}

/** What contacting these customers is expected to earn; undefined if the latest probabilities were too wrong to add up. */
export function profitOf(
  contacted: readonly ContactedCustomer[],
  { isOff, deviation }: ProfitTrust,
): CampaignProfit | undefined {
  if (isOff !== undefined) return undefined;
  const totalAt = (exponent: number) =>
    contacted.reduce((sum, { prospect: { churnProbability, expectedSpend }, costs }) => {
      return sum + expectedProfit({ churnProbability: churnProbability ** exponent, expectedSpend }, costs);
    }, 0);
  const expected = totalAt(1);
  const chance =
    NORMAL_95 ** 2 *
    contacted.reduce((sum, { prospect, costs }) => sum + varianceOfProfit(prospect, costs), 0);
  // Two independent sources of variance: the chance of each customer, and the error that all customers share.
  const away = (exponent: number) => Math.sqrt(chance + (totalAt(exponent) - expected) ** 2);
  return {
    expected,
    low: expected - away(Math.exp(NORMAL_95 * deviation)),
    high: expected + away(Math.exp(-NORMAL_95 * deviation)),
  };
}

/** Variance over three outcomes: won over, stays anyway, leaves. */
function varianceOfProfit(prospect: Prospect, costs: CampaignCosts): number {
  const { churnProbability, expectedSpend } = prospect;
  const mean = expectedProfit(prospect, costs);
  const won = churnProbability * costs.successRate;
  const outcomes = [
    { chance: won, profit: expectedSpend * costs.margin - costs.offerCost - costs.contactCost },
    { chance: 1 - churnProbability, profit: -costs.offerCost - costs.contactCost },
    { chance: churnProbability - won, profit: -costs.contactCost },
  ];
  return outcomes.reduce((sum, { chance, profit }) => sum + chance * (profit - mean) ** 2, 0);
}
