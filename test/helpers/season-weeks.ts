import type { ShopSeason } from '../../src/training/churn/season/seasoned-forecast.ts';

/** A year's wave that repeats exactly; the weeks to come are those of 49 to 52 weeks ago. */
export const yearlyWave = (weeksAgo: number) => Math.exp(0.8 * Math.cos((2 * Math.PI * weeksAgo) / 52));

/** A shop of one class of customers, whose order days by week are those of a factor. */
export function shopOfWeeks(
  { asOf, horizonDays }: Pick<ShopSeason, 'asOf' | 'horizonDays'>,
  weeks: number,
  factorOf: (weeksAgo: number) => number,
): ShopSeason {
  return {
    asOf,
    horizonDays,
    dated: [],
    weeks: Array.from({ length: weeks }, (_, i) => ({
      weeksAgo: i + 1,
      customerClass: 0,
      customers: 1000,
      orderDays: 100 * factorOf(i + 1),
    })),
  };
}
