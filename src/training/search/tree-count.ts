import { ChurnMcpError } from '../../errors.ts';
import type { BoosterParams } from '../../gbdt/params.ts';
import { type ChurnPlan, FORECAST_TREES } from '../churn/plan.ts';
import type { ChurnRows } from '../churn/slices.ts';
import { treeReporter } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import { laterRows, trialRows } from './trial-rows.ts';

/**
 * The parameters with the number of trees settled: as many as were best for the newest training slice, by trees that
 * knew only what had closed before it. The same number serves the fits that follow, so no slice is lost to them.
 * A label without a horizon has no later period: a quarter of its training rows stands for it.
 *
 * @throws INVALID_ARGUMENT if early stopping was asked for and the orders are too short for a later slice.
 */
export async function settleTreeCount(
  params: BoosterParams,
  plan: ChurnPlan,
  rows: ChurnRows,
  env: TrainingEnvironment,
): Promise<BoosterParams> {
  if (params.early_stopping_rounds === 0) return params;
  const settled = { ...params, early_stopping_rounds: 0 };
  const { horizonDays } = plan;
  const trial = horizonDays === 0 ? trialRows(rows, horizonDays) : laterRows(rows, horizonDays);
  if (trial === undefined) {
    if (plan.mustStopEarly) throw tooShortToStop(horizonDays);
    return { ...settled, n_estimators: FORECAST_TREES };
  }
  const doing = 'Finding the best number of trees for a later period';
  const { bestIteration } = await env.trainer.train({
    ...trial,
    params,
    signal: env.signal,
    onTree: treeReporter(env, 'settle', doing, { mayStopEarly: true }),
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
