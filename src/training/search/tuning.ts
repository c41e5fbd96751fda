import { thinLabelledRows } from '../../dataset/column-rows.ts';
import type { BoosterParams } from '../../gbdt/params.ts';
import type { Tuning } from '../../registry/card-figures.ts';
import type { ChurnPlan } from '../churn/plan.ts';
import type { ChurnRows } from '../churn/slices.ts';
import { reportStep } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { TuneRequest } from '../training-request.ts';
import type { Settled } from '../training-task.ts';
import { drawParameters, planRounds } from './parameter-search.ts';
import { type TrialRows, trialRows } from './trial-rows.ts';

/** Trials find their number of trees themselves, up to this many. */
const MOST_TREES = 400;
const STOPPING_ROUNDS = 30;
/** The trial that nothing was drawn for. */
const GIVEN = 0;

type Trial = Tuning['trials'][number];

/** A search: the sets of parameters to try, and the rows to try them on. */
interface Search extends TrialRows {
  readonly sets: readonly BoosterParams[];
  /** Seconds until no further trial begins; infinite without a budget. */
  readonly secondsLeft: () => number;
}

/**
 * Looks for better parameters on rows that the evaluation does not use: trees learn from what was known before the newest
 * training slice and are judged there (a quarter of the training rows if there is one slice only). Random search with
 * successive halving, one trial a thread. The same seed gives the same trials and the same winner, but for a time budget,
 * after which no further trial begins.
 */
export async function tuneParameters(
  { trials, timeBudgetSeconds = Infinity }: TuneRequest,
  given: BoosterParams,
  { plan, rows }: { readonly plan: ChurnPlan; readonly rows: ChurnRows },
  env: TrainingEnvironment,
): Promise<Settled> {
  const started = env.now().getTime();
  const search: Search = {
    ...trialRows(rows, plan.horizonDays),
    sets: drawParameters(withStopping(given, plan.namedParams), plan.namedParams, trials),
    secondsLeft: () => timeBudgetSeconds - (env.now().getTime() - started) / 1000,
  };
  const table: Trial[] = [];
  let survivors = search.sets.map((_, index) => index);
  for (const [round, { rowShare, trials: wanted }] of planRounds(trials, search.train.rowCount).entries()) {
    // The given ones go all the way, to be compared with in the end.
    const entered = [...new Set([...survivors.slice(0, wanted), GIVEN])];
    const judged = await runRound(search, { round, rowShare, entered }, env);
    table.push(...judged);
    survivors = [...judged]
      .sort((one, other) => one.log_loss - other.log_loss || one.trial - other.trial)
      .map(({ trial }) => trial);
    if (search.secondsLeft() <= 0) break;
  }
  const best = bestOf(table);
  return {
    params: { ...search.sets[best.trial], n_estimators: best.trees, early_stopping_rounds: 0 },
    tuning: { trials: table, best: best.trial },
  };
}

/** The trials of a round that were run, in the order of `entered`, each by its log-loss. */
async function runRound(
  { train, validation, sets, secondsLeft }: Search,
  { round, rowShare, entered }: { round: number; rowShare: number; entered: readonly number[] },
  env: TrainingEnvironment,
): Promise<Trial[]> {
  const rows = thinLabelledRows(train, Math.ceil(train.rowCount * rowShare));
  const seconds = secondsLeft();
  const results = await env.trainer.trainEach(
    entered.map((trial) => ({ train: rows, validation, params: sets[trial], signal: env.signal })),
    {
      // The first of a round is always run: a budget of a second still gives an answer.
      isWanted: (index) => index === 0 || secondsLeft() > 0,
      ...(Number.isFinite(seconds) && { secondsLeft: Math.max(0, seconds) }),
      onDone: (done, best) => reportTrial(env, round, { done, total: entered.length }, best),
    },
  );
  return entered.flatMap((trial, i) => {
    const result = results[i];
    if (result === undefined) return [];
    const { bestIteration: trees, validationLogLoss } = result;
    const log_loss = validationLogLoss[trees - 1];
    return [{ trial, round, rows: rows.rowCount, trees, log_loss, params: searchedOf(sets[trial]) }];
  });
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
  env: TrainingEnvironment,
  round: number,
  progress: { done: number; total: number },
  bestRocAuc: number | undefined,
): void {
  const best = bestRocAuc === undefined ? '' : `, best ROC-AUC ${bestRocAuc.toFixed(3)}`;
  const { done, total } = progress;
  const message = `Looking for better parameters, round ${round + 1}: trial ${done} of ${total}${best}`;
  reportStep(env, 'tune', message, progress);
}
