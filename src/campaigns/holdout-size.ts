import { normalQuantile } from '../metrics/quantiles.ts';
import { alphaOf } from './looks.ts';

/**
 * How many customers to leave uncontacted, and what can then be seen. Two shares are compared, the variance of each being
 * what the forecast leaves open: the mean of p (1 - p) over the customers' own probabilities (a group of half sure stayers and
 * half sure leavers is no coin toss). The formula is that of Fleiss, Levin and Paik, "Statistical Methods for Rates and
 * Proportions", 2003, chapter 4, for groups of different sizes.
 */

/** Of ten campaigns whose offer has the smallest effect that can be seen, eight show it. */
const POWER = 0.8;
/** A group with fewer customers tells nothing, whatever the formula says; of so few as 39 it is half. */
const LEAST_HELD_OUT = 20;
/** Leaving more uncontacted costs more than it teaches. */
const MOST_HELD_OUT_SHARE = 0.4;

/** Probabilities of the customers of the audience to leave, 0 to 1. */
type Audience = ArrayLike<number>;

/**
 * The smallest difference in the share of customers who order that will be seen, 0 to 1: in eight campaigns of ten with
 * such an effect the interval at the end leaves 0 out. 1 if no difference can be seen.
 */
export function smallestVisibleDifference(churnProbabilities: Audience, heldOut: number): number {
  const contacted = churnProbabilities.length - heldOut;
  if (heldOut < 1 || contacted < 1) return 1;
  const away = normalQuantile(1 - alphaOf({ isFinal: true, horizonDays: 1 }) / 2) + normalQuantile(POWER);
  const averageRisk = meanOf(churnProbabilities);
  const variance = openVariance(churnProbabilities, 1);
  const seen = (difference: number) => {
    const left = openVariance(churnProbabilities, Math.max(0, 1 - difference / averageRisk));
    return difference >= away * Math.sqrt(left / contacted + variance / heldOut);
  };
  if (!seen(1)) return 1;
  let [invisible, visible] = [0, 1];
  for (let step = 0; step < 40; step++) {
    const middle = (invisible + visible) / 2;
    if (seen(middle)) visible = middle;
    else invisible = middle;
  }
  return visible;
}

/** The fewest customers left uncontacted with which a difference is seen; the most that are worth it if none are enough. */
export function holdoutSize(churnProbabilities: Audience, difference: number): number {
  const customers = churnProbabilities.length;
  const least = Math.max(1, Math.min(LEAST_HELD_OUT, Math.floor(customers / 2)));
  const most = Math.max(least, Math.floor(customers * MOST_HELD_OUT_SHARE));
  let [few, enough] = [least, most];
  const sees = (heldOut: number) => smallestVisibleDifference(churnProbabilities, heldOut) <= difference;
  if (!sees(enough)) return most;
  if (sees(few)) return few;
  while (enough - few > 1) {
    const middle = (few + enough) >> 1;
    if (sees(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}

/** Mean of p (1 - p), each probability to leave being `scale` times what it is. */
function openVariance(churnProbabilities: Audience, scale: number): number {
  let sum = 0;
  for (let i = 0; i < churnProbabilities.length; i++) {
    const p = churnProbabilities[i] * scale;
    sum += p * (1 - p);
  }
  return sum / churnProbabilities.length;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
