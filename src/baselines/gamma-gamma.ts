/**
 * The gamma-gamma model of spend (Fader and Hardie 2013, "The Gamma-Gamma Model of Monetary Value"): the values of a
 * customer's orders follow a gamma distribution of shape p around a mean of their own, and these means differ between
 * customers as p times a gamma distribution's inverse, of shape q and scale γ. So a customer's expected order is an average
 * of their own orders and everybody's, in which their own weigh more the more there are: one large order is not believed.
 *
 * It assumes that how often customers order says nothing about how much they spend per order.
 */
import { type Distinct, distinctOf } from './distinct.ts';
import { logGamma } from './log-gamma.ts';
import { minimize } from './nelder-mead.ts';

/** One entry per customer. */
export interface OrderValues {
  /** Orders: x, 0 if none is known. */
  readonly orders: Float64Array;
  /** Their mean value in the shop's currency; not used for a customer without orders. 0 or less counts as 0. */
  readonly meanValue: Float64Array;
}

export interface GammaGammaParameters {
  readonly p: number;
  readonly q: number;
  /** In the shop's currency. */
  readonly gamma: number;
  /** Of all customers fitted. */
  readonly logLikelihood: number;
  readonly hasConverged: boolean;
}

type Shapes = Pick<GammaGammaParameters, 'p' | 'q' | 'gamma'>;

/** More customers than this make the estimate no better, and the fit slower. */
const MOST_CUSTOMERS = 10_000;
/** Fewer customers whose order values are known cannot tell three parameters. */
const FEWEST_CUSTOMERS = 20;
/** Beyond these logarithms the parameters only tell that all customers are alike. */
const GREATEST_LOG = 15;
/** So many find the neighbourhood of the maximum. */
const SCOUTS = 500;
/** From this logarithm of q on the customers are alike, and the likelihood no longer tells one q from another. */
const ALIKE_LOG = 10;
/** Of the simplex there, in logarithms of the parameters. */
const NEAR_STEP = 0.2;
const STARTS: readonly (readonly number[])[] = [
  [0, 1, 0],
  [2, 1, 1],
  [0.5, 2, 2],
];

/**
 * Maximum likelihood, in logarithms of the parameters. Values are divided by their mean first, so that the currency does
 * not matter. Of more than 10,000 customers every nth is taken. The maximum is looked for from three starts among few
 * customers, and from the best of these among all. Customers without an order, or whose orders are worth nothing, tell
 * nothing and are left out. O(customers) per evaluation.
 */
export function fitGammaGamma(values: OrderValues): GammaGammaParameters {
  const { sample, unit } = scaledSample(values);
  const scouts = STARTS.map((start) => minimize(lossOf(everyNth(sample, SCOUTS)), start));
  const nearest = scouts.reduce((one, other) => (other.value < one.value ? other : one));
  const best = minimize(lossOf(sample), nearest.point, { step: NEAR_STEP });
  const [p, q, gamma] = shapesAt(best.point);
  const customers = sample.orders.length;
  return {
    p,
    q,
    gamma: gamma * unit,
    // The density of a value in the currency is that of the scaled value over the unit.
    logLikelihood: -best.value - customers * Math.log(unit),
    hasConverged: best.hasConverged && q > 1 && customers >= FEWEST_CUSTOMERS,
  };
}

function lossOf(values: OrderValues): (logs: readonly number[]) => number {
  const orders = distinctOf(values.orders);
  return (logs) => {
    if (logs.some((log) => Math.abs(log) > GREATEST_LOG)) return Number.POSITIVE_INFINITY;
    const [p, q, gamma] = shapesAt(logs);
    return -logLikelihoodOf(values, { p, q, gamma }, orders);
  };
}

function shapesAt([p, q, gamma]: readonly number[]): readonly number[] {
  return [p, Math.min(q, ALIKE_LOG), gamma].map((log) => Math.exp(log));
}

function everyNth({ orders, meanValue }: OrderValues, most: number): OrderValues {
  const step = Math.max(1, Math.ceil(orders.length / most));
  const every = (values: Float64Array) => values.filter((_, i) => i % step === 0);
  return { orders: every(orders), meanValue: every(meanValue) };
}

/** Equation 1a of the note, in logarithms, summed over customers, all of whom must have orders of some value. */
export function logLikelihoodOf(
  { orders, meanValue }: OrderValues,
  { p, q, gamma }: Shapes,
  { values, indexOf }: Distinct = distinctOf(orders),
): number {
  const fixed = q * Math.log(gamma) - logGamma(q);
  // Many customers, few different numbers of orders: the gamma functions are worked out once for each.
  const ofOrders = values.map((x) => logGamma(p * x + q) - logGamma(p * x) + fixed + p * x * Math.log(x));
  let sum = 0;
  for (let i = 0; i < orders.length; i++) {
    const x = orders[i];
    const value = meanValue[i];
    sum += ofOrders[indexOf[i]];
    sum += (p * x - 1) * Math.log(value) - (p * x + q) * Math.log(gamma + x * value);
  }
  return sum;
}

/**
 * What an order of each customer is expected to be worth, in the shop's currency (equation 5 of the note): the mean of all
 * customers' order values if nothing is known of theirs.
 */
export function expectedOrderValue(
  { p, q, gamma }: Shapes,
  { orders, meanValue }: OrderValues,
): Float64Array {
  return orders.map((x, i) => (p * (gamma + x * Math.max(0, meanValue[i]))) / (p * x + q - 1));
}

function scaledSample({ orders, meanValue }: OrderValues): { sample: OrderValues; unit: number } {
  const isUsable = (_: number, i: number) => orders[i] > 0 && meanValue[i] > 0;
  const usable = { orders: orders.filter(isUsable), meanValue: meanValue.filter(isUsable) };
  const taken = everyNth(usable, MOST_CUSTOMERS);
  const unit = meanOf(taken.meanValue) || 1;
  return { sample: { ...taken, meanValue: taken.meanValue.map((value) => value / unit) }, unit };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
