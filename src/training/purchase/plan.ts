import type { DataSource, DataSummary } from '../../data/data-source.ts';
import { ChurnMcpError } from '../../errors.ts';
import { resolveLabelledAsOf } from '../../features/as-of-day.ts';
import { addDays, daysBetween } from '../../features/calendar-day.ts';
import {
  assertHasItems,
  candidatesPerCustomer,
  DEFAULT_CANDIDATES,
  type RecommendationCounts,
  readRecommendationCounts,
} from '../../features/recommendation-features.ts';
import { readBoosterParams } from '../../gbdt/params.ts';
import type { TrainRecommendationRequest } from '../training-request.ts';
import type { TrainingPlan } from '../training-task.ts';

const DEFAULT_HORIZON_DAYS = 30;

/**
 * Not the reference's (depth 20, learning rate 0.03, 100 trees): trees of depth 20 keep the customers they saw, and
 * rank later purchases worse. Shallower trees, more of them, with every leaf held to some evidence, were best on
 * three successive months of a gift shop. The reference's are accepted as parameters.
 */
const DEFAULT_PARAMS = {
  n_estimators: 300,
  max_depth: 6,
  learning_rate: 0.05,
  min_child_weight: 20,
  subsample: 0.8,
  colsample_bytree: 0.6,
  early_stopping_rounds: 20,
} as const;

const MIN_CUSTOMERS = 50;
const MIN_PRODUCTS = 2;
const MAX_HORIZON_DAYS = 365;
/** Customers looked at in a window, at most. They are drawn whole, so the share of purchases stays what it is. */
const MAX_SAMPLED_CUSTOMERS = 20_000;
/** Pairs not bought that a window keeps to learn from, about. */
const NEGATIVES_PER_WINDOW = 75_000;
/** Rows of the hold-out in memory at once, about. */
const EVALUATION_BATCH_ROWS = 400_000;

/** Which share of the pairs not bought is learnt from; each stands for `weight` such pairs. */
export interface NegativeSampling {
  /** Four hex digits that the MD5 of a kept pair is below; `g` is above all. */
  readonly keptBelow: string;
  readonly weight: number;
}

export interface RecommendationPlan extends TrainingPlan {
  readonly horizonDays: number;
  /** Latest first. Each one's window of `horizonDays` closes before the hold-out's begins. */
  readonly trainCutoffs: readonly [string, ...string[]];
  /** Features of the hold-out see orders up to this day; its truth is the horizon after, which ends at `asOf`. */
  readonly evaluationCutoff: string;
  readonly sampledCustomers: number;
  readonly evaluationBatchCustomers: number;
  readonly sampling: NegativeSampling;
  readonly summary: DataSummary;
}

/** @throws MISSING_TABLE, TOO_FEW_CUSTOMERS, HORIZON_TOO_LONG, INVALID_ARGUMENT */
export async function planRecommendationTraining(
  request: TrainRecommendationRequest,
  data: DataSource,
): Promise<RecommendationPlan> {
  const summary = await data.summary();
  await assertHasItems(data);
  const params = readBoosterParams({ ...DEFAULT_PARAMS, ...request.params });
  const asOf = await resolveLabelledAsOf(data, request.asOf);
  const horizonDays = readHorizon(request.horizonDays);
  const windows = planWindows(asOf, horizonDays, summary);
  const earliest = windows.trainCutoffs[windows.trainCutoffs.length - 1];
  const counts = await readRecommendationCounts(data, earliest);
  assertEnough(counts, earliest);
  const perCustomer = candidatesPerCustomer(DEFAULT_CANDIDATES, counts.products);
  const sampledCustomers = MAX_SAMPLED_CUSTOMERS;
  return {
    asOf,
    horizonDays,
    ...windows,
    sampledCustomers,
    evaluationBatchCustomers: Math.max(100, Math.floor(EVALUATION_BATCH_ROWS / perCustomer)),
    sampling: planSampling(Math.min(counts.customers, sampledCustomers) * perCustomer),
    params,
    data: { fingerprint: summary.fingerprint, customers: summary.customers },
    summary,
  };
}

function readHorizon(horizonDays = DEFAULT_HORIZON_DAYS): number {
  if (Number.isInteger(horizonDays) && horizonDays >= 1 && horizonDays <= MAX_HORIZON_DAYS)
    return horizonDays;
  throw new ChurnMcpError('INVALID_ARGUMENT', 'horizon_days is out of range.', {
    hint: `Use a whole number of days from 1 to ${MAX_HORIZON_DAYS}.`,
  });
}

/** The hold-out is the last horizon; the windows before it teach, two where the history has them. */
function planWindows(
  asOf: string,
  horizonDays: number,
  { firstOrderDate }: DataSummary,
): Pick<RecommendationPlan, 'evaluationCutoff' | 'trainCutoffs'> {
  const history = daysBetween(firstOrderDate, asOf) + 1;
  if (history < 3 * horizonDays) {
    const longest = Math.floor(history / 3);
    throw new ChurnMcpError(
      'HORIZON_TOO_LONG',
      `A horizon of ${horizonDays} days needs ${3 * horizonDays} days of orders; there are ${Math.max(0, history)}.`,
      {
        hint:
          longest >= 1
            ? `Use horizon_days of at most ${longest}, or import a longer history.`
            : 'Use a later as_of, or import a longer history.',
      },
    );
  }
  const cutoff = (windows: number) => addDays(asOf, -windows * horizonDays);
  return {
    evaluationCutoff: cutoff(1),
    trainCutoffs: history >= 4 * horizonDays ? [cutoff(2), cutoff(3)] : [cutoff(2)],
  };
}

function assertEnough(counts: RecommendationCounts, cutoff: string): void {
  if (counts.customers < MIN_CUSTOMERS) {
    throw new ChurnMcpError(
      'TOO_FEW_CUSTOMERS',
      `Too few customers had ordered by ${cutoff}: ${counts.customers}, and training needs at least ${MIN_CUSTOMERS}.`,
      { hint: 'Use a shorter horizon_days or a later as_of, or import more orders.' },
    );
  }
  if (counts.products < MIN_PRODUCTS) {
    throw new ChurnMcpError('TOO_FEW_CUSTOMERS', `Recommendations need at least ${MIN_PRODUCTS} products.`, {
      hint: 'Import order items of more than one product.',
    });
  }
}

function planSampling(rows: number): NegativeSampling {
  const kept = Math.max(1, Math.floor((65_536 * NEGATIVES_PER_WINDOW) / rows));
  if (kept >= 65_536) return { keptBelow: 'g', weight: 1 };
  return { keptBelow: kept.toString(16).padStart(4, '0'), weight: 65_536 / kept };
}
