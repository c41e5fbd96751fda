import type { LogisticModel } from '../../baselines/logistic-regression.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { predictRawScores } from '../../gbdt/predictor.ts';
import { brierScore, evaluateClassification } from '../../metrics/classification.ts';
import { type SingleFeatureScore, singleFeatureScores } from '../../metrics/leakage.ts';
import { meanOf } from '../../metrics/mean.ts';
import { rocAuc } from '../../metrics/ranked-scores.ts';
import { compareRocAuc } from '../../metrics/roc-comparison.ts';
import type { Baselines } from '../../registry/card-details.ts';
import type { ForecastRecipe, RollingCalibration, Warning } from '../../registry/card-figures.ts';
import { reportStep, treeReporter } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { Evaluation, Training } from '../training-task.ts';
import { baselineWins, type Outcome } from './baselines.ts';
import type { ChurnPlan } from './plan.ts';
import { type FittedForecast, type ForecastRequest, fitForecast, withBgNbd } from './recipe.ts';
import { earlierForecasts, rollingCalibration } from './rolling-calibration.ts';
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

/**
 * Fits the proposed recipe without the rows to be judged on and judges it there, beside the baselines. A baseline takes
 * its place only if it ranks better by more than chance may make it. Probabilities are those of the season, as far as it
 * was known then; and the same recipe is looked at on earlier days.
 */
export async function evaluateChurn(
  training: Training<ChurnPlan, ChurnRows>,
  judge: ChurnJudge,
  env: TrainingEnvironment,
): Promise<ChurnEvaluation> {
  const { rows } = training;
  const { train, evaluation } = rows;
  const { labels } = evaluation;
  const proposed = await contendAtBest(training, judge, env);
  const rival = baselineWins(judge.baselines, proposed.rocAuc);
  const contender = rival && (await contend({ recipe: rival, training, judge }, env));
  const isBeaten = contender !== undefined && ranksBetter(contender, proposed, training);
  const winner = isBeaten ? contender : proposed;

  const seasoned = rows.season && inSeason(winner, rows.season);
  const probabilities = probabilitiesOf(seasoned?.rawScores ?? winner.rawScores);
  return {
    kind: rows.kind,
    trainingSamples: train.rowCount,
    labels,
    probabilities,
    metrics: evaluateClassification({ labels, probabilities, trainingBaseRate: meanOf(train.labels) }),
    warnings: judge.warnings(
      singleFeatureScores(evaluation),
      isBeaten ? { winner, beaten: proposed } : undefined,
    ),
    recipe: winner.recipe,
    baselines: isBeaten
      ? { ...judge.baselines, [proposed.recipe]: judged(proposed, evaluation) }
      : judge.baselines,
    rolling: rows.season && seasoned && (await lookBack(winner.recipe, seasoned, training, env)),
    fitted: winner.fitted,
  };
}

/**
 * By more than chance may make it over all customers, and no worse among those who still buy. Days of silence tell who
 * left long ago; of a shop that had just ended a sale that was nearly everything, and the rule knew nothing of the others.
 */
function ranksBetter(
  one: Contender,
  other: Contender,
  { plan, rows: { evaluation } }: Training<ChurnPlan, ChurnRows>,
): boolean {
  const { labels } = evaluation;
  if (compareRocAuc(labels, one.rawScores, other.rawScores, BEST_OF_THREE).low <= 0) return false;
  const recency = evaluation.columns[evaluation.featureNames.indexOf('days_since_last_order')];
  if (plan.horizonDays === 0 || recency === undefined) return true;
  const active = [...recency.keys()].filter((row) => recency[row] < plan.horizonDays);
  const ofActive = (values: Float32Array) => active.map((row) => values[row]);
  if (new Set(ofActive(labels)).size < 2) return true;
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
async function contendAtBest(
  training: Training<ChurnPlan, ChurnRows>,
  judge: ChurnJudge,
  env: TrainingEnvironment,
): Promise<Contender> {
  const { plan, rows } = training;
  const { bg_nbd } = judge.baselines;
  const trial = (recipe: ForecastRecipe) => contend({ recipe, training, judge }, env);
  if (plan.recipe !== 'trees_logistic_regression_and_bg_nbd') return trial(plan.recipe);
  const two = await trial('trees_and_logistic_regression');
  if (bg_nbd === undefined || bg_nbd.roc_auc < two.rocAuc - BG_NBD_MAY_RANK_WORSE_BY) return two;
  const bgNbd = await trial('bg_nbd');
  return contenderOf(plan.recipe, withBgNbd(two.fitted, bgNbd.fitted.ensemble), rows.evaluation);
}

/** What the evaluated forecast says, with the season as it was known on the evaluation's day. */
function inSeason(
  { fitted: { ensemble }, rawScores }: Contender,
  { shop, evaluationCutoff, trainCutoffs }: SeasonRows,
): SeasonedScores {
  return scoresInSeason({ ensemble, rawScores }, { day: evaluationCutoff, trainCutoffs }, shop);
}

/** How the same recipe turned out: on the evaluation's day, and on days before it. */
async function lookBack(
  recipe: ForecastRecipe,
  seasoned: SeasonedScores,
  { plan, rows, settled }: Training<ChurnPlan, ChurnRows>,
  env: TrainingEnvironment,
): Promise<RollingCalibration | undefined> {
  if (rows.season === undefined) return undefined;
  const { shop, evaluationCutoff } = rows.season;
  reportStep(env, 'look back', 'Checking how forecasts of earlier days turned out');
  const request: Omit<ForecastRequest, 'train'> = {
    recipe,
    params: settled.params,
    horizonDays: plan.horizonDays,
    trainer: env.trainer,
    signal: env.signal,
  };
  const newest = { cutoff: evaluationCutoff, dataset: rows.evaluation, ...seasoned };
  return rollingCalibration([newest, ...(await earlierForecasts(shop, request))], plan.horizonDays);
}

interface Contest {
  readonly recipe: ForecastRecipe;
  readonly training: Training<ChurnPlan, ChurnRows>;
  readonly judge: ChurnJudge;
}

async function contend({ recipe, training, judge }: Contest, env: TrainingEnvironment): Promise<Contender> {
  const { plan, rows, settled } = training;
  const { train, evaluation } = rows;
  const fitted = await fitForecast({
    recipe,
    train,
    customers: evaluation,
    shown: evaluation,
    params: settled.params,
    horizonDays: plan.horizonDays,
    regression: judge.regression,
    trainer: env.trainer,
    signal: env.signal,
    onTree: treeReporter(env, 'train', `Training on ${train.rowCount.toLocaleString('en-US')} rows`),
  });
  return contenderOf(recipe, fitted, evaluation);
}

function contenderOf(recipe: ForecastRecipe, fitted: FittedForecast, evaluation: LabelledDataset): Contender {
  const rawScores = predictRawScores(fitted.ensemble, evaluation);
  return { recipe, fitted, rawScores, rocAuc: rocAuc(evaluation.labels, rawScores) };
}

function judged({ rawScores, rocAuc: roc_auc }: Contender, { labels }: LabelledDataset) {
  const probabilities = probabilitiesOf(rawScores);
  return { roc_auc, brier: brierScore(labels, (row) => probabilities[row]) };
}

/** `sigmoid(rawScore)` */
export function probabilitiesOf(rawScores: Float32Array): Float32Array {
  return rawScores.map((rawScore) => 1 / (1 + Math.exp(-rawScore)));
}
