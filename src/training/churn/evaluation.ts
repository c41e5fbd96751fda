import type { LogisticModel } from '../../baselines/logistic-regression.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { rawScoresOf } from '../../gbdt/raw-scores.ts';
import { brierScore, evaluateClassification } from '../../metrics/classification.ts';
import { type SingleFeatureScore, singleFeatureScores } from '../../metrics/leakage.ts';
import { meanOf } from '../../metrics/mean.ts';
import { rocAuc } from '../../metrics/ranked-scores.ts';
import { compareRocAuc } from '../../metrics/roc-comparison.ts';
import type { Baselines } from '../../registry/card-details.ts';
import type { ForecastRecipe, RollingCalibration, Warning } from '../../registry/card-figures.ts';
import { hearFirst } from '../beside-threads.ts';
import { reportStep } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { Evaluation, Training } from '../training-task.ts';
import { activeRows } from './active-rows.ts';
import { baselineWins, type Outcome } from './baselines.ts';
import { evaluationRequest, refitRequest } from './forecast-requests.ts';
import type { ChurnPlan } from './plan.ts';
import { hasBothClasses } from './read-slices.ts';
import {
  type BegunForecast,
  beginBoosting,
  beginForecast,
  type FittedForecast,
  type ForecastRequest,
  fitForecast,
  withBgNbd,
} from './recipe.ts';
import { earlierForecasts, type PastForecast, rollingCalibration } from './rolling-calibration.ts';
import { type SeasonedScores, scoresInSeason } from './season/seasoned-forecast.ts';
import type { ChurnRows, SeasonRows } from './slices.ts';

/** What a churn model's card says of its evaluation. */
export interface ChurnFigures extends Evaluation {
  /** The proposed recipe, or the baseline that ranked better. */
  readonly recipe: ForecastRecipe;
  readonly baselines: Baselines;
  /** Of a forecast with a later period to be judged on. */
  readonly rolling: RollingCalibration | undefined;
}

export interface ChurnEvaluation extends ChurnFigures {
  /** The evaluated trees; they serve if there is nothing later to fit them again on. */
  readonly fitted: FittedForecast;
  /** The registered model, which is fitted while the evaluated one is judged. */
  readonly refitting: BegunForecast | undefined;
}

/** What a label adds: the baselines on the same rows, and warnings about its figures. */
export interface ChurnJudge {
  readonly baselines: Baselines;
  /** The regression among them, so that recipes need not fit it again. */
  readonly regression?: LogisticModel | undefined;
  warnings(alone: readonly SingleFeatureScore[], outcome: Outcome | undefined): Warning[];
}

/** A recipe, fitted on the training rows and asked about the evaluation's. */
interface Contender {
  readonly recipe: ForecastRecipe;
  readonly fitted: FittedForecast;
  readonly rawScores: Float32Array;
  readonly rocAuc: number;
}

/** A contender, and how its recipe turned out on days before the evaluation's. */
interface Candidate {
  readonly contender: Contender;
  readonly past: readonly PastForecast[];
}

/** What contenders are fitted for. */
interface Contest {
  readonly training: Training<ChurnPlan, ChurnRows>;
  readonly judge: ChurnJudge;
  /** Fits a recipe; a second call for the same recipe gives the same contender. */
  readonly trial: (recipe: ForecastRecipe) => Promise<Contender>;
}

/**
 * Fits the proposed recipe without the evaluation's rows and judges it there, beside the baselines. A baseline takes its
 * place only if it ranks better than chance explains, and ranked no worse on earlier days. Probabilities are those of the
 * season, as far as it was known then.
 */
