import { z } from 'zod';
import type { DataSource } from '../../data/data-source.ts';
import { addDays, daysBetween } from '../../features/calendar-day.ts';
import { readForwardLabels } from '../../features/read-churn-features.ts';
import type { OrderGaps } from '../../registry/card-details.ts';
import { hasBothClasses, MIN_CUSTOMERS } from './read-slices.ts';

/** Less history than this before a cutoff gives features that say too little. */
export const MIN_HISTORY_DAYS = 30;

/** Two weeks, a month, a quarter, half a year, a year: what a shop plans by. */
const HORIZONS = [14, 30, 90, 180, 365] as const;
/** The horizon if no customer has ever come back. */
const USUAL_HORIZON_DAYS = 90;
const GAPS_COVERED = 0.8;
/** Within a horizon that is shorter by more than this, a silence says little. */
const MOST_TIMES_SHORTER = 4;

export interface Horizon {
  readonly days: number;
  /** What it comes from; absent if no customer has come back yet. */
  readonly orderGaps?: OrderGaps | undefined;
}

interface HorizonRequest {
  readonly asOf: string;
  readonly firstOrderDate: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The horizon of a forecast if the caller names none. Four of five customers who come back do so within it, so a longer
 * silence means something. It is the nearest usual planning period, in proportion, that fits into the history twice: one
 * period to learn from and one to evaluate on. If nobody came back in the first of the two, or everybody did, the next
 * nearest is looked at: a young shop whose customers buy once a year can be judged on half a year, and not on a year.
 */
export async function chooseHorizon(data: DataSource, request: HorizonRequest): Promise<Horizon> {
  const { asOf, firstOrderDate, signal } = request;
  const gaps = await readGaps(data, asOf, signal);
  const longest = (daysBetween(firstOrderDate, asOf) - MIN_HISTORY_DAYS) / 2;
  const fitting = HORIZONS.filter((days) => days <= longest);
  const wanted = gaps ?? { share: GAPS_COVERED, days: USUAL_HORIZON_DAYS };
  const distance = (days: number) => Math.abs(Math.log(days / Math.max(1, wanted.days)));
  const [nearest, ...others] = fitting.sort((one, other) => distance(one) - distance(other));
  const days = await firstThatTeaches(data, [nearest ?? HORIZONS[0], ...others], request);
  return { days, ...(gaps && { orderGaps: gaps }) };
}

/** The first horizon with something to learn from before the period that it is evaluated on; else the first of all. */
async function firstThatTeaches(
  data: DataSource,
  [nearest, ...others]: readonly [number, ...number[]],
  { asOf, signal }: HorizonRequest,
): Promise<number> {
  const choices = [nearest, ...others.filter((days) => days * MOST_TIMES_SHORTER >= nearest)];
  for (const horizonDays of choices) {
    const cutoff = addDays(asOf, -2 * horizonDays);
    const labels = (await readForwardLabels(data, { cutoff, horizonDays, signal })).float32('is_churned');
    if (labels.length >= MIN_CUSTOMERS && hasBothClasses(labels)) return horizonDays;
  }
  return nearest;
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
