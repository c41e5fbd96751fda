import { z } from 'zod';
import type { DataSource } from '../../data/data-source.ts';
import { daysBetween } from '../../features/calendar-day.ts';
import type { OrderGaps } from '../../registry/card-details.ts';

/** Less history than this before a cutoff gives features that say too little. */
export const MIN_HISTORY_DAYS = 30;

/** Two weeks, a month, a quarter, half a year, a year: what a shop plans by. */
const HORIZONS = [14, 30, 90, 180, 365] as const;
/** The horizon if no customer has ever come back. */
const USUAL_HORIZON_DAYS = 90;
const GAPS_COVERED = 0.8;

export interface Horizon {
  readonly days: number;
  /** What it comes from; absent if no customer has come back yet. */
  readonly orderGaps?: OrderGaps | undefined;
}

/**
 * The horizon of a forecast if the caller names none. Four of five customers who come back do so within it, so a longer
 * silence means something. It is the nearest usual planning period, in proportion, that fits into the history twice: one
 * period to learn from and one to evaluate on.
 */
export async function chooseHorizon(
  data: DataSource,
  {
    asOf,
    firstOrderDate,
    signal,
  }: { asOf: string; firstOrderDate: string; signal?: AbortSignal | undefined },
): Promise<Horizon> {
  const gaps = await readGaps(data, asOf, signal);
  const longest = (daysBetween(firstOrderDate, asOf) - MIN_HISTORY_DAYS) / 2;
  const fitting = HORIZONS.filter((days) => days <= longest);
  const choices = fitting.length > 0 ? fitting : HORIZONS.slice(0, 1);
  const wanted = gaps ?? { share: GAPS_COVERED, days: USUAL_HORIZON_DAYS };
  const distance = (days: number) => Math.abs(Math.log(days / Math.max(1, wanted.days)));
  const days = choices.reduce((best, one) => (distance(one) < distance(best) ? one : best));
  return { days, ...(gaps && { orderGaps: gaps }) };
}

const gapRowSchema = z.object({ gap_days: z.coerce.number(), gaps: z.coerce.number() });

async function readGaps(data: DataSource, asOf: string, signal: AbortSignal | undefined) {
  const query = { file: 'portable/reads/order_gaps', values: [asOf], signal } as const;
  const rows = await data.rows(query, gapRowSchema);
  const total = rows.reduce((sum, { gaps }) => sum + gaps, 0);
  let seen = 0;
  const covering = rows.find(({ gaps }) => {
    seen += gaps;
    return seen >= total * GAPS_COVERED;
  });
  return covering && { share: GAPS_COVERED, days: covering.gap_days };
}
