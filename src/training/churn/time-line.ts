import { ChurnMcpError } from '../../errors.ts';
import { addDays, daysBetween } from '../../features/calendar-day.ts';
import { MIN_HISTORY_DAYS } from './horizon.ts';
import { assertDays } from './plan.ts';

const MONTH_DAYS = 30;
/** To learn from, to be judged on, and to see what a year ago was like. */
const MOST_CUTOFFS = 18;

/**
 * The days that a forecast with horizon h takes slices at, newest first:
 *
 *     first order ──── … ── cutoff ── cutoff ──┬──── h ────┬──── h ────┐
 *                                     latest training   evaluation   as of
 *                                     cutoff            cutoff
 *
 * Training labels close on the evaluation cutoff at the latest, so they never overlap the evaluation's.
 *
 * @throws INVALID_ARGUMENT if the horizon is no number of days, HORIZON_TOO_LONG
 */
export function planPeriods(
  asOf: string,
  horizonDays: number,
  firstOrderDate: string,
): readonly [string, ...string[]] {
  assertDays('horizon_days', horizonDays, 1);
  assertHorizonFits(horizonDays, daysBetween(firstOrderDate, asOf));
  return monthlyCutoffs(addDays(asOf, -horizonDays), horizonDays, firstOrderDate);
}

/**
 * From the evaluation's back in steps of about a month, as long as there is history before the cutoff. A whole number of
 * steps makes a horizon, so that the newest labels to learn from close when the evaluation's period begins.
 */
function monthlyCutoffs(
  evaluationCutoff: string,
  horizonDays: number,
  firstOrderDate: string,
): [string, ...string[]] {
  const stepDays = Math.ceil(horizonDays / Math.max(1, Math.round(horizonDays / MONTH_DAYS)));
  const cutoffs: [string, ...string[]] = [evaluationCutoff];
  for (let back = 1; back < MOST_CUTOFFS; back++) {
    const cutoff = addDays(evaluationCutoff, -back * stepDays);
    if (daysBetween(firstOrderDate, cutoff) < MIN_HISTORY_DAYS) break;
    cutoffs.push(cutoff);
  }
  return cutoffs;
}

function assertHorizonFits(horizonDays: number, historyDays: number): void {
  const longest = historyDays - MIN_HISTORY_DAYS;
  if (horizonDays <= longest) return;
  throw new ChurnMcpError(
    'HORIZON_TOO_LONG',
    `A horizon of ${horizonDays} days does not fit into ${historyDays} days of orders.`,
    {
      hint:
        longest >= 1
          ? `Choose a horizon_days of at most ${longest} (at most ${Math.floor(longest / 2)} to be evaluated on a later period).`
          : 'Import at least two months of orders, or use label "inactivity".',
    },
  );
}
