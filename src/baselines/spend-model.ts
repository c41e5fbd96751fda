/**
 * What a customer would spend if they stayed: the days with orders that BG/NBD expects of those who order again, times the
 * value of an order that the gamma-gamma model expects. Both average a customer with everybody, so that one large order
 * made yesterday is neither taken for the customer's pace nor for the value of all their orders.
 *
 * On later periods of CDNOW and Online Retail it ranks customers who stayed better than total spent per day does, and its
 * sum is closer to what they spent (test/baselines/spend-model.test.ts).
 */
import { type BgNbdParameters, fitBgNbd, ordersIfStaying, type PurchaseHistory } from './bg-nbd.ts';
import {
  expectedOrderValue,
  fitGammaGamma,
  type GammaGammaParameters,
  type OrderValues,
} from './gamma-gamma.ts';

/** One entry per customer in every array. An order is here all that was ordered on one day. */
export interface SpendHistory {
  readonly purchases: PurchaseHistory;
  readonly values: OrderValues;
}

export interface SpendModel {
  readonly orders: BgNbdParameters;
  readonly value: GammaGammaParameters;
}

/**
 * Needs no labels. Undefined if the histories do not determine one of the two models: too few customers who came back.
 *
 * @param orders BG/NBD of the same histories, if it was fitted already.
 */
export function fitSpendModel(
  { purchases, values }: SpendHistory,
  orders: BgNbdParameters = fitBgNbd(purchases),
): SpendModel | undefined {
  const value = fitGammaGamma(values);
  return orders.hasConverged && value.hasConverged ? { orders, value } : undefined;
}

/**
 * What each customer is expected to spend within `horizon` if they order at all.
 *
 * @param horizon in the unit of the histories. @returns amounts in the shop's currency.
 */
export function spendIfStaying(
  { orders, value }: SpendModel,
  { purchases, values }: SpendHistory,
  horizon: number,
): Float64Array {
  const valueOfOrder = expectedOrderValue(value, values);
  return ordersIfStaying(orders, purchases, horizon).map((days, i) => days * valueOfOrder[i]);
}
