import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import type { BoosterTrainer } from '../../gbdt/booster.ts';
import type { BoosterParams } from '../../gbdt/params.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';

/** What trees are grown with. */
export interface TreeGrowing {
  /** Of boosted trees in general; what the trees in question need replaces them. */
  readonly params: BoosterParams;
  readonly trainer: BoosterTrainer;
  readonly signal?: AbortSignal | undefined;
}

/** How many trees of which size. */
export type TreeShape = Pick<
  BoosterParams,
  'n_estimators' | 'max_depth' | 'learning_rate' | 'min_child_weight'
>;

/** What a function gives has no noise, so nothing is drawn and nothing regularised. */
const WITHOUT_NOISE: Partial<BoosterParams> = {
  reg_lambda: 0,
  reg_alpha: 0,
  gamma: 0,
  subsample: 1,
  colsample_bytree: 1,
  scale_pos_weight: 1,
  early_stopping_rounds: 0,
};

/** Trees that follow a function of the features, whose values between 0 and 1 are the labels. */
export async function growNoiselessTrees(
  train: LabelledDataset,
  shape: TreeShape,
  { params, trainer, signal }: TreeGrowing,
): Promise<TreeEnsemble> {
  const all = { ...params, ...WITHOUT_NOISE, ...shape };
  return (await trainer.train({ train, params: all, signal })).ensemble;
}
