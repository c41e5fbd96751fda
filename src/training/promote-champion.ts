import { isDeepStrictEqual } from 'node:util';
import { selectFeatures } from '../dataset/column-rows.ts';
import type { LabelledDataset } from '../dataset/feature-matrix.ts';
import { boosterParamsSchema } from '../gbdt/params.ts';
import { predictRawScores } from '../gbdt/predictor.ts';
import { rocAuc } from '../metrics/ranked-scores.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { CHAMPION, type RegisteredVersion } from '../registry/model-registry.ts';
import type { ChurnSlices } from './churn-slices.ts';
import type { TrainingEnvironment } from './training-environment.ts';

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
  challenger: ModelCard,
  slices: ChurnSlices,
  env: TrainingEnvironment,
): Promise<Promotion> {
  const version = await env.registry.resolveAlias(challenger.model, CHAMPION);
  const verdict =
    version === undefined
      ? { promoted: true, promotion: 'It is the first version, so it is the champion.' }
      : await compare(challenger, await env.registry.load(challenger.model, version), slices, env);
  if (verdict.promoted) await env.registry.setAlias(challenger.model, CHAMPION, challenger.version);
  return verdict;
}

async function compare(
  challenger: ModelCard,
  champion: RegisteredVersion,
  slices: ChurnSlices,
  env: TrainingEnvironment,
): Promise<Promotion> {
  const { card } = champion;
  if (!isDeepStrictEqual(card.label, challenger.label) || !hasFeatures(slices.evaluation, card.features)) {
    return {
      promoted: true,
      promotion: `The champion ${card.version} was trained for another label, so the new version replaces it; promote_model brings it back.`,
    };
  }
  const score = await championRocAuc(challenger, champion, slices, env);
  const figures = `ROC-AUC ${challenger.metrics.roc_auc.toFixed(4)} against ${score.toFixed(4)} of the champion ${card.version}`;
  return challenger.metrics.roc_auc >= score
    ? { promoted: true, promotion: `It reaches ${figures} on the same hold-out, so it is the new champion.` }
    : { promoted: false, promotion: `It reaches ${figures} on the same hold-out, so the champion stays.` };
}

/**
 * The champion on the challenger's hold-out. Its trees are asked as they are only where they cannot have seen the
 * hold-out; else its recipe (features and parameters) is trained on the challenger's training data, because a model
 * that was fitted on part of the hold-out would always seem the better one.
 */
async function championRocAuc(
  challenger: ModelCard,
  { card, ensemble }: RegisteredVersion,
  slices: ChurnSlices,
  env: TrainingEnvironment,
): Promise<number> {
  const { train, evaluation } = slices;
  if (isSameHoldOut(challenger, card)) return card.metrics.roc_auc;
  if (slices.kind === 'later_slice' && card.as_of <= challenger.windows.evaluation_cutoff) {
    return rocAuc(evaluation.labels, predictRawScores(ensemble, selectFeatures(evaluation, card.features)));
  }
  if (isSameRecipe(challenger, card)) return challenger.metrics.roc_auc;
  const { ensemble: retrained } = await env.trainer.train({
    train: selectFeatures(train, card.features),
    params: boosterParamsSchema.parse(card.params),
    ...(env.signal && { signal: env.signal }),
  });
  return rocAuc(evaluation.labels, predictRawScores(retrained, selectFeatures(evaluation, card.features)));
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
  const recipe = ({ features, params }: ModelCard) => ({
    features,
    params: { ...params, scale_pos_weight: 1 },
  });
  return isDeepStrictEqual(recipe(one), recipe(other));
}

function hasFeatures(dataset: LabelledDataset, names: readonly string[]): boolean {
  return names.every((name) => dataset.featureNames.includes(name));
}
