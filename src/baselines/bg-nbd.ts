/**
 * BG/NBD (Fader, Hardie and Lee 2005, "Counting Your Customers" the Easy Way): customers order at rates that follow a gamma
 * distribution, and after every order leave for good with a probability that follows a beta distribution. What a
 * customer does next follows from how often they came back, when they last did, and for how long they have been known.
 */
import { type Distinct, distinctOf } from './distinct.ts';
import { logGamma } from './log-gamma.ts';
import { minimize } from './nelder-mead.ts';

/** One entry per customer. Times are in any one unit; a unit near the usual gap fits best. */
export interface PurchaseHistory {
  /** Days with orders after the first: x. */
  readonly repeats: Float64Array;
  /** Time from the first order to the last: t_x. */
  readonly recency: Float64Array;
  /** Time from the first order to the end of observation: T. */
  readonly age: Float64Array;
}

/** Rates are gamma(r, alpha), dropout probabilities beta(a, b). */
export interface BgNbdParameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
  /** Of all customers fitted. */
  readonly logLikelihood: number;
  readonly hasConverged: boolean;
}

/** More customers than this make the estimate no better, and the fit slower. */
const MOST_CUSTOMERS = 10_000;
/** Where the sum of `ordersIfStaying` ends; it ends long before, unless the horizon is many times the history. */
const MOST_ORDERS = 100_000;
const TERM_TOLERANCE = 1e-13;
/** So many find the neighbourhood of the maximum. */
const SCOUTS = 500;
/** Of the simplex there, in logarithms of the parameters. */
const NEAR_STEP = 0.2;
const STARTS: readonly (readonly number[])[] = [
  [0, 0, 0, 0],
  [-1.5, 1.5, -0.5, 1],
  [1, 3, -1, 2],
];

/**
 * Maximum likelihood, in logarithms of the parameters. Of more than 10,000 customers every nth is taken. The maximum is
 * looked for from three starts among few customers, and from the best of these among all. If no customer came
 * back, the likelihood has no maximum, and `hasConverged` is false.
 */
export function fitBgNbd(history: PurchaseHistory): BgNbdParameters {
  const sample = thin(history, MOST_CUSTOMERS);
  const scouted = STARTS.map((start) => minimize(lossOf(thin(sample, SCOUTS)), start)).reduce((one, other) =>
    other.value < one.value ? other : one,
  );
  const best = minimize(lossOf(sample), scouted.point, { step: NEAR_STEP });
  const [r, alpha, a, b] = best.point.map((log) => Math.exp(log));
  const hasRepeats = sample.repeats.some((repeats) => repeats > 0);
  return { r, alpha, a, b, logLikelihood: -best.value, hasConverged: best.hasConverged && hasRepeats };
}

function lossOf(history: PurchaseHistory): (logs: readonly number[]) => number {
  const distinct = distinctHistory(history);
  return (logs) => {
    const [r, alpha, a, b] = logs.map((log) => Math.exp(log));
    // Beyond these the parameters only tell that all customers are alike.
    if (logs.some((log) => Math.abs(log) > 15)) return Number.POSITIVE_INFINITY;
    return -logLikelihoodOf(history, { r, alpha, a, b }, distinct);
  };
}

/** The different values of each field. */
type DistinctHistory = { readonly [Field in keyof PurchaseHistory]: Distinct };

function distinctHistory({ repeats, recency, age }: PurchaseHistory): DistinctHistory {
  return { repeats: distinctOf(repeats), recency: distinctOf(recency), age: distinctOf(age) };
}

function thin({ repeats, recency, age }: PurchaseHistory, most: number): PurchaseHistory {
  const step = Math.ceil(repeats.length / most);
  if (step <= 1) return { repeats, recency, age };
  const every = (values: Float64Array) => values.filter((_, i) => i % step === 0);
  return { repeats: every(repeats), recency: every(recency), age: every(age) };
}

export type Rates = Pick<BgNbdParameters, 'r' | 'alpha' | 'a' | 'b'>;

/** Equation 6 of the paper, in logarithms: ln(A1) + ln(A2) + ln(e^A3 + [x > 0] e^A4), summed over customers. */
export function logLikelihoodOf(
  history: PurchaseHistory,
  { r, alpha, a, b }: Rates,
  distinct: DistinctHistory = distinctHistory(history),
): number {
  const { repeats } = history;
  const fixed = r * Math.log(alpha) - logGamma(r);
  const ofAB = logGamma(a + b) - logGamma(b);
  // Many customers, few different numbers of repeats and of days: what follows from one alone is worked out once for each.
  const ofRepeats = distinct.repeats.values.map(
    (x) => logGamma(r + x) + fixed + (ofAB + logGamma(b + x) - logGamma(a + b + x)),
  );
  const leaving = distinct.repeats.values.map((x) => Math.log(a) - Math.log(b + x - 1));
  const logOfAge = distinct.age.values.map((age) => Math.log(alpha + age));
  const logOfRecency = distinct.recency.values.map((recency) => Math.log(alpha + recency));
  let sum = 0;
  for (let i = 0; i < repeats.length; i++) {
    const x = repeats[i];
    const a1AndA2 = ofRepeats[distinct.repeats.indexOf[i]];
    const a3 = -(r + x) * logOfAge[distinct.age.indexOf[i]];
    if (x === 0) {
      sum += a1AndA2 + a3;
      continue;
    }
    const a4 = leaving[distinct.repeats.indexOf[i]] - (r + x) * logOfRecency[distinct.recency.indexOf[i]];
    sum += a1AndA2 + Math.max(a3, a4) + Math.log(1 + Math.exp(-Math.abs(a3 - a4)));
  }
  return sum;
}