export async function evaluateChurn(
  training: Training<ChurnPlan, ChurnRows>,
  judgeOf: () => ChurnJudge,
  env: TrainingEnvironment,
): Promise<ChurnEvaluation> {
  const { rows } = training;
  const request = evaluationRequest(training, env);
  const { listen, heard } = hearFirst(request.onTree);
  const begun = beginBoosting({ ...request, onTree: listen });
  const refit = refitRequest(training, env);
  const refitting = refit && beginForecast(refit);
  // Threads get their work from this one, and would wait for all that it does at a stretch. A failure is told of below.
  await Promise.race([heard, begun.boosted.catch(() => undefined)]);
  const judge = judgeOf();
  const { train, evaluation } = rows;
  const alone = singleFeatureScores(evaluation);
  const { labels } = evaluation;
  const contest = { training, judge, trial: rememberedTrials({ training, judge, begun }, env) };
  const proposed = await contendAtBest(contest);
  const forecast = { contender: proposed, past: await forecastsOfThePast(proposed.recipe, training, env) };
  const better = await betterRival(forecast, contest, env);
  const { contender: winner, past } = better ?? forecast;

  const seasoned = rows.season && (await inSeason(winner, training, rows.season, env));
  const probabilities = probabilitiesOf(seasoned?.rawScores ?? winner.rawScores);
  return {
    kind: rows.kind,
    trainingSamples: train.rowCount,
    labels,
    probabilities,
    metrics: evaluateClassification({
      labels,
      probabilities,
      weights: evaluation.weights,
      trainingBaseRate: meanOf(train.labels, train.weights),
    }),
    warnings: judge.warnings(alone, better && { winner, beaten: proposed }),
    recipe: winner.recipe,
    baselines: better
      ? { ...judge.baselines, [proposed.recipe]: judged(proposed, evaluation) }
      : judge.baselines,
    rolling:
      rows.season &&
      seasoned &&
      rollingCalibration(
        [{ cutoff: rows.season.evaluationCutoff, dataset: evaluation, ...seasoned }, ...past],
        { horizonDays: training.plan.horizonDays, customersPerRow: rows.season.customersPerRow },
      ),
    fitted: winner.fitted,
    refitting,
  };
}

/** The best baseline, if it ranks better than the forecast and ranked no worse before. */
async function betterRival(
  forecast: Candidate,
  { training, judge, trial }: Contest,
  env: TrainingEnvironment,
): Promise<Candidate | undefined> {
  const rival = baselineWins(judge.baselines, forecast.contender.rocAuc);
  if (rival === undefined) return undefined;
  const contender = await trial(rival);
  if (!ranksBetter(contender, forecast.contender, training)) return undefined;
  const past = await forecastsOfThePast(rival, training, env);
  return rankedNoWorseBefore(past, forecast.past) ? { contender, past } : undefined;
}

/**
 * Whether one ranks better: over all customers by more than chance explains, and no worse among those who still buy. Days
 * of silence tell who left long ago, and nothing about the others.
 */
function ranksBetter(
  one: Contender,
  other: Contender,
  { plan, rows: { evaluation } }: Training<ChurnPlan, ChurnRows>,
): boolean {
  const { labels } = evaluation;
  if (compareRocAuc(labels, one.rawScores, other.rawScores, BEST_OF_THREE).low <= 0) return false;
  if (plan.horizonDays === 0) return true;
  const active = activeRows(evaluation, plan.horizonDays);
  const ofActive = (values: Float32Array) => Float32Array.from(active, (row) => values[row]);
  if (!hasBothClasses(ofActive(labels))) return true;
  const [mine, theirs] = [one, other].map(({ rawScores }) => rocAuc(ofActive(labels), ofActive(rawScores)));
  return mine >= theirs;
}

/**
 * Standard deviations beyond which the best of three rivals ranks better by chance at most as often as one does beyond
 * 1.96: Bonferroni's z(1 − 0.025 / 3).
 */
const BEST_OF_THREE = 2.394;

/** BG/NBD joins trees and regression if it ranks hardly worse than they do; it would only harm them otherwise. */
const BG_NBD_MAY_RANK_WORSE_BY = 0.03;

