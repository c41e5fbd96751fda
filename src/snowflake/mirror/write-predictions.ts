import type { Id } from '../../data/data-source.ts';
import type { MirrorSession } from './mirror-session.ts';
import { timestamp } from './model-mirror.ts';

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
): Promise<number> {
  await mirror.run('new_churn_predictions', []);
  await mirror.forRows(
    'insert_churn_predictions',
    customerIds.map((id, row) => [String(id), String(probabilities[row])]),
  );
  return mirror.change('merge_churn_predictions', [model, version, asOf, timestamp(now)]);
}
