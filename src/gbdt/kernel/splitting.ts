// Node histograms once rows are added: summed over threads, subtracted, and searched for the best split. The same
// operations as gbdt/histogram.ts and gbdt/splitting.ts, which explain the formulas, in the same order.
import { BYTES_PER_BIN, CANDIDATE_LENGTH, MAX_BINS, ParameterField, SearchField } from './layout';
import { histogramBytes, missingBin, nodeBins, read, readSearch } from './parameters';

/** Sums all threads' histogram `batchIndex` into the node histogram of a given index, for one feature. */
export function reduce(block: usize, batchIndex: usize, histogramIndex: usize, feature: usize): void {
  const bytes = histogramBytes(block);
  const threadBytes = read(block, ParameterField.nodesPerBatch) * bytes;
  const threads = read(block, ParameterField.threads);
  const first =
    read(block, ParameterField.threadHistograms) + batchIndex * bytes + feature * (MAX_BINS * BYTES_PER_BIN);
  const target = nodeBins(block, histogramIndex, feature);
  const length = (missingBin(block, feature) + 1) * BYTES_PER_BIN;
  memory.copy(target, first, length);
  for (let thread: usize = 1; thread < threads; thread++) {
    const source = first + threadBytes * thread;
    for (let at: usize = 0; at < length; at += BYTES_PER_BIN) {
      v128.store(target + at, f64x2.add(v128.load(target + at), v128.load(source + at)));
    }
  }
}

/** sibling = parent − built, for one feature: the subtraction trick. All three are indices of node histograms. */
export function subtract(
  block: usize,
  parentIndex: usize,
  builtIndex: usize,
  siblingIndex: usize,
  feature: usize,
): void {
  const parent = nodeBins(block, parentIndex, feature);
  const built = nodeBins(block, builtIndex, feature);
  const sibling = nodeBins(block, siblingIndex, feature);
  const length = (missingBin(block, feature) + 1) * BYTES_PER_BIN;
  for (let at: usize = 0; at < length; at += BYTES_PER_BIN) {
    v128.store(sibling + at, f64x2.sub(v128.load(parent + at), v128.load(built + at)));
  }
}

function score(gradients: f64, hessians: f64, lambda: f64, alpha: f64): f64 {
  let t = gradients;
  if (alpha > 0) t = gradients > alpha ? gradients - alpha : gradients < -alpha ? gradients + alpha : 0;
  const denominator = hessians + lambda;
  return denominator > 0 ? (t * t) / denominator : 0;
}

/** Writes the best split of a node on one feature to the split candidate of a given index. */
export function searchSplit(
  block: usize,
  histogramIndex: usize,
  feature: usize,
  candidateIndex: usize,
): void {
  const search = read(block, ParameterField.search);
  const nodeGradients = readSearch(search, SearchField.nodeGradients);
  const nodeHessians = readSearch(search, SearchField.nodeHessians);
  const inverseGradientScale = readSearch(search, SearchField.inverseGradientScale);
  const inverseHessianScale = readSearch(search, SearchField.inverseHessianScale);
  const lambda = readSearch(search, SearchField.lambda);
  const alpha = readSearch(search, SearchField.alpha);
  const minChildWeight = readSearch(search, SearchField.minChildWeight);
  const histogram = nodeBins(block, histogramIndex, feature);
  const valueBins = <i32>missingBin(block, feature);
  const missing = histogram + ((<usize>valueBins) << 4);
  const missingGradients = load<f64>(missing);
  const missingHessians = load<f64>(missing, 8);
  const hasMissing = missingHessians !== 0 || missingGradients !== 0;
  const nodeScore = inline.always(
    score(nodeGradients * inverseGradientScale, nodeHessians * inverseHessianScale, lambda, alpha),
  );
  let bestGain = readSearch(search, SearchField.minGain);
  let bestCode = -1;
  let bestGradients: f64 = 0;
  let bestHessians: f64 = 0;
  const sides = hasMissing ? 2 : 1;
  for (let side = 0; side < sides; side++) {
    let leftGradients: f64 = side ? missingGradients : 0;
    let leftHessians: f64 = side ? missingHessians : 0;
    const lastBin = hasMissing && !side ? valueBins : valueBins - 1;
    for (let bin = 0; bin < lastBin; bin++) {
      const at = histogram + ((<usize>bin) << 4);
      leftGradients += load<f64>(at);
      leftHessians += load<f64>(at, 8);
      const rightHessians = nodeHessians - leftHessians;
      if (leftHessians === 0 || rightHessians === 0) continue;
      const left = leftHessians * inverseHessianScale;
      const right = rightHessians * inverseHessianScale;
      if (left < minChildWeight || right < minChildWeight) continue;
      const gain =
        inline.always(score(leftGradients * inverseGradientScale, left, lambda, alpha)) +
        inline.always(score((nodeGradients - leftGradients) * inverseGradientScale, right, lambda, alpha)) -
        nodeScore;
      if (gain > bestGain) {
        bestGain = gain;
        bestCode = bin * 2 + side;
        bestGradients = leftGradients;
        bestHessians = leftHessians;
      }
    }
  }
  const candidate = read(block, ParameterField.candidates) + candidateIndex * (CANDIDATE_LENGTH * 8);
  store<f64>(candidate, bestCode < 0 ? 0 : bestGain);
  store<f64>(candidate, bestGradients, 8);
  store<f64>(candidate, bestHessians, 16);
  store<f64>(candidate, <f64>bestCode, 24);
}
