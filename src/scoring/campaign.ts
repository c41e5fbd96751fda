/** What contacting customers with an offer is expected to earn; amounts in the shop's currency. */
export interface CampaignCosts {
  /** Of contacting one customer, whatever comes of it. */
  readonly contactCost: number;
  /** Of the offer, for each customer who takes it: whoever stays, won over or not. */
  readonly offerCost: number;
  /** Share of customers about to leave whom the offer keeps, 0 to 1. */
  readonly successRate: number;
}

export interface Prospect {
  readonly churnProbability: number;
  /** In the horizon, if they stay. */
  readonly expectedSpend: number;
}

export interface Campaign {
  /** Customers worth contacting: those with an expected profit above 0. */
  readonly customers: number;
  readonly expectedProfit: number;
  /** Between these in 19 campaigns of 20, if the probabilities and the success rate are right. */
  readonly low: number;
  readonly high: number;
}

/** Standard deviations on either side of the mean that 95 % of a normal distribution lie within. */
const NORMAL_95 = 1.959964;

/**
 * Spend that is kept, times the chance that it is the offer that keeps it, less the contact, less the offer for everybody
 * who takes it: those won over, and those who would have stayed anyway.
 */
export function expectedProfit({ churnProbability, expectedSpend }: Prospect, costs: CampaignCosts): number {
  const won = churnProbability * costs.successRate;
  return won * expectedSpend - costs.contactCost - (1 - churnProbability + won) * costs.offerCost;
}

/** A campaign to all prospects whose expected profit is above 0, each of whom decides alone. */
export function planCampaign(prospects: readonly Prospect[], costs: CampaignCosts): Campaign {
  let customers = 0;
  let profit = 0;
  let variance = 0;
  for (const prospect of prospects) {
    const mean = expectedProfit(prospect, costs);
    if (mean <= 0) continue;
    customers++;
    profit += mean;
    variance += varianceOfProfit(prospect, costs, mean);
  }
  const spread = NORMAL_95 * Math.sqrt(variance);
  return { customers, expectedProfit: profit, low: profit - spread, high: profit + spread };
}

/** Three outcomes: won over, stays anyway, leaves. */
function varianceOfProfit(
  { churnProbability, expectedSpend }: Prospect,
  costs: CampaignCosts,
  mean: number,
): number {
  const won = churnProbability * costs.successRate;
  const outcomes = [
    { chance: won, profit: expectedSpend - costs.offerCost - costs.contactCost },
    { chance: 1 - churnProbability, profit: -costs.offerCost - costs.contactCost },
    { chance: churnProbability - won, profit: -costs.contactCost },
  ];
  return outcomes.reduce((sum, { chance, profit }) => sum + chance * (profit - mean) ** 2, 0);
}
