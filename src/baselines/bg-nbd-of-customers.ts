import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { type BgNbdParameters, fitBgNbd } from './bg-nbd.ts';
import { purchaseHistoryOf } from './purchase-history.ts';

/** By the column of the time since the first order, which no other customers of another day share. */
const fitted = new WeakMap<Float32Array, BgNbdParameters>();

/** BG/NBD of these customers' histories. Whoever asks for the same customers again gets the same fit. */
export function bgNbdOf(customers: FeatureMatrix): BgNbdParameters {
  const age = customers.columns[customers.featureNames.indexOf('days_since_first_order')];
  const known = fitted.get(age);
  if (known !== undefined) return known;
  const parameters = fitBgNbd(purchaseHistoryOf(customers));
  fitted.set(age, parameters);
  return parameters;
}
