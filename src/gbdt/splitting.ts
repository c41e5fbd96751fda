/**
 * The best split of a node, from its histogram. Gain and leaf weights are those of XGBoost (Chen & Guestrin 2016,
 * equations 6 and 7, with L1 regularisation by soft thresholding):
 *
 *     weight(G, H) = −T(G) / (H + λ),   score(G, H) = T(G)² / (H + λ),   T(G) = sign(G)·max(|G| − α, 0)
 *     gain = score(left) + score(right) − score(node)
 *
 * Missing values are tried on either side; the better side becomes the default direction, right if none was seen.
 */
import type { FeatureBins } from './histogram.ts';
import { MAX_BINS } from './kernel/layout.ts';
import type { GradientScale } from './quantization.ts';

/** XGBoost's smallest gain worth a split (`kRtEps`). */
const MIN_GAIN = 1e-6;

export interface SplitConstraints {
  readonly reg_lambda: number;
  readonly reg_alpha: number;
  readonly gamma: number;
  readonly min_child_weight: number;
}

/** Quantised sums of a node's rows: exact integers. */
export interface NodeSums {
  readonly gradients: number;
  readonly hessians: number;
}

/** What the nodes of a tree are searched with. */
export interface SplitOptions {
  readonly constraints: SplitConstraints;
  /** The features that the tree may use, ascending. */
  readonly features: readonly number[];
  readonly scale: GradientScale;
}

/** What a node is searched with: its sums, the scales that gradients were quantised with, and what a split must keep to. */
export interface SplitSearch {
  readonly sums: NodeSums;
  readonly scale: GradientScale;
  readonly constraints: SplitConstraints;
}

/** `feature` is −1 if no split is worth it. Rows with bin ≤ `bin` go left. */
export interface SplitInfo {
  readonly feature: number;
  readonly bin: number;
  readonly defaultLeft: boolean;
  readonly gain: number;
  /** Quantised sums of the left child, missing values included if they go left. */
  readonly leftGradients: number;
  readonly leftHessians: number;
  /** Quantised sums of the node itself. */
  readonly node: NodeSums;
}

export const NO_SPLIT: SplitInfo = {
  feature: -1,
  bin: 0,
  defaultLeft: false,
  gain: 0,
  leftGradients: 0,
  leftHessians: 0,
  node: { gradients: 0, hessians: 0 },
};

/** A split must gain more than this. */
export function minGainOf({ gamma }: SplitConstraints): number {
  return Math.max(MIN_GAIN, gamma);
}

function thresholdL1(gradients: number, alpha: number): number {
  if (gradients > alpha) return gradients - alpha;
  if (gradients < -alpha) return gradients + alpha;
  return 0;
}

export function leafWeight(gradients: number, hessians: number, constraints: SplitConstraints): number {
  const denominator = hessians + constraints.reg_lambda;
  return denominator > 0 ? -thresholdL1(gradients, constraints.reg_alpha) / denominator : 0;
}

function scoreOf(gradients: number, hessians: number, constraints: SplitConstraints): number {
  const thresholded = thresholdL1(gradients, constraints.reg_alpha);
  const denominator = hessians + constraints.reg_lambda;
  return denominator > 0 ? (thresholded * thresholded) / denominator : 0;
}

/** The sums of a node over the bins of any one feature. */
export function sumBins(histogram: Float64Array, { feature, binCount }: FeatureBins): NodeSums {
  const from = feature * MAX_BINS * 2;
  let [gradients, hessians] = [0, 0];
  for (let i = from; i < from + binCount * 2; i += 2) {
    gradients += histogram[i];
    hessians += histogram[i + 1];
  }
  return { gradients, hessians };
}

/**
 * The best split on one feature; the last of its bins is the missing bin. Equal gains: the lower bin wins, and missing values go right. O(bins).
 */
export function findBestSplitOfFeature(
  histogram: Float64Array,
  { feature, binCount }: FeatureBins,
  { sums: node, scale, constraints }: SplitSearch,
): SplitInfo {
  const valueBins = binCount - 1;
  const offset = feature * MAX_BINS * 2;
  const missingGradients = histogram[offset + valueBins * 2];
  const missingHessians = histogram[offset + valueBins * 2 + 1];
  const hasMissing = missingHessians !== 0 || missingGradients !== 0;
  // Multiplied by the inverse: the same operations as the fast kernel, which has no time for divisions.
  const inverseGradient = 1 / scale.gradient;
  const inverseHessian = 1 / scale.hessian;
  const nodeScore = scoreOf(node.gradients * inverseGradient, node.hessians * inverseHessian, constraints);

  let best = NO_SPLIT;
  let bestGain = minGainOf(constraints);
  for (let side = 0; side < (hasMissing ? 2 : 1); side++) {
    const defaultLeft = side === 1;
    let leftGradients = defaultLeft ? missingGradients : 0;
    let leftHessians = defaultLeft ? missingHessians : 0;
    // Without missing values the last bin leaves nothing on the right; with them, it parts present from missing.
    const lastBin = hasMissing && !defaultLeft ? valueBins : valueBins - 1;
    for (let bin = 0; bin < lastBin; bin++) {
      leftGradients += histogram[offset + bin * 2];
      leftHessians += histogram[offset + bin * 2 + 1];
      const rightHessians = node.hessians - leftHessians;
      if (leftHessians === 0 || rightHessians === 0) continue;
      const left = leftHessians * inverseHessian;
      const right = rightHessians * inverseHessian;
      if (left < constraints.min_child_weight || right < constraints.min_child_weight) continue;
      const gain =
        scoreOf(leftGradients * inverseGradient, left, constraints) +
        scoreOf((node.gradients - leftGradients) * inverseGradient, right, constraints) -
        nodeScore;
      if (gain > bestGain) {
        bestGain = gain;
        best = { feature, bin, defaultLeft, gain, leftGradients, leftHessians, node };
      }
    }
  }
  return best;
}