/** What the plan proposes, with BG/NBD beside it or not, whichever is better for these customers. */
async function contendAtBest({ training, judge, trial }: Contest): Promise<Contender> {
  const { plan, rows } = training;
  const { bg_nbd } = judge.baselines;
  if (plan.recipe !== 'trees_logistic_regression_and_bg_nbd') return trial(plan.recipe);
  const two = await trial('trees_and_logistic_regression');
  if (bg_nbd === undefined || bg_nbd.roc_auc < two.rocAuc - BG_NBD_MAY_RANK_WORSE_BY) return two;
  const bgNbd = await trial('bg_nbd');
  const three = withBgNbd(two.fitted, bgNbd.fitted.ensemble, rows.evaluation.rowCount);
  return contenderOf(plan.recipe, three, rows.evaluation);
}

/** What the evaluated forecast says, with the season as it was known on the evaluation's day. */
function inSeason(
  { fitted: { ensemble } }: Contender,
  { rows: { evaluation }, settled: { params } }: Training<ChurnPlan, ChurnRows>,
  { shop, evaluationCutoff, trainCutoffs }: SeasonRows,
  { trainer, signal }: TrainingEnvironment,
): Promise<SeasonedScores> {
  const moment = { day: evaluationCutoff, trainCutoffs };
  return scoresInSeason({ ensemble, customers: evaluation }, moment, shop, { params, trainer, signal });
}

/** The same recipe as of days before the evaluation's, newest first; none if no such day can be judged. */
async function forecastsOfThePast(
  recipe: ForecastRecipe,
  { plan, rows, settled }: Training<ChurnPlan, ChurnRows>,
  env: TrainingEnvironment,
): Promise<PastForecast[]> {
  if (rows.season === undefined) return [];
  reportStep(env, 'look back', 'Checking how forecasts of earlier days turned out');
  const request: Omit<ForecastRequest, 'train'> = {
    recipe,
    params: settled.params,
    horizonDays: plan.horizonDays,
    trainer: env.trainer,
    signal: env.signal,
  };
  return earlierForecasts(rows.season.shop, request);
}

/**
 * Whether one ranked no worse on every earlier day. A single day can mislead: on the last day of a sale, days of silence
 * ranked best, and on no other day of the year.
 */
function rankedNoWorseBefore(one: readonly PastForecast[], other: readonly PastForecast[]): boolean {
  const rocAucOf = ({ dataset, rawScores }: PastForecast) => rocAuc(dataset.labels, rawScores);
  return one.every((past, day) => rocAucOf(past) >= rocAucOf(other[day]));
}

/** What every trial of an evaluation uses. */
interface Trials extends Omit<Contest, 'trial'> {
  readonly begun: BegunForecast;
}

function rememberedTrials(trials: Trials, env: TrainingEnvironment): Contest['trial'] {
  const known = new Map<ForecastRecipe, Contender>();
  return async (recipe) => {
    const contender = known.get(recipe) ?? (await contend(recipe, trials, env));
    known.set(recipe, contender);
    return contender;
  };
}

async function contend(
  recipe: ForecastRecipe,
  { training, judge: { regression }, begun }: Trials,
  env: TrainingEnvironment,
): Promise<Contender> {
  const fitted = await fitForecast({ ...evaluationRequest(training, env), recipe, regression, begun });
  return contenderOf(recipe, fitted, training.rows.evaluation);
}

function contenderOf(recipe: ForecastRecipe, fitted: FittedForecast, evaluation: LabelledDataset): Contender {
  const rawScores = rawScoresOf(fitted.ensemble, evaluation);
  return { recipe, fitted, rawScores, rocAuc: rocAuc(evaluation.labels, rawScores, evaluation.weights) };
}

function judged({ rawScores, rocAuc: roc_auc }: Contender, { labels, weights }: LabelledDataset) {
  const probabilities = probabilitiesOf(rawScores);
  return { roc_auc, brier: brierScore(labels, (row) => probabilities[row], weights) };
}

/** `sigmoid(rawScore)` */
export function probabilitiesOf(rawScores: Float32Array): Float32Array {
  return rawScores.map((rawScore) => 1 / (1 + Math.exp(-rawScore)));
}
