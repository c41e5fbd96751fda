/** What may be lost: churn probabilities times expected spend, summed. Amounts are in the shop's currency. */
import type { Prospect } from './campaign.ts';
import { probabilityRange } from './forecast-trust.ts';

/** Over a group of customers, listed or not. */
export interface MoneyAtRisk {
  readonly customers: number;
  /** Probability × expected spend, summed; it lies between `low` and `high` on nine of ten days. */
  readonly valueAtRisk: number;
  readonly low: number;
  readonly high: number;
  /** Customers with a probability above a half. */
  readonly moreLikelyThanNot: number;
  readonly averageProbability: number;
}

export function valueAtRiskOf({ churnProbability, expectedSpend }: Prospect): number {
  return churnProbability * expectedSpend;
}

/** `deviation` is how far all probabilities of a day may be off together, as `trustOf` has it. */
export function moneyAtRisk(prospects: readonly Prospect[], deviation: number): MoneyAtRisk {
  const totals = { valueAtRisk: 0, low: 0, high: 0, moreLikelyThanNot: 0, averageProbability: 0 };
  for (const prospect of prospects) {
    const { churnProbability, expectedSpend } = prospect;
    const range = probabilityRange(churnProbability, deviation);
    totals.valueAtRisk += valueAtRiskOf(prospect);
    totals.low += range.low * expectedSpend;
    totals.high += range.high * expectedSpend;
    totals.moreLikelyThanNot += churnProbability > 0.5 ? 1 : 0;
    totals.averageProbability += churnProbability / prospects.length;
  }
  return { customers: prospects.length, ...totals };
}

/** High: the customer is more likely to leave than to stay. */
export const RISK_BANDS = ['high', 'medium', 'low'] as const;
export type RiskBand = (typeof RISK_BANDS)[number];

/** The least probability of each band. */
export const LEAST_OF_BAND = { high: 0.5, medium: 0.25, low: 0 } as const;

export function bandOf(churnProbability: number): RiskBand {
  return RISK_BANDS.find((band) => churnProbability >= LEAST_OF_BAND[band]) ?? 'low';
}

export function moneyByBand(
  prospects: readonly Prospect[],
  deviation: number,
): (MoneyAtRisk & { readonly band: RiskBand })[] {
  return RISK_BANDS.map((band) => ({
    band,
    ...moneyAtRisk(
      prospects.filter(({ churnProbability }) => bandOf(churnProbability) === band),
      deviation,
    ),
  }));
}
