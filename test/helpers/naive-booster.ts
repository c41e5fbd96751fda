import type { LabelledDataset } from '../../src/dataset/feature-matrix.ts';
import type { BoosterParams } from '../../src/gbdt/params.ts';
import type { Tree } from '../../src/gbdt/tree.ts';

/**
 * Gradient boosting as it is written in the books, on raw values in double: no bins, no integers, no subtraction, no
 * threads. What the learner is compared with, for features with fewer distinct values than bins.
 */
const MIN_GAIN = 1e-6;
const MIN_HESSIAN = 1e-16;
const GREATEST_FLOAT32 = 3.4028234663852886e38;

export interface NaiveSplit {
  readonly feature: number;
  readonly threshold: number;
  readonly defaultLeft: boolean;
}

export interface NaiveNode {
  readonly rows: readonly number[];
  /** Learning rate included. */
  readonly value: number;
  readonly cover: number;
  readonly split?: NaiveSplit & {
    readonly gain: number;
    readonly left: NaiveNode;
    readonly right: NaiveNode;
  };
}

interface Sums {
  readonly gradients: number;
  readonly hessians: number;
}

export class NaiveBooster {
  readonly #dataset: LabelledDataset;
  readonly #params: BoosterParams;
  readonly #candidates: readonly (readonly number[])[];
  #gradients: readonly number[] = [];
  #hessians: readonly number[] = [];

  constructor(dataset: LabelledDataset, params: BoosterParams) {
    this.#dataset = dataset;
    this.#params = params;
    this.#candidates = dataset.columns.map(thresholdsOf);
  }

  /** The tree that follows from the margins so far. */
  growTree(rawScores: ArrayLike<number>): NaiveNode {
    const { labels, weights, rowCount } = this.#dataset;
    const probabilities = Array.from({ length: rowCount }, (_, row) => 1 / (1 + Math.exp(-rawScores[row])));
    const weightOf = (row: number) =>
      (weights?.[row] ?? 1) * (labels[row] === 1 ? this.#params.scale_pos_weight : 1);
    this.#gradients = probabilities.map((p, row) => (p - labels[row]) * weightOf(row));
    this.#hessians = probabilities.map((p, row) => Math.max(p * (1 - p), MIN_HESSIAN) * weightOf(row));
    return this.#grow(
      Array.from({ length: rowCount }, (_, row) => row),
      0,
    );
  }

  /** What a split of these rows is worth, in the gradients of the tree grown last. */
  gainOf(rows: readonly number[], split: NaiveSplit): number {
    const [left, right] = this.part(rows, split).map((side) => this.#sumsOf(side));
    return this.#score(left) + this.#score(right) - this.#score(this.#sumsOf(rows));
  }

  part(
    rows: readonly number[],
    { feature, threshold, defaultLeft }: NaiveSplit,
  ): [left: number[], right: number[]] {
    const column = this.#dataset.columns[feature];
    const goesLeft = (row: number) => (Number.isNaN(column[row]) ? defaultLeft : column[row] < threshold);
    return [rows.filter(goesLeft), rows.filter((row) => !goesLeft(row))];
  }

  #grow(rows: readonly number[], depth: number): NaiveNode {
    const { max_depth, learning_rate, reg_lambda, reg_alpha } = this.#params;
    const sums = this.#sumsOf(rows);
    const weight = -softThreshold(sums.gradients, reg_alpha) / (sums.hessians + reg_lambda);
    const leaf = { rows, value: weight * learning_rate, cover: sums.hessians };
    const best = depth < max_depth ? this.#bestSplit(rows) : undefined;
    if (!best) return leaf;
    const [left, right] = this.part(rows, best);
    return {
      ...leaf,
      split: { ...best, left: this.#grow(left, depth + 1), right: this.#grow(right, depth + 1) },
    };
  }

  /** Tries every feature, both sides for missing values, and every threshold; the first of equal gains wins. */
  #bestSplit(rows: readonly number[]): (NaiveSplit & { gain: number }) | undefined {
    let best: (NaiveSplit & { gain: number }) | undefined;
    for (const [feature, thresholds] of this.#candidates.entries()) {
      const hasMissing = rows.some((row) => Number.isNaN(this.#dataset.columns[feature][row]));
      for (const defaultLeft of hasMissing ? [false, true] : [false]) {
        const partingMissing = hasMissing && !defaultLeft ? [GREATEST_FLOAT32] : [];
        for (const threshold of [...thresholds, ...partingMissing]) {
          const split = { feature, threshold, defaultLeft };
          if (!this.#isAllowed(rows, split)) continue;
          const gain = this.gainOf(rows, split);
          if (gain > (best?.gain ?? Math.max(MIN_GAIN, this.#params.gamma))) best = { ...split, gain };
        }
      }
    }
    return best;
  }

  #isAllowed(rows: readonly number[], split: NaiveSplit): boolean {
    return this.part(rows, split).every((side) => {
      const { hessians } = this.#sumsOf(side);
      return side.length > 0 && hessians > 0 && hessians >= this.#params.min_child_weight;
    });
  }

  #sumsOf(rows: readonly number[]): Sums {
    return {
      gradients: rows.reduce((sum, row) => sum + this.#gradients[row], 0),
      hessians: rows.reduce((sum, row) => sum + this.#hessians[row], 0),
    };
  }

  #score({ gradients, hessians }: Sums): number {
    const { reg_lambda, reg_alpha } = this.#params;
    return softThreshold(gradients, reg_alpha) ** 2 / (hessians + reg_lambda);
  }
}

/** Half way between every two neighbouring values of the whole column. */
function thresholdsOf(column: Float32Array): number[] {
  const distinct = [...new Set(column)].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return distinct.slice(1).map((high, i) => Math.fround((distinct[i] + high) / 2));
}

function softThreshold(gradients: number, alpha: number): number {
  return Math.sign(gradients) * Math.max(Math.abs(gradients) - alpha, 0);
}

/** Pairs of nodes that should be alike, root first; below a node where `isAlike` says no, none are compared. */
export function compareTrees(
  naive: NaiveNode,
  tree: Tree,
  isAlike: (naive: NaiveNode, node: number) => boolean,
  node = 0,
): void {
  if (!isAlike(naive, node) || !naive.split) return;
  compareTrees(naive.split.left, tree, isAlike, tree.leftChildren[node]);
  compareTrees(naive.split.right, tree, isAlike, tree.rightChildren[node]);
}
