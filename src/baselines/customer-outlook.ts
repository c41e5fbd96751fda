/**
 * What a customer will spend, and when they order next: a forecast's chance that they order, and what BG/NBD and the
 * gamma-gamma model say of those who do. The chance of the forecast knows more of a customer than BG/NBD does; what it does not
 * know is longer than its own horizon.
 *
 * If customers come back faster by a factor f than BG/NBD says, they stay away with its probability to the power of f; the
 * forecast's horizon gives f. Given the number n of orders, the spend is (γ + x·m) times a beta prime variate of shapes p·n
 * and p·x + q, since the gamma-gamma model draws each customer's scale from a gamma distribution.
 */
import { type AliveCustomer, absenceOfAlive, aliveProbability, orderTails } from './bg-nbd.ts';
import { expectedOrderValue, type OrderValues } from './gamma-gamma.ts';
import type { SpendHistory, SpendModel } from './spend-model.ts';

/** Of ten cases one lies below an interval, and one above. */
export const OUTLOOK_TAIL = 0.1;
/** Nearer to 0 or 1 a probability tells nothing of how much faster a customer comes back. */
const CERTAIN = 1e-4;
/** From 2 down the variance of the gamma-gamma model is infinite, and just above it nothing to go by. */
const LEAST_SHAPE = 2.5;

/** What a forecast says of a customer: the probability that they do not order within a time. */
export interface Absence {
  readonly probability: number;
  /** In the unit of the histories. */
  readonly within: number;
}

export interface Outlook {
  /** The chance to order within the horizon at all. */
  readonly chance: number;
  /** Mean spend of those who order, in the shop's currency, and the mean of its square. */
  readonly spendIfOrdering: number;
  readonly squareIfOrdering: number;
  /** When the next order comes if it comes within the horizon, in the unit of the histories: median and interval. */
  readonly nextOrder: { readonly early: number; readonly median: number; readonly late: number };
}

/** The outlook of the customer in a row of the histories, over a horizon in their unit. */
export function outlookOf(
  model: SpendModel,
  history: SpendHistory,
  row: number,
  { absence, horizon }: { readonly absence: Absence; readonly horizon: number },
): Outlook {
  const { r, alpha, a, b } = model.orders;
  const { repeats, recency, age } = history.purchases;
  const customer = { repeats: repeats[row], recency: recency[row], age: age[row] };
  const [shape, scale] = [r + customer.repeats, alpha + customer.age];
  const alive = aliveProbability(model.orders, customer);
  const orderedBy = (time: number) => alive * (1 - absenceOfAlive(shape, scale, time));
  const faster = Math.log(inside(absence.probability)) / Math.log(inside(1 - orderedBy(absence.within)));
  const chance = 1 - (1 - orderedBy(horizon)) ** faster;
  const staying = { shape, z: horizon / (scale + horizon), left: a, stayed: b + customer.repeats };
  return {
    chance,
    ...spendOf(staying, model, history.values, row),
    nextOrder: nextOrderOf((share) => {
      // The share of those who order at all who have done so by then, solved for the time.
      const away = 1 - (1 - (1 - share * chance) ** (1 / faster)) / alive;
      return Math.min(horizon, scale * (Math.max(away, 0) ** (-1 / shape) - 1));
    }),
  };
}

function nextOrderOf(timeBy: (share: number) => number): Outlook['nextOrder'] {
  return { early: timeBy(OUTLOOK_TAIL), median: timeBy(0.5), late: timeBy(1 - OUTLOOK_TAIL) };
}

function inside(probability: number): number {
  return Math.min(1 - CERTAIN, Math.max(CERTAIN, probability));
}

/** Moments of the spend of those who order. */
function spendOf(
  customer: AliveCustomer,
  { value: { p, q, gamma } }: SpendModel,
  { orders, meanValue }: OrderValues,
  row: number,
): Pick<Outlook, 'spendIfOrdering' | 'squareIfOrdering'> {
  // Of those who have not left: n has the mean Σ P(n ≥ k), and n² Σ (2k − 1) · P(n ≥ k).
  let [k, number, square, any] = [0, 0, 0, 0];
  for (const atLeast of orderTails(customer)) {
    if (k === 0) any = atLeast;
    k++;
    number += atLeast;
    square += (2 * k - 1) * atLeast;
  }
  const known = { orders: orders.subarray(row, row + 1), meanValue: meanValue.subarray(row, row + 1) };
  const [valueOfOrder] = expectedOrderValue({ p, q, gamma }, known);
  const shape = Math.max(p * orders[row] + q, LEAST_SHAPE);
  const spread = (shape - 1) / (shape - 2);
  return {
    spendIfOrdering: (valueOfOrder * number) / any,
    squareIfOrdering: (valueOfOrder ** 2 * spread * (square + number / p)) / any,
  };
}
