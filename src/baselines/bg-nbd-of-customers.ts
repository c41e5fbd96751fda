import { columnOf } from '../dataset/column-rows.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { type BgNbdParameters, fitBgNbd } from './bg-nbd.ts';
import { purchaseHistoryOf } from './purchase-history.ts';

/** Keyed by the column of days since the first order: each set of customers and each day has its own. */
const fitted = new WeakMap<Float32Array, BgNbdParameters>();

/** Fits BG/NBD to these customers' histories. A second call for the same customers returns the same fit. */
export function bgNbdOf(customers: FeatureMatrix): BgNbdParameters {
  const age = columnOf(customers, 'days_since_first_order');
  const known = fitted.get(age);
  if (known !== undefined) return known;
  const parameters = fitBgNbd(purchaseHistoryOf(customers));
  fitted.set(age, parameters);
  return parameters;
}
