import { thinLabelledRows } from '../../dataset/column-rows.ts';
import type { BoosterParams } from '../../gbdt/params.ts';
import type { Tuning } from '../../registry/model-card.ts';
import type { ChurnPlan } from '../churn/plan.ts';
import type { ChurnSlices } from '../churn/slices.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { TuneRequest } from '../training-request.ts';
import { drawParameters, planRounds } from './parameter-search.ts';
import { trialRows } from './trial-rows.ts';

export interface TunedParameters {
  readonly params: BoosterParams;
  readonly tuning: Tuning;
}

/** Trials find their number of trees themselves, up to this many. */
const MOST_TREES = 400;
const STOPPING_ROUNDS = 30;
/** The trial that nothing was drawn for. */
const GIVEN = 0;

type Trial = Tuning['trials'][number];

/**
 * Looks for better parameters on rows that the evaluation does not use: trees learn from what was known before the newest
 * training slice and are judged there (a quarter of the training rows where there is one slice only). Random search with
 * successive halving, one trial a thread. The same seed gives the same trials and the same winner, but for a time budget,
 * after which no further trial begins.
 */
export async function tuneParameters(
  { trials, timeBudgetSeconds }: TuneRequest,
  given: BoosterParams,
  plan: ChurnPlan,
  slices: ChurnSlices,
  env: Omit<TrainingEnvironment, 'data' | 'registry'>,
): Promise<TunedParameters> {
  const { train, validation } = trialRows(plan, slices);
  const sets = drawParameters(withStopping(given, plan.namedParams), plan.namedParams, trials);
  const started = env.now().getTime();
  const secondsLeft = () => (timeBudgetSeconds ?? Infinity) - (env.now().getTime() - started) / 1000;
  const isInTime = () => secondsLeft() > 0;

  const table: Trial[] = [];
  let survivors = sets.map((_, index) => index);
  for (const [round, { rowShare, trials: wanted }] of planRounds(trials, train.rowCount).entries()) {
    // The given ones go all the way, to be compared with in the end.
    const entered = [...new Set([...survivors.slice(0, wanted), GIVEN])];
    const rows = thinLabelledRows(train, Math.ceil(train.rowCount * rowShare));
    const results = await env.trainer.trainEach(
      entered.map((trial) => ({
        train: rows,
        validation,
        params: sets[trial],
        ...(env.signal && { signal: env.signal }),
      })),
      {
        // The first of a round is always run: a budget of a second still gives an answer.
        isWanted: (index) => index === 0 || isInTime(),
        ...(timeBudgetSeconds !== undefined && { secondsLeft: Math.max(0, secondsLeft()) }),
        onDone: (done, best) => reportTrial(env, round, done, entered.length, best),
      },
    );
    const judged = entered.flatMap((trial, i) => {
      const result = results[i];
      if (result === undefined) return [];
      const { bestIteration, validationLogLoss } = result;
      const log_loss = validationLogLoss[bestIteration - 1];
      return [
        {
          trial,
          round,
          rows: rows.rowCount,
          trees: bestIteration,
          log_loss,
          params: searchedOf(sets[trial]),
        },
      ];
    });
    table.push(...judged);
    survivors = judged
      .sort((one, other) => one.log_loss - other.log_loss || one.trial - other.trial)
      .map(({ trial }) => trial);
    if (!isInTime()) break;
  }
  const best = bestOf(table);
  return {
    params: { ...sets[best.trial], n_estimators: best.trees, early_stopping_rounds: 0 },
    tuning: { trials: table, best: best.trial },
  };
}

function withStopping(given: BoosterParams, named: ReadonlySet<string>): BoosterParams {
  if (named.has('n_estimators')) return { ...given, early_stopping_rounds: 0 };
  return { ...given, n_estimators: MOST_TREES, early_stopping_rounds: STOPPING_ROUNDS };
}

/** Of the trials that went furthest, the one with the least log-loss; the earlier one of two alike. */
function bestOf(table: readonly Trial[]): Trial {
  const last = Math.max(...table.map(({ round }) => round));
  return table
    .filter(({ round }) => round === last)
    .reduce((best, trial) =>
      trial.log_loss < best.log_loss || (trial.log_loss === best.log_loss && trial.trial < best.trial)
        ? trial
        : best,
    );
}

function searchedOf(params: BoosterParams): Trial['params'] {
  const { max_depth, learning_rate, min_child_weight, reg_lambda, subsample, colsample_bytree } = params;
  return { max_depth, learning_rate, min_child_weight, reg_lambda, subsample, colsample_bytree };
}

function reportTrial(
  { onProgress }: Pick<TrainingEnvironment, 'onProgress'>,
  round: number,
  done: number,
  total: number,
  bestRocAuc: number | undefined,
): void {
  const best = bestRocAuc === undefined ? '' : `, best ROC-AUC ${bestRocAuc.toFixed(3)}`;
  const message = `Looking for better parameters, round ${round + 1}: trial ${done} of ${total}${best}`;
  onProgress?.({ phase: 'tune', done, total, message });
}
