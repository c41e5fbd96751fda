import type { BoosterParams } from '../../gbdt/params.ts';
import type { ChurnPlan } from '../churn/plan.ts';
import type { ChurnRows } from '../churn/slices.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { TuneRequest } from '../training-request.ts';
import type { Settled } from '../training-task.ts';
import { settleTreeCount } from './tree-count.ts';
import { tuneParameters } from './tuning.ts';

/** The parameters that a churn model is trained with: searched for if that was asked, else with the number of trees settled. */
export async function settleParameters(
  tune: TuneRequest | undefined,
  given: BoosterParams,
  { plan, rows }: { readonly plan: ChurnPlan; readonly rows: ChurnRows },
  env: TrainingEnvironment,
): Promise<Settled> {
  if (tune) return tuneParameters(tune, given, { plan, rows }, env);
  return { params: await settleTreeCount(given, plan, rows, env) };
}
