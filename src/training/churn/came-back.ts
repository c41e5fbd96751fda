import type { DataSource } from '../../data/data-source.ts';
import { addDays } from '../../features/calendar-day.ts';
import { readForwardLabels } from '../../features/read-churn-features.ts';
import type { CameBack } from '../../registry/card-figures.ts';
import { activeRows } from './active-rows.ts';
import type { DatedDataset } from './dated-dataset.ts';

/** Customers who left are looked at again after this many horizons. */
const HORIZONS_LATER = 3;

export interface CameBackRequest {
  readonly data: DataSource;
  readonly asOf: string;
  readonly horizonDays: number;
  /** Newest first. */
  readonly dated: readonly DatedDataset[];
  /** How many customers of the shop each row stands for. */
  readonly customersPerRow: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Counts how many active customers who did not order in one horizon had ordered again after three. It takes the newest day
 * with three known horizons. Undefined if there is no such day, or if nobody left.
 */
export async function readCameBack({
  data,
  asOf,
  horizonDays,
  dated,
  customersPerRow,
  signal,
}: CameBackRequest): Promise<CameBack | undefined> {
  const days = HORIZONS_LATER * horizonDays;
  const then = dated.find(({ cutoff }) => addDays(cutoff, days) <= asOf);
  if (then === undefined) return undefined;
  const { cutoff, dataset } = then;
  const later = await readForwardLabels(data, { cutoff, horizonDays: days, signal });
  const isAwayStill = later.float32('is_churned');
  const left = activeRows(dataset, horizonDays).filter((row) => dataset.labels[row] === 1);
  if (left.length === 0) return undefined;
  const back = left.filter((row) => isAwayStill[row] === 0);
  return { cutoff, days, left: customersPerRow * left.length, share: back.length / left.length };
}
