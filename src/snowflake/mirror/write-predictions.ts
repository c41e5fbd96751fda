import type { Id } from '../../data/data-source.ts';
import { throwIfAborted } from '../../errors.ts';
import type { MirrorSession } from './mirror-session.ts';
import { timestamp } from './model-mirror.ts';

/** Values per statement: from 65,280 values on, the driver would put them into files. */
const ROWS_AT_ONCE = 30_000;

export interface Predictions {
  readonly model: string;
  readonly version: string;
  /** ISO date. */
  readonly asOf: string;
  readonly customerIds: readonly Id[];
  readonly probabilities: Float32Array;
}

/**
 * Writes probabilities back, all or none: they wait in a table of the session until one MERGE takes them over. A
 * version's probabilities as of a day never change, so those that are there already stay.
 *
 * @returns how many were new
 */
export async function writePredictions(
  { model, version, asOf, customerIds, probabilities }: Predictions,
  mirror: MirrorSession,
  now: Date,
  signal: AbortSignal,
): Promise<number> {
  await mirror.run('new_churn_predictions', []);
  for (let from = 0; from < customerIds.length; from += ROWS_AT_ONCE) {
    throwIfAborted(signal);
    const rows = customerIds
      .slice(from, from + ROWS_AT_ONCE)
      .map((id, index) => [String(id), probabilities[from + index]]);
    await mirror.forRows('insert_churn_predictions', rows);
  }
  return mirror.change('merge_churn_predictions', [model, version, asOf, timestamp(now)]);
}