/**
 * The probability that each customer does not order within `horizon` after the end of observation: they have left, or
 * have not and stay away that long. Whoever is still there has a rate of gamma(r + x, alpha + T), so they stay away
 * with ((alpha + T) / (alpha + T + horizon))^(r + x).
 */
export function absenceProbability(
  { r, alpha, a, b }: Rates,
  { repeats, recency, age }: PurchaseHistory,
  horizon: number,
): Float64Array {
  return repeats.map((x, i) => {
    const customer = { repeats: x, recency: recency[i], age: age[i] };
    const alive = aliveProbability({ r, alpha, a, b }, customer);
    return 1 - alive * (1 - absenceOfAlive(r + x, alpha + age[i], horizon));
  });
}

/** One customer's history. */
export type CustomerHistory = { readonly [Field in keyof PurchaseHistory]: number };

/** Equation 3 of Fader, Hardie and Lee's note on P(alive): nobody leaves before a second order. */
export function aliveProbability(
  { r, alpha, a, b }: Rates,
  { repeats: x, recency, age }: CustomerHistory,
): number {
  if (x === 0) return 1;
  const oddsOfLeft =
    (a / (b + x - 1)) * Math.exp((r + x) * (Math.log(alpha + age) - Math.log(alpha + recency)));
  return 1 / (1 + oddsOfLeft);
}

/** The probability that a customer of rate gamma(shape, scale), who has not left, does not order within `horizon`. */
export function absenceOfAlive(shape: number, scale: number, horizon: number): number {
  return Math.exp(shape * Math.log1p(-horizon / (scale + horizon)));
}

/**
 * Days with orders that each customer is expected to have within `horizon`, if they order at all: at least 1. Whether a
 * customer has left already does not matter for it.
 *
 * Equation 10 of the paper for a customer who has not left, over the probability of an order. The equation is read as the
 * sum over k of P(more than k orders fall due) · P(the customer has not left before order k + 1). Orders that fall due
 * follow a negative binomial distribution. All terms are positive and at most 1, so the sum holds for any parameters: also if
 * nearly nobody leaves, when a and b have no greatest likelihood and are huge.
 */
export function ordersIfStaying(
  { r, alpha, a, b }: Rates,
  { repeats, age }: PurchaseHistory,
  horizon: number,
): Float64Array {
  return repeats.map((x, i) => {
    const scale = alpha + age[i];
    const orders = ordersOfAlive({ shape: r + x, z: horizon / (scale + horizon), left: a, stayed: b + x });
    return Math.max(1, orders / (1 - absenceOfAlive(r + x, scale, horizon)));
  });
}

export interface AliveCustomer {
  /** Orders that fall due within the horizon are negative binomial with this shape and success probability z. */
  readonly shape: number;
  readonly z: number;
  /** The probability to leave after an order is beta(left, stayed). */
  readonly left: number;
  readonly stayed: number;
}

function ordersOfAlive(customer: AliveCustomer): number {
  let orders = 0;
  for (const atLeast of orderTails(customer)) orders += atLeast;
  return orders;
}

/**
 * The probabilities that a customer who has not left has at least 1, 2, … days with orders within the horizon, until more
 * hardly matter: P(so many fall due) · P(the customer has not left before the last of them).
 */
export function* orderTails({ shape, z, left, stayed }: AliveCustomer): Generator<number> {
  const meanDue = (shape * z) / (1 - z);
  // In logarithms: of very many orders the probability of none is below the smallest number.
  let logOfDue = shape * Math.log1p(-z);
  let moreDue = -Math.expm1(logOfDue);
  let present = 1;
  let orders = 0;
  for (let k = 0; k < MOST_ORDERS; k++) {
    const term = moreDue * present;
    orders += term;
    yield term;
    if (k > meanDue && term <= TERM_TOLERANCE * orders) break;
    present *= (stayed + k) / (left + stayed + k);
    logOfDue += Math.log((z * (shape + k)) / (k + 1));
    moreDue = Math.max(0, moreDue - Math.exp(logOfDue));
  }
}
