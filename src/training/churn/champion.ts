/** The champion of a churn model, judged on the rows that a new version was judged on. */
import { isDeepStrictEqual } from 'node:util';
import { pickFeatures, selectFeatures } from '../../dataset/column-rows.ts';
import { boosterParamsSchema } from '../../gbdt/params.ts';
import { rawScoresOf } from '../../gbdt/raw-scores.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import { rocAuc } from '../../metrics/ranked-scores.ts';
import { compareRocAuc } from '../../metrics/roc-comparison.ts';
import { type DetailsOf, labelOf } from '../../registry/card-details.ts';
import type { ModelCard } from '../../registry/model-card.ts';
import type { RegisteredVersion } from '../../registry/model-registry.ts';
import type { Comparison } from '../promotion.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { EvaluatedTraining } from '../training-task.ts';
import type { ChurnFigures } from './evaluation.ts';
import type { ChurnPlan } from './plan.ts';
import { fitForecast } from './recipe.ts';
import type { ChurnRows } from './slices.ts';

/** A new version, with the training that it comes from. */
export interface Challenger {
  readonly card: ModelCard;
  readonly training: EvaluatedTraining<ChurnPlan, ChurnRows, ChurnFigures>;
}

/** Compares by ROC-AUC, if both versions answer the same question and the champion's features are known. */
export async function compareChurn(
  challenger: Challenger,
  champion: RegisteredVersion,
  env: TrainingEnvironment,
): Promise<Comparison> {
  const { card, training } = challenger;
  const { evaluation } = training.rows;
  if (!isDeepStrictEqual(labelOf(champion.card.details), labelOf(card.details))) {
    return { kind: 'incomparable', because: 'was trained for another label' };
  }
  if (!champion.card.features.every((name) => evaluation.featureNames.includes(name))) {
    return { kind: 'incomparable', because: 'was trained on other features' };
  }
  const judged = await judgeChampion(challenger, champion, env);
  return {
    kind: 'compared',
    figure: 'ROC-AUC',
    challenger: card.metrics.roc_auc,
    champion: judged.rocAuc,
    ifEqual: 'promote',
    note: judged.scores && intervalText(training.evaluation, judged.scores),
  };
}

/** How far chance alone may have made the difference. */
function intervalText({ labels, probabilities }: ChurnFigures, champion: Float32Array): string {
  const { low, high } = compareRocAuc(labels, probabilities, champion);
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
  const isChance = low <= 0 && high >= 0 ? ', so chance alone may make it' : '';
  return `95% interval of the difference ${signed(low)} to ${signed(high)}${isChance}`;
}

/** `scores` are those of the rows judged on; absent if the same figures are known without them. */
interface JudgedChampion {
  readonly rocAuc: number;
  readonly scores?: Float32Array;
}

/**
 * The champion on the challenger's hold-out. Its trees are asked as they are only if they cannot have seen the hold-out;
 * else its recipe (features and parameters) is trained on the challenger's training data, because a model that was
 * fitted on part of the hold-out would always seem the better one.
 */
async function judgeChampion(
  { card: challenger, training }: Challenger,
  { card, ensemble }: RegisteredVersion,
  { trainer, signal }: TrainingEnvironment,
): Promise<JudgedChampion> {
  const { train, evaluation } = training.rows;
  const judge = (trees: TreeEnsemble): JudgedChampion => {
    const scores = rawScoresOf(trees, selectFeatures(evaluation, card.features));
    return { rocAuc: rocAuc(evaluation.labels, scores, evaluation.weights), scores };
  };
  // An imported model cannot be trained again here; its card says that it may have seen the hold-out.
  if (isImported(card)) return judge(ensemble);
  if (isDeepStrictEqual(holdOutOf(card), holdOutOf(challenger))) return { rocAuc: card.metrics.roc_auc };
  const { details } = challenger;
  const isUnseen =
    challenger.evaluation === 'later_slice' &&
    'windows' in details &&
    card.as_of <= details.windows.evaluation_cutoff;
  if (isUnseen) return judge(ensemble);
  if (!isImported(challenger) && isDeepStrictEqual(recipeOf(card), recipeOf(challenger))) {
    return { rocAuc: challenger.metrics.roc_auc };
  }
  const retrained = await fitForecast({
    recipe: recipeOf(card).recipe,
    train: selectFeatures(train, card.features),
    customers: pickFeatures(evaluation, card.features),
    params: boosterParamsSchema.parse(card.params),
    horizonDays: training.plan.horizonDays,
    trainer,
    signal,
  });
  return judge(retrained.ensemble);
}

function isImported({ details }: ModelCard): boolean {
  return 'imported' in details && details.imported !== undefined;
}

/** Models with equal ones were judged on the same rows. A table of customers has one hold-out, whatever the day. */
function holdOutOf({ data, as_of, evaluation, details }: ModelCard) {
  const { fingerprint } = data;
  return 'windows' in details
    ? { fingerprint, as_of, evaluation, windows: details.windows }
    : { fingerprint };
}

/** The class weight is left out: it follows from the data, not from the recipe. */
function recipeOf({ features, params, details }: ModelCard): {
  readonly recipe: DetailsOf<'forward'>['recipe'];
  readonly features: ModelCard['features'];
  readonly params: ModelCard['params'];
} {
  const recipe = 'recipe' in details ? details.recipe : 'trees';
  return { recipe, features, params: { ...params, scale_pos_weight: 1 } };
}
