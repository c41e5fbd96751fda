import { isDeepStrictEqual } from 'node:util';
import { pickFeatures, selectFeatures } from '../dataset/column-rows.ts';
import type { LabelledDataset } from '../dataset/feature-matrix.ts';
import { boosterParamsSchema } from '../gbdt/params.ts';
import { predictRawScores } from '../gbdt/predictor.ts';
import type { TreeEnsemble } from '../gbdt/tree.ts';
import { rocAuc } from '../metrics/ranked-scores.ts';
import { compareRocAuc } from '../metrics/roc-comparison.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { CHAMPION, type RegisteredVersion } from '../registry/model-registry.ts';
import { fitForecast } from './churn/recipe.ts';
import type { ChurnSlices } from './churn/slices.ts';
import type { TrainingEnvironment } from './training-environment.ts';

/** A registered version, and its scores of the evaluation's rows by trees that had not seen them. */
export interface EvaluatedModel {
  readonly card: ModelCard;
  readonly scores: Float32Array;
}

export interface Promotion {
  readonly promoted: boolean;
  /** One sentence: why, or why not. */
  readonly promotion: string;
}

/**
 * Makes the new version the champion when there is none, when the champion answers another question, or when the new
 * one ranks the same hold-out at least as well.
 */
export async function promoteIfBetter(
  challenger: EvaluatedModel,
  slices: ChurnSlices,
  env: Omit<TrainingEnvironment, 'data'>,
): Promise<Promotion> {
  const { card } = challenger;
  const version = await env.registry.resolveAlias(card.model, CHAMPION);
  const verdict =
    version === undefined
      ? { promoted: true, promotion: 'It is the first version, so it is the champion.' }
      : await compare(challenger, await env.registry.load(card.model, version), slices, env);
  if (verdict.promoted) await env.registry.setAlias(card.model, CHAMPION, card.version);
  return verdict;
}

async function compare(
  challenger: EvaluatedModel,
  champion: RegisteredVersion,
  slices: ChurnSlices,
  env: Omit<TrainingEnvironment, 'data'>,
): Promise<Promotion> {
  const { card } = champion;
  const hasSameLabel = isDeepStrictEqual(card.label, challenger.card.label);
  if (!hasSameLabel || !hasFeatures(slices.evaluation, card.features)) {
    return {
      promoted: true,
      promotion: `The champion ${card.version} was trained ${hasSameLabel ? 'on other features' : 'for another label'}, so the new version replaces it; promote_model brings it back.`,
    };
  }
  const { metrics } = challenger.card;
  const judged = await judgeChampion(challenger.card, champion, slices, env);
  const interval = judged.scores && intervalText(slices.evaluation.labels, challenger.scores, judged.scores);
  const figures = `ROC-AUC ${metrics.roc_auc.toFixed(4)} against ${judged.rocAuc.toFixed(4)} of the champion ${card.version} on the same hold-out${interval ?? ''}`;
  return metrics.roc_auc >= judged.rocAuc
    ? { promoted: true, promotion: `It reaches ${figures}, so it is the new champion.` }
    : { promoted: false, promotion: `It reaches ${figures}, so the champion stays.` };
}

/** How far chance alone may have made the difference. */
function intervalText(labels: Float32Array, challenger: Float32Array, champion: Float32Array): string {
  const { low, high } = compareRocAuc(labels, challenger, champion);
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
  const isChance = low <= 0 && high >= 0 ? ', so chance alone may make it' : '';
  return ` (95% interval of the difference ${signed(low)} to ${signed(high)}${isChance})`;
}

/** `scores` are those of the evaluation's rows; absent where the same figures are known without them. */
interface JudgedChampion {
  readonly rocAuc: number;
  readonly scores?: Float32Array;
}

/**
 * The champion on the challenger's hold-out. Its trees are asked as they are only where they cannot have seen the
 * hold-out; else its recipe (features and parameters) is trained on the challenger's training data, because a model
 * that was fitted on part of the hold-out would always seem the better one.
 */
async function judgeChampion(
  challenger: ModelCard,
  { card, ensemble }: RegisteredVersion,
  slices: ChurnSlices,
  env: Omit<TrainingEnvironment, 'data'>,
): Promise<JudgedChampion> {
  const { train, evaluation } = slices;
  const judge = (trees: TreeEnsemble): JudgedChampion => {
    const scores = predictRawScores(trees, selectFeatures(evaluation, card.features));
    return { rocAuc: rocAuc(evaluation.labels, scores), scores };
  };
  // Where it comes from, it cannot be trained again; its card says that it may have seen the hold-out.
  if (card.imported !== undefined) return judge(ensemble);
  if (isSameHoldOut(challenger, card)) return { rocAuc: card.metrics.roc_auc };
  if (slices.kind === 'later_slice' && card.as_of <= challenger.windows.evaluation_cutoff) {
    return judge(ensemble);
  }
  if (isSameRecipe(challenger, card)) return { rocAuc: challenger.metrics.roc_auc };
  const { ensemble: retrained } = await fitForecast({
    recipe: card.recipe ?? 'trees',
    train: selectFeatures(train, card.features),
    customers: pickFeatures(evaluation, card.features),
    params: boosterParamsSchema.parse(card.params),
    horizonDays: card.label.kind === 'forward' ? card.label.horizon_days : 0,
    trainer: env.trainer,
    signal: env.signal,
  });
  return judge(retrained);
}

function isSameHoldOut(one: ModelCard, other: ModelCard): boolean {
  return (
    one.data.fingerprint === other.data.fingerprint &&
    one.as_of === other.as_of &&
    isDeepStrictEqual(one.windows, other.windows)
  );
}

/** The class weight is left out: it follows from the data, not from the recipe. */
function isSameRecipe(one: ModelCard, other: ModelCard): boolean {
  if (one.imported !== undefined) return false;
  const recipe = ({ features, params, recipe: fitted = 'trees' }: ModelCard) => ({
    features,
    fitted,
    params: { ...params, scale_pos_weight: 1 },
  });
  return isDeepStrictEqual(recipe(one), recipe(other));
}

function hasFeatures(dataset: LabelledDataset, names: readonly string[]): boolean {
  return names.every((name) => dataset.featureNames.includes(name));
}
