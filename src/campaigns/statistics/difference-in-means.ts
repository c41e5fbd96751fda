import { studentQuantile } from '../../metrics/quantiles.ts';
import { type AdjustedMean, adjustedMean, type Group } from './adjusted-mean.ts';
import type { Difference } from './interval.ts';

export interface TwoGroups {
  readonly contacted: Group;
  readonly heldOut: Group;
}

/** Two means and two slopes. */
const COEFFICIENTS = 4;
/** Student's quantile is not known for fewer. */
const LEAST_DEGREES_OF_FREEDOM = 3;
/** Beyond this skewness of the difference the expansion is no longer one. */
const MOST_SKEWNESS = 0.5;

/**
 * How much higher the mean outcome is among the contacted, with an interval that holds it with probability 1 - alpha.
 *
 * Few customers spend most of the money. A small group without one of them shows a small mean and a small variance at once,
 * so its own variance misleads: with 40 held out, such intervals held the truth in 92 of 100 simulated campaigns. So the
 * variance comes from both groups together, and a group's part of it from its share of customers who brought something, as
 * if those brought alike in both. What skewness is left is expanded by Cornish and Fisher, "Moments and cumulants in the
 * specification of distributions", 1937.
 *
 * @returns undefined if a group is too small, or all customers turned out alike
 */
export function differenceInMeans({ contacted, heldOut }: TwoGroups, alpha: number): Difference | undefined {
  const sizes = [contacted.outcomes.length, heldOut.outcomes.length];
  const customers = sizes[0] + sizes[1];
  if (Math.min(...sizes) < 2) return undefined;
  const means = [adjustedMean(contacted), adjustedMean(heldOut)];
  const pooled = (moment: (mean: AdjustedMean) => number) =>
    (sizes[0] * moment(means[0]) + sizes[1] * moment(means[1])) / customers;
  const [variance, thirdMoment] = [pooled((mean) => mean.variance), pooled((mean) => mean.thirdMoment)];
  const scales = relativeVariances([contacted.amounts, heldOut.amounts]);
  const square = variance * (scales[0] / sizes[0] + scales[1] / sizes[1]);
  if (!(square > 0)) return undefined;
  const value = means[0].mean - means[1].mean;
  const error = Math.sqrt(square);
  const cube = thirdMoment * (scales[0] / sizes[0] ** 2 - scales[1] / sizes[1] ** 2);
  const skewness = Math.max(-MOST_SKEWNESS, Math.min(MOST_SKEWNESS, cube / error ** 3));
  const t = studentQuantile(1 - alpha / 2, Math.max(customers - COEFFICIENTS, LEAST_DEGREES_OF_FREEDOM));
  const shift = (skewness * (t * t - 1)) / 6;
  return { value, low: value - error * (t + shift), high: value + error * (t - shift) };
}

/**
 * The variance of each group's amounts over that of all: q m₂ - q² m₁², q being the group's share of customers who brought
 * something, m₁ and m₂ the moments of what all those brought.
 */
function relativeVariances(groups: readonly Float64Array[]): number[] {
  let [customers, active, first, second] = [0, 0, 0, 0];
  const shares = groups.map((amounts) => {
    const before = active;
    for (const amount of amounts) {
      if (amount === 0) continue;
      active += 1;
      first += amount;
      second += amount * amount;
    }
    customers += amounts.length;
    return (active - before) / amounts.length;
  });
  const varianceAt = (share: number) => (share * second) / active - ((share * first) / active) ** 2;
  const all = varianceAt(active / customers);
  return shares.map((share) => (all > 0 ? varianceAt(share) / all : 1));
}
