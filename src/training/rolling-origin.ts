/** How recommendations would have done on several days: the day that is judged rolls back by a horizon at a time. */
import type { DataSource } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import { resolveAsOf } from '../features/as-of-day.ts';
import { addDays } from '../features/calendar-day.ts';
import { type SaidAndBought, saidAndBought } from '../metrics/said-and-bought.ts';
import { sumOf } from '../metrics/sum.ts';
import type { RankingMetrics } from '../registry/card-figures.ts';
import { purchaseTask } from './tasks/purchase.ts';
import type { TrainingEnvironment } from './training-environment.ts';

export interface RollingRequest {
  /** Days judged at most; fewer if the history does not reach further back. */
  readonly cutoffs: number;
  /** The end of the latest horizon; by default the day of the last order. */
  readonly asOf?: string | undefined;
  readonly horizonDays?: number | undefined;
}

/** One day: a model trained on what was known by then, and compared with the horizon after it. */
export interface RolledDay {
  readonly cutoff: string;
  /** By name: `model` and the simple rules. */
  readonly ranking: Readonly<Record<string, RankingMetrics>>;
  readonly logLoss: number;
  /** Purchases of candidate products, as the probabilities said and as they happened. */
  readonly said: number;
  readonly bought: number;
  /** The same by how high the probability was. */
  readonly bands: readonly SaidAndBought[];
}

/**
 * Trains anew for each day and registers nothing. Latest day first; their horizons do not overlap.
 *
 * @throws MISSING_TABLE, TOO_FEW_CUSTOMERS, HORIZON_TOO_LONG if not even the latest day can be judged, CANCELLED
 */
export async function rollRecommendations(
  { cutoffs, asOf, horizonDays }: RollingRequest,
  data: DataSource,
  env: TrainingEnvironment,
): Promise<RolledDay[]> {
  const rolled: RolledDay[] = [];
  let end = await resolveAsOf(data, asOf);
  while (rolled.length < cutoffs) {
    const task = purchaseTask({ asOf: end, horizonDays }, data);
    const plan = await planOrUndefined(() => task.plan(env), rolled.length > 0);
    if (plan === undefined) break;
    const rows = await task.load(plan, env);
    const settled = await task.settle(plan, rows, env);
    const { rankings, labels, probabilities, metrics } = await task.evaluate({ plan, rows, settled }, env);
    const { champion: _, ...ranking } = rankings.ranking;
    rolled.push({
      cutoff: plan.evaluationCutoff,
      ranking,
      logLoss: metrics.log_loss,
      said: sumOf(probabilities),
      bought: sumOf(labels),
      bands: saidAndBought(labels, probabilities),
    });
    end = addDays(end, -plan.horizonDays);
  }
  return rolled;
}

/** Undefined if an earlier day has too little before it: the roll ends there. */
async function planOrUndefined<Plan>(plan: () => Promise<Plan>, mayEnd: boolean): Promise<Plan | undefined> {
  try {
    return await plan();
  } catch (error) {
    const isTooEarly =
      error instanceof ChurnMcpError &&
      (error.code === 'HORIZON_TOO_LONG' || error.code === 'TOO_FEW_CUSTOMERS');
    if (mayEnd && isTooEarly) return undefined;
    throw error;
  }
}
