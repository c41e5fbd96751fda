/** Tries sets of parameters on a Ray cluster by Ray Tune: one job for all that are to be compared. */
import { ChurnMcpError } from '../../../errors.ts';
import type { BoosterRequest, TrainEachOptions, TrialResult } from '../../../gbdt/booster.ts';
import { assertTrainable } from '../../../gbdt/booster-request.ts';
import { bestIterationOf } from '../../../gbdt/shard-trainer.ts';
import { noTrialSucceeded } from './job-failures.ts';
import { type RayOptions, runRayJob, xgboostParams } from './ray-job.ts';

/**
 * The results in the order of the requests; those that failed or no longer began have none. All learn from the same
 * rows and are judged by the same, which the cluster is given once.
 *
 * @throws RAY_UNREACHABLE, RAY_REFUSED, RAY_JOB_FAILED, RAY_JOB_LOST, CANCELLED
 */
export async function searchOnRay(
  requests: readonly BoosterRequest[],
  { secondsLeft, onDone }: TrainEachOptions,
  options: RayOptions,
): Promise<readonly (TrialResult | undefined)[]> {
  const results = requests.map((): TrialResult | undefined => undefined);
  const [first] = requests;
  if (first === undefined) return results;
  assertComparable(requests, first);
  const { train, validation, signal, params } = first;
  const { n_estimators, early_stopping_rounds } = params;
  const ended = new Set<number>();
  let bestRocAuc = 0;
  await runRayJob(
    {
      script: 'tune_booster.py',
      train,
      validation,
      signal,
      request: {
        sets: requests.map((request) => xgboostParams(request.params)),
        rounds: n_estimators,
        early_stopping_rounds: early_stopping_rounds > 0 ? early_stopping_rounds : null,
        time_budget_s: secondsLeft ?? null,
      },
      onMessage(said) {
        if (said.kind !== 'trial' && said.kind !== 'trial_failed') return;
        if (said.number >= requests.length || ended.has(said.number)) return;
        ended.add(said.number);
        if (said.kind === 'trial') {
          const losses = said.validation_log_loss;
          const bestIteration = early_stopping_rounds > 0 ? bestIterationOf(losses) + 1 : losses.length;
          results[said.number] = { bestIteration, validationLogLoss: losses };
          bestRocAuc = Math.max(bestRocAuc, said.auc);
        }
        onDone?.(ended.size, bestRocAuc > 0 ? bestRocAuc : undefined);
      },
    },
    options,
  );
  if (results.every((result) => result === undefined)) throw noTrialSucceeded();
  return results;
}

function assertComparable(requests: readonly BoosterRequest[], first: BoosterRequest): void {
  for (const request of requests) {
    assertTrainable(request);
    const { train, validation } = request;
    if (validation !== undefined && train === first.train && validation === first.validation) continue;
    throw new ChurnMcpError('INVALID_ARGUMENT', 'A search on Ray compares trials by the same rows.');
  }
}
