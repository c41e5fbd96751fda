import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { compileKernel } from '../gbdt/kernel-module.ts';
import { type TreeRuns, TreeWalker, toTreeRuns } from '../gbdt/tree-walker.ts';
import { probabilityOf } from '../onnx/probability-nodes.ts';
import type { OnnxTrees } from '../onnx/read-trees.ts';
import type { Scores } from './scorer.ts';

/** The trees of a model file, laid out for scoring. Plain data: threads are given it as it is. */
export interface ScoringModel {
  readonly rawScore: TreeRuns;
  /** Of a model that ranks by more than its raw score. */
  readonly ranking: TreeRuns | undefined;
}

export function scoringModelOf({ rawScore, ranking }: OnnxTrees): ScoringModel {
  return { rawScore: toTreeRuns(rawScore), ranking: ranking && toTreeRuns(ranking) };
}

let walker: Promise<TreeWalker> | undefined;

/** The walker of this thread. */
export function openTreeWalker(): Promise<TreeWalker> {
  walker ??= compileKernel().then((module) => new TreeWalker(module));
  return walker;
}

/** Scores rows: the only way, for one customer as for all, and in every thread. */
export function scoreRows(model: ScoringModel, features: FeatureMatrix, trees: TreeWalker): Scores {
  const rawScores = trees.sumLeaves(model.rawScore, features);
  const probabilities = rawScores.map(probabilityOf);
  const rankScores = Float64Array.from(rawScores);
  if (model.ranking !== undefined) {
    const added = trees.sumLeaves(model.ranking, features);
    for (let row = 0; row < added.length; row++) rankScores[row] += added[row];
  }
  return { probabilities, rankScores };
}
