import type { DataSource } from '../../data/data-source.ts';
import { addDays } from '../../features/calendar-day.ts';
import { readForwardLabels } from '../../features/read-churn-features.ts';
import type { CameBack } from '../../registry/card-figures.ts';
import type { DatedDataset } from './dated-dataset.ts';

/** Whoever is looked at again is looked at after so many horizons. */
const HORIZONS_LATER = 3;

export interface CameBackRequest {
  readonly data: DataSource;
  readonly asOf: string;
  readonly horizonDays: number;
  /** Newest first. */
  readonly dated: readonly DatedDataset[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * How many active customers who did not order in a horizon ordered again later, three horizons after the newest day that
 * this is known of. Undefined if the orders are too short, or nobody left.
 */
export async function readCameBack({
  data,
  asOf,
  horizonDays,
  dated,
  signal,
}: CameBackRequest): Promise<CameBack | undefined> {
  const days = HORIZONS_LATER * horizonDays;
  const then = dated.find(({ cutoff }) => addDays(cutoff, days) <= asOf);
  if (then === undefined) return undefined;
  const { cutoff, dataset } = then;
  const later = await readForwardLabels(data, { cutoff, horizonDays: days, signal });
  const isAwayStill = later.float32('is_churned');
  const recency = dataset.columns[dataset.featureNames.indexOf('days_since_last_order')];
  const left = [...recency.keys()].filter((row) => recency[row] < horizonDays && dataset.labels[row] === 1);
  if (left.length === 0) return undefined;
  const back = left.filter((row) => isAwayStill[row] === 0);
  return { cutoff, days, left: left.length, share: back.length / left.length };
}
