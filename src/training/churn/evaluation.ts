import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { rescaleEnsemble } from '../../gbdt/ensemble-arithmetic.ts';
import type { BoosterParams } from '../../gbdt/params.ts';
import { predictRawScores } from '../../gbdt/predictor.ts';
import { brierScore, evaluateClassification } from '../../metrics/classification.ts';
import { groupQuality } from '../../metrics/group-quality.ts';
import { singleFeatureScores } from '../../metrics/leakage.ts';
import { rocAuc } from '../../metrics/ranked-scores.ts';
import type {
  CalibrationTrial,
  ClassificationMetrics,
  ForecastRecipe,
  GroupQuality,
  Warning,
} from '../../registry/model-card.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { Baselines } from './baselines.ts';
import { type LaterCalibration, probabilitiesOf, tryCalibration } from './calibration.ts';
import { type ChurnPlan, horizonOf } from './plan.ts';
import { baselinesOf, baselineWins, qualityWarnings } from './quality.ts';
import { type FittedForecast, type ForecastRequest, fitForecast } from './recipe.ts';
import type { ChurnSlices } from './slices.ts';

export interface ChurnEvaluation {
  /** What the plan proposed, or the baseline that beat it. */
  readonly recipe: ForecastRecipe;
  /** The evaluated trees, as they would serve. */
  readonly fitted: FittedForecast;
  /** Of the evaluation's rows. */
  readonly probabilities: Float32Array;
  readonly metrics: ClassificationMetrics;
  readonly baselines: Baselines;
  readonly warnings: readonly Warning[];
  /** Of a forecast: the same by group of customers. */
  readonly groups: readonly GroupQuality[] | undefined;
  readonly calibration: CalibrationTrial | undefined;
  /** What registered trees of the same recipe, fitted on more rows, go through. */
  readonly calibrate: (fitted: FittedForecast) => FittedForecast;
}

/** A recipe, fitted on the training rows and asked about the evaluation's. */
interface Contender {
  readonly recipe: ForecastRecipe;
  readonly fitted: FittedForecast;
  readonly rawScores: Float32Array;
  readonly rocAuc: number;
}

/**
 * Fits the proposed recipe without the evaluation slice and judges it there, beside the baselines. A baseline that ranks
 * better takes its place. Then a calibration is tried on later slices.
 */
export async function evaluateChurn(
  plan: ChurnPlan,
  params: BoosterParams,
  slices: ChurnSlices,
  env: Omit<TrainingEnvironment, 'data'>,
  onTree: ForecastRequest['onTree'],
): Promise<ChurnEvaluation> {
  const { train, evaluation } = slices;
  const fit = { params, horizonDays: horizonOf(plan), trainer: env.trainer, signal: env.signal };
  const contend = async (recipe: ForecastRecipe): Promise<Contender> => {
    const fitted = await fitForecast({
      ...fit,
      recipe,
      train,
      customers: evaluation,
      shown: evaluation,
      ...(onTree && { onTree }),
    });
    const rawScores = predictRawScores(fitted.ensemble, evaluation);
    return { recipe, fitted, rawScores, rocAuc: rocAuc(evaluation.labels, rawScores) };
  };

  const proposed = await contend(plan.recipe);
  const alone = singleFeatureScores(evaluation);
  const rivals = baselinesOf(plan, slices, alone);
  const rival = baselineWins(rivals, proposed.rocAuc);
  const contender = rival && (await contend(rival));
  const isBeaten = contender !== undefined && contender.rocAuc > proposed.rocAuc;
  const winner = isBeaten ? contender : proposed;

  const calibration = await calibrationOf(plan, winner, slices, fit);
  const probabilities = probabilitiesOf(winner.rawScores, calibration.evaluated);
  return {
    recipe: winner.recipe,
    fitted: rescaled(winner.fitted, calibration.evaluated),
    probabilities,
    metrics: evaluateClassification({
      labels: evaluation.labels,
      probabilities,
      trainingBaseRate: meanOf(train.labels),
    }),
    baselines: isBeaten ? { ...rivals, [proposed.recipe]: judged(proposed, evaluation) } : rivals,
    warnings: qualityWarnings(plan, slices, alone, isBeaten ? { winner, beaten: proposed } : undefined),
    groups: plan.label.kind === 'forward' ? groupsOf(plan, evaluation, probabilities) : undefined,
    calibration: calibration.trial,
    calibrate: (fitted) => rescaled(fitted, calibration.registered),
  };
}

const ONE_ORDER = 'one order day';
const STILL_BUYING = 'several, the last within the horizon';
const SILENT = 'several, silent for longer';

/** Who has ordered once, who still buys, and who has been silent for a horizon: figures differ most between them. */
export function groupsOf(
  plan: ChurnPlan,
  evaluation: LabelledDataset,
  probabilities: Float32Array,
): GroupQuality[] {
  const [orderDays, recency] = ['active_days', 'days_since_last_order'].map(
    (name) => evaluation.columns[evaluation.featureNames.indexOf(name)],
  );
  const horizonDays = horizonOf(plan);
  const groupOf = (row: number) => {
    if (orderDays[row] <= 1) return ONE_ORDER;
    return recency[row] < horizonDays ? STILL_BUYING : SILENT;
  };
  const { labels } = evaluation;
  return groupQuality([STILL_BUYING, SILENT, ONE_ORDER], groupOf, { labels, probabilities });
}

/** Only a forecast has periods to be fitted on and tried at. */
async function calibrationOf(
  plan: ChurnPlan,
  { recipe, rawScores }: Contender,
  { dated, evaluation }: ChurnSlices,
  fit: Omit<ForecastRequest, 'train' | 'recipe'>,
): Promise<LaterCalibration> {
  const scores = { cutoff: plan.evaluationCutoff, labels: evaluation.labels, rawScores };
  return tryCalibration(scores, dated, { ...fit, recipe });
}

function rescaled(fitted: FittedForecast, calibration: LaterCalibration['registered']): FittedForecast {
  if (calibration === undefined) return fitted;
  return { ...fitted, ensemble: rescaleEnsemble(fitted.ensemble, calibration) };
}

function judged({ rawScores, rocAuc: roc_auc }: Contender, { labels }: LabelledDataset) {
  const probabilities = probabilitiesOf(rawScores, undefined);
  return { roc_auc, brier: brierScore(labels, (row) => probabilities[row]) };
}

export function meanOf(labels: Float32Array): number {
  return labels.reduce((sum, label) => sum + label, 0) / labels.length;
}
