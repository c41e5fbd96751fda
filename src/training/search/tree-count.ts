import { ChurnMcpError } from '../../errors.ts';
import type { BoosterParams } from '../../gbdt/params.ts';
import { type ChurnPlan, FORWARD_TREES, horizonOf } from '../churn/plan.ts';
import type { ChurnSlices } from '../churn/slices.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import { treeProgressText } from '../tree-progress.ts';
import { laterRows, trialRows } from './trial-rows.ts';

/**
 * The parameters with the number of trees settled: as many as were best for the newest training slice, by trees that
 * knew only what had closed before it. The same number serves the fits that follow, so no slice is lost to them.
 * A table of customers has no later period: a quarter of its training rows stands for it.
 *
 * @throws INVALID_ARGUMENT where early stopping was asked for and the orders are too short for a later slice.
 */
export async function settleTreeCount(
  plan: ChurnPlan,
  params: BoosterParams,
  slices: ChurnSlices,
  { trainer, signal, onProgress }: Pick<TrainingEnvironment, 'trainer' | 'signal' | 'onProgress'>,
): Promise<BoosterParams> {
  if (params.early_stopping_rounds === 0) return params;
  const settled = { ...params, early_stopping_rounds: 0 };
  const rows = plan.label.kind === 'column' ? trialRows(plan, slices) : laterRows(plan, slices);
  if (rows === undefined) {
    if (plan.mustStopEarly) throw tooShortToStop(horizonOf(plan));
    return { ...settled, n_estimators: FORWARD_TREES };
  }
  const { bestIteration } = await trainer.train({
    ...rows,
    params,
    ...(signal && { signal }),
    onTree: (progress) =>
      onProgress?.({
        phase: 'settle',
        done: progress.tree,
        total: progress.total,
        message: `Finding how many trees a later period wants: ${treeProgressText(progress, { mayStopEarly: true })}`,
      }),
  });
  return { ...settled, n_estimators: Math.max(1, bestIteration) };
}

function tooShortToStop(horizonDays: number): ChurnMcpError {
  return new ChurnMcpError(
    'INVALID_ARGUMENT',
    `Early stopping needs a later period than the trees learn from, and the orders do not span three of ${horizonDays} days.`,
    { hint: 'Leave early_stopping_rounds out and set n_estimators, or choose a shorter horizon_days.' },
  );
}
