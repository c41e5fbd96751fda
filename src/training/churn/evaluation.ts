import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { rescaleEnsemble } from '../../gbdt/ensemble-arithmetic.ts';
import { predictRawScores } from '../../gbdt/predictor.ts';
import { brierScore, evaluateClassification } from '../../metrics/classification.ts';
import { type SingleFeatureScore, singleFeatureScores } from '../../metrics/leakage.ts';
import { meanOf } from '../../metrics/mean.ts';
import { rocAuc } from '../../metrics/ranked-scores.ts';
import type { Baselines } from '../../registry/card-details.ts';
import type { CalibrationTrial, ForecastRecipe, Warning } from '../../registry/card-figures.ts';
import { treeReporter } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { Evaluation, Training } from '../training-task.ts';
import { baselineWins, type Outcome } from './baselines.ts';
import { type LaterCalibration, probabilitiesOf, tryCalibration } from './calibration.ts';
import type { ChurnPlan } from './plan.ts';
import { type FittedForecast, type ForecastRequest, fitForecast } from './recipe.ts';
import type { ChurnRows } from './slices.ts';

/** What a churn model's card says of its evaluation. */
export interface ChurnFigures extends Evaluation {
  /** What the plan proposed, or the baseline that beat it. */
  readonly recipe: ForecastRecipe;
  readonly baselines: Baselines;
  readonly calibration: CalibrationTrial | undefined;
}

export interface ChurnEvaluation extends ChurnFigures {
  /** The evaluated trees, as they would serve. */
  readonly fitted: FittedForecast;
  /** What registered trees of the same recipe, fitted on more rows, go through. */
  readonly calibrate: (fitted: FittedForecast) => FittedForecast;
}

/** What a label adds: whom the model has to beat on the same rows, and what its figures are worth. */
export interface ChurnJudge {
  readonly baselines: Baselines;
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
 * Fits the proposed recipe without the rows to be judged on and judges it there, beside the baselines. A baseline that
 * ranks better takes its place. Then a calibration is tried on later slices.
 */
export async function evaluateChurn(
  training: Training<ChurnPlan, ChurnRows>,
  judge: ChurnJudge,
  env: TrainingEnvironment,
): Promise<ChurnEvaluation> {
  const { plan, rows } = training;
  const { train, evaluation } = rows;
  const proposed = await contend(plan.recipe, training, env);
  const rival = baselineWins(judge.baselines, proposed.rocAuc);
  const contender = rival && (await contend(rival, training, env));
  const isBeaten = contender !== undefined && contender.rocAuc > proposed.rocAuc;
  const winner = isBeaten ? contender : proposed;

  const calibration = await calibrationOf(winner, training, env);
  const probabilities = probabilitiesOf(winner.rawScores, calibration.evaluated);
  const { labels } = evaluation;
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
    calibration: calibration.trial,
    fitted: rescaled(winner.fitted, calibration.evaluated),
    calibrate: (fitted) => rescaled(fitted, calibration.registered),
  };
}

async function contend(
  recipe: ForecastRecipe,
  { plan, rows, settled }: Training<ChurnPlan, ChurnRows>,
  env: TrainingEnvironment,
): Promise<Contender> {
  const { train, evaluation } = rows;
  const fitted = await fitForecast({
    recipe,
    train,
    customers: evaluation,
    shown: evaluation,
    params: settled.params,
    horizonDays: plan.horizonDays,
    trainer: env.trainer,
    signal: env.signal,
    onTree: treeReporter(env, 'train', `Training on ${train.rowCount.toLocaleString('en-US')} rows`),
  });
  const rawScores = predictRawScores(fitted.ensemble, evaluation);
  return { recipe, fitted, rawScores, rocAuc: rocAuc(evaluation.labels, rawScores) };
}

/** Only a forecast has periods to be fitted on and tried at. */
async function calibrationOf(
  { recipe, rawScores }: Contender,
  { plan, rows, settled }: Training<ChurnPlan, ChurnRows>,
  { trainer, signal }: TrainingEnvironment,
): Promise<LaterCalibration> {
  const request: Omit<ForecastRequest, 'train'> = {
    recipe,
    params: settled.params,
    horizonDays: plan.horizonDays,
    trainer,
    signal,
  };
  return tryCalibration({ labels: rows.evaluation.labels, rawScores }, rows.dated, request);
}

function rescaled(fitted: FittedForecast, calibration: LaterCalibration['registered']): FittedForecast {
  if (calibration === undefined) return fitted;
  return { ...fitted, ensemble: rescaleEnsemble(fitted.ensemble, calibration) };
}

function judged({ rawScores, rocAuc: roc_auc }: Contender, { labels }: LabelledDataset) {
  const probabilities = probabilitiesOf(rawScores, undefined);
  return { roc_auc, brier: brierScore(labels, (row) => probabilities[row]) };
}
