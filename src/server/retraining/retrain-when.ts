import { MUCH_DRIFT } from '../../metrics/drift.ts';
import type { RetrainingState } from './retraining-state.ts';

/** When models are trained again: after a time, or when customers have moved since the training. */
export type RetrainWhen = { readonly kind: 'every'; readonly ms: number } | { readonly kind: 'drift' };

/** If drift decides, models are trained at most once in so long: a champion may stay although customers have moved. */
const A_DAY_MS = 86_400_000;
/** How often drift is measured: it scores all customers. */
export const DRIFT_LOOK_MS = 3_600_000;
/** Failures make the wait longer, up to a week, or to the interval if that is longer. */
const LONGEST_WAIT_MS = 7 * 86_400_000;
const CLOCK_TOLERANCE_MS = 60_000;
/** So many more customers than the model was trained on call for a new one. */
const MUCH_MORE = 1.1;

/**
 * How long until the next round; 0 if it is due. After failures it waits twice as long each time.
 *
 * @param state how the last round went; undefined if there was none
 * @param trainedAt when the oldest champion was trained
 */
export function timeUntilDue(
  when: RetrainWhen,
  { state, trainedAt, now }: { state: RetrainingState | undefined; trainedAt: Date; now: Date },
): number {
  const interval = when.kind === 'every' ? when.ms : A_DAY_MS;
  const failures = state?.failures ?? 0;
  const longest = Math.max(interval, LONGEST_WAIT_MS);
  const wait = Math.min(interval * 2 ** Math.max(0, failures - 1), longest);
  // Without a round yet, drift is measured at once.
  const since = state?.started_at ?? (when.kind === 'drift' ? 0 : trainedAt);
  const elapsed = now.getTime() - new Date(since).getTime();
  // Written by a clock that was ahead, or before it was set back: nobody knows how long ago that is.
  if (elapsed < -CLOCK_TOLERANCE_MS) return 0;
  return Math.max(0, wait - elapsed);
}

/** Whether a model no longer fits the customers of today. */
export function hasMoved(seen: {
  readonly scorePsi: number | undefined;
  readonly customersThen: number;
  readonly customersNow: number;
}): boolean {
  return (seen.scorePsi ?? 0) >= MUCH_DRIFT || seen.customersNow >= seen.customersThen * MUCH_MORE;
}
