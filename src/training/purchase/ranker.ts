/** The trees that put a customer's products in order, beside those that give the probabilities: LambdaMART for NDCG@10. */
import { columnOf, selectRows, thinLabelledRows } from '../../dataset/column-rows.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { scaleTree } from '../../gbdt/ensemble-arithmetic.ts';
import { overFeatures } from '../../gbdt/over-features.ts';
import { rankScoresOf, rawScoresOf } from '../../gbdt/raw-scores.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import { learntRows } from '../churn/recipe.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { RecommendationPlan } from './plan.ts';
import type { RecommendationRows } from './rows.ts';

/** Chosen, with the weight below, on four months of a gift shop; the gain hardly depends on either. */
const RANKER_PARAMS = {
  n_estimators: 60,
  max_depth: 6,
  learning_rate: 0.08,
  min_child_weight: 1,
  scale_pos_weight: 1,
  early_stopping_rounds: 0,
} as const;
/** How much the ranker counts beside the log-odds, both in standard deviations. */
const RANKER_WEIGHT = 1;
/** As many pairs give a standard deviation to a hundredth of it. */
const SPREAD_PAIRS = 50_000;

/** Ranking trees over the features that they learn from; undefined if there is no list to learn from. */
export type BegunRanking = Promise<TreeEnsemble | undefined>;

/** Begins to grow ranking trees: they know nothing of the log-odds, so both grow side by side. */
export function beginRanking(
  rows: RecommendationRows,
  plan: Pick<RecommendationPlan, 'params' | 'horizonDays'>,
  env: TrainingEnvironment,
): BegunRanking {
  const begun = growRanking(rows, plan, env);
  // The caller that waits for it learns of a failure. If none waits any more, the training has failed for another reason.
  begun.catch(() => undefined);
  return begun;
}

async function growRanking(
  rows: RecommendationRows,
  { params, horizonDays }: Pick<RecommendationPlan, 'params' | 'horizonDays'>,
  env: TrainingEnvironment,
): BegunRanking {
  const lists = listsOf(rows);
  if (lists.starts.length === 0) return undefined;
  const { weights: _, ...listed } = selectRows(learntRows(rows.dataset, horizonDays), lists.rows);
  const trees = Math.min(RANKER_PARAMS.n_estimators, params.n_estimators);
  const grown = await env.trainer.train({
    train: listed,
    listStarts: lists.starts,
    params: { ...params, ...RANKER_PARAMS, n_estimators: trees },
    signal: env.signal,
  });
  return grown.ensemble;
}

/**
 * Adds ranking trees to an ensemble, such that products rank by log-odds and ranker together. The probabilities stay what
 * they are. Without a list to learn from, products rank by their log-odds.
 *
 * @param pairs that probabilities were learnt from.
 */
export async function withRanking(
  ensemble: TreeEnsemble,
  pairs: LabelledDataset,
  begun: BegunRanking,
): Promise<TreeEnsemble> {
  const grown = await begun;
  if (grown === undefined) return ensemble;
  const rankingTrees = overFeatures(grown, pairs.featureNames).trees;
  const some = thinLabelledRows(pairs, SPREAD_PAIRS);
  const spread = spreadOf(some, rawScoresOf(ensemble, some));
  const ranks = rankScoresOf({ ...ensemble, rankingTrees }, new Float32Array(some.rowCount), some);
  const rankSpread = spreadOf(some, ranks);
  if (rankSpread === 0) return ensemble;
  const factor = (RANKER_WEIGHT * spread) / rankSpread;
  return { ...ensemble, rankingTrees: rankingTrees.map((tree) => scaleTree(tree, factor)) };
}

/** Rows to rank and where each list begins among them. */
interface Lists {
  readonly rows: Uint32Array;
  readonly starts: Uint32Array<SharedArrayBuffer>;
}

/**
 * Two lists per customer and window: all products, and those new to the customer. A shop offers either, and with the first
 * alone the ranker learns little about new products, which seldom stand among the first ten. Lists of which all or nothing
 * was bought teach nothing and are left out.
 */
function listsOf({ dataset, customers }: RecommendationRows): Lists {
  const { labels } = dataset;
  const timesBought = columnOf(dataset, 'times_bought');
  const rows: number[] = [];
  const starts: number[] = [];
  const add = (list: readonly number[]) => {
    const bought = list.filter((row) => labels[row] === 1).length;
    if (bought === 0 || bought === list.length) return;
    starts.push(rows.length);
    for (const row of list) rows.push(row);
  };
  for (let begin = 0; begin < customers.length; ) {
    let end = begin + 1;
    while (end < customers.length && customers[end] === customers[begin]) end++;
    const list = Array.from({ length: end - begin }, (_, index) => begin + index);
    add(list);
    const unknown = list.filter((row) => timesBought[row] === 0);
    if (unknown.length < list.length) add(unknown);
    begin = end;
  }
  const shared = new Uint32Array(new SharedArrayBuffer(starts.length * 4));
  shared.set(starts);
  return { rows: Uint32Array.from(rows), starts: shared };
}

/** The standard deviation of scores over the pairs that the rows stand for. */
function spreadOf({ weights }: LabelledDataset, scores: ArrayLike<number>): number {
  let [total, sum, squares] = [0, 0, 0];
  for (let row = 0; row < scores.length; row++) {
    const weight = weights?.[row] ?? 1;
    total += weight;
    sum += weight * scores[row];
    squares += weight * scores[row] ** 2;
  }
  return Math.sqrt(Math.max(0, squares / total - (sum / total) ** 2));
}
