// Node histograms once rows are added: summed over threads, subtracted, and searched for the best split. The same operations
// as gbdt/histogram.ts and gbdt/splitting.ts, which explain the formulas; gains are compared in the same order.
import {
  BYTES_PER_BIN,
  CANDIDATE_LENGTH,
  MAX_BINS,
  PAIR_SUMS,
  PairField,
  ParameterField,
  SEARCHED_PAIR_BYTES,
  SearchField,
} from './layout';
import { histogramBytes, missingBin, nodeBins, read, readSearch } from './parameters';

/** Below 1 by more than the rounding errors of a comparison of products, above it by less than matters. */
const MARGIN: f64 = 1 - 1 / 1099511627776.0;

function readPair(pair: usize, field: PairField): usize {
  return <usize>load<u32>(pair + ((<usize>field) << 2));
}

/**
 * This thread's share of the features of `pairCount` pairs of siblings: sums over threads, the larger sibling as parent −
 * smaller, and the best split of each node on those features, written to the node's candidate of this thread.
 */
export function searchSplits(block: usize, pairCount: usize): void {
  const features = read(block, ParameterField.treeFeatureCount);
  const threads = read(block, ParameterField.threads);
  let turn = threads - read(block, ParameterField.thread);
  for (let batchIndex: usize = 0; batchIndex < pairCount; batchIndex++) {
    const pair = read(block, ParameterField.searchedPairs) + batchIndex * SEARCHED_PAIR_BYTES;
    const built = startCandidate(block, readPair(pair, PairField.builtNumber), pair + (PAIR_SUMS << 3));
    const hasSibling = readPair(pair, PairField.hasSibling) !== 0;
    const siblingNumber = readPair(pair, PairField.siblingNumber);
    const sibling = hasSibling ? startCandidate(block, siblingNumber, pair + ((PAIR_SUMS + 2) << 3)) : 0;
    for (let place: usize = 0; place < features; place++) {
      if (turn++ % threads !== 0) continue;
      const feature = <usize>load<u32>(read(block, ParameterField.treeFeatures) + (place << 2));
      const bins = nodeBins(block, readPair(pair, PairField.builtIndex), feature);
      reduce(block, batchIndex, bins, place, feature);
      if (readPair(pair, PairField.hasSums) === 0) sumNode(built, bins, missingBin(block, feature));
      searchFeature(block, bins, feature, built);
      if (!hasSibling) continue;
      const parent = nodeBins(block, readPair(pair, PairField.parentIndex), feature);
      const target = nodeBins(block, readPair(pair, PairField.siblingIndex), feature);
      subtract(parent, bins, target, missingBin(block, feature));
      searchFeature(block, target, feature, sibling);
    }
  }
}

// This thread's candidate of a node, without a split yet: only a greater gain than the least one replaces it.
function startCandidate(block: usize, number: usize, sums: usize): usize {
  const index = number * read(block, ParameterField.threads) + read(block, ParameterField.thread);
  const candidate = read(block, ParameterField.candidates) + index * (CANDIDATE_LENGTH << 3);
  store<f64>(candidate, readSearch(read(block, ParameterField.search), SearchField.minGain));
  store<f64>(candidate, -1, 24);
  v128.store(candidate, v128.load(sums), 32);
  return candidate;
}

// The sums of a node over the bins of any one feature.
function sumNode(candidate: usize, bins: usize, missing: usize): void {
  let sums = f64x2.splat(0);
  for (let bin: usize = 0; bin <= missing; bin++) sums = f64x2.add(sums, v128.load(bins + (bin << 4)));
  v128.store(candidate, sums, 32);
}

// Sums all threads' histogram `batchIndex` into the bins of a node's feature, whose place among the tree's is given.
function reduce(block: usize, batchIndex: usize, target: usize, place: usize, feature: usize): void {
  const bytes = histogramBytes(block);
  const threads = read(block, ParameterField.threads);
  const nodesPerBatch = read(block, ParameterField.nodesPerBatch);
  const count = missingBin(block, feature) + 1;
  for (let thread: usize = 0; thread < threads; thread++) {
    const histogram = (thread * nodesPerBatch + batchIndex) * bytes;
    if (load<u32>(read(block, ParameterField.spills) + (thread << 2)) !== 0) {
      const wide =
        read(block, ParameterField.threadHistograms) + histogram + feature * (MAX_BINS * BYTES_PER_BIN);
      if (thread === 0) memory.copy(target, wide, count * BYTES_PER_BIN);
      else addWide(target, wide, count);
    } else {
      const packed =
        read(block, ParameterField.packedHistograms) + (histogram >> 1) + place * (MAX_BINS << 3);
      if (thread === 0) inline.always(addPacked(target, packed, count, true));
      else inline.always(addPacked(target, packed, count, false));
    }
  }
}

function addWide(target: usize, wide: usize, count: usize): void {
  for (let at: usize = 0; at < count * BYTES_PER_BIN; at += BYTES_PER_BIN) {
    v128.store(target + at, f64x2.add(v128.load(target + at), v128.load(wide + at)));
  }
}

// `isFirst` is a constant where this is inlined: then the sums replace what was there.
function addPacked(target: usize, packed: usize, count: usize, isFirst: bool): void {
  for (let bin: usize = 0; bin < count; bin++) {
    const word = load<i64>(packed + (bin << 3));
    const at = target + (bin << 4);
    let sums = f64x2.replace_lane(f64x2.splat(<f64>(<i32>(word >> 32))), 1, <f64>(<i64>(<u32>word)));
    if (!isFirst) sums = f64x2.add(sums, v128.load(at));
    v128.store(at, sums);
  }
}

// sibling = parent − built, for one feature: the subtraction trick.
function subtract(parent: usize, built: usize, sibling: usize, missing: usize): void {
  for (let at: usize = 0; at <= missing * BYTES_PER_BIN; at += BYTES_PER_BIN) {
    v128.store(sibling + at, f64x2.sub(v128.load(parent + at), v128.load(built + at)));
  }
}

function score(gradients: f64, hessians: f64, lambda: f64, alpha: f64): f64 {
  let t = gradients;
  if (alpha > 0) t = gradients > alpha ? gradients - alpha : gradients < -alpha ? gradients + alpha : 0;
  const denominator = hessians + lambda;
  return denominator > 0 ? (t * t) / denominator : 0;
}

function nodeScoreOf(search: usize, candidate: usize): f64 {
  return score(
    load<f64>(candidate, 32) * readSearch(search, SearchField.inverseGradientScale),
    load<f64>(candidate, 40) * readSearch(search, SearchField.inverseHessianScale),
    readSearch(search, SearchField.lambda),
    readSearch(search, SearchField.alpha),
  );
}

// A cut gains more than the candidate only if the scores of its two sides are above this, in units of quantised sums.
function leastScore(search: usize, candidate: usize, nodeScore: f64): f64 {
  const scale = readSearch(search, SearchField.inverseGradientScale);
  const unit = readSearch(search, SearchField.inverseHessianScale) / (scale * scale);
  return (load<f64>(candidate) + nodeScore) * unit * MARGIN;
}

/**
 * Replaces the candidate by the best split of its node on one feature if that gains more. Two cuts at a time are looked at
 * without a division: G₁²/H₁ + G₂²/H₂ > s is G₁²·H₂ + G₂²·H₁ > s·H₁·H₂. Gains are computed of cuts that come near the best
 * so far alone. The penalty `alpha` is left out here: it only makes a score smaller.
 */
function searchFeature(block: usize, bins: usize, feature: usize, candidate: usize): void {
  const search = read(block, ParameterField.search);
  const valueBins = <i32>missingBin(block, feature);
  const missing = bins + ((<usize>valueBins) << 4);
  const hasMissing = load<f64>(missing, 8) !== 0 || load<f64>(missing) !== 0;
  const nodeScore = nodeScoreOf(search, candidate);
  const nodeGradients = v128.load64_splat(candidate, 32);
  const nodeHessians = v128.load64_splat(candidate, 40);
  const inverseHessianScale = readSearch(search, SearchField.inverseHessianScale);
  const lambda = f64x2.splat(readSearch(search, SearchField.lambda) / inverseHessianScale);
  let least = f64x2.splat(leastScore(search, candidate, nodeScore));
  const sides = hasMissing ? 2 : 1;
  for (let side = 0; side < sides; side++) {
    let sums = side ? v128.load(missing) : f64x2.splat(0);
    const lastBin = hasMissing && !side ? valueBins : valueBins - 1;
    for (let bin = 0; bin < lastBin; bin += 2) {
      const at = bins + ((<usize>bin) << 4);
      const first = f64x2.add(sums, v128.load(at));
      sums = f64x2.add(first, v128.load(at, 16));
      const left = v128.shuffle<f64>(first, sums, 0, 2);
      const leftHessians = v128.shuffle<f64>(first, sums, 1, 3);
      const right = f64x2.sub(nodeGradients, left);
      const leftWeight = f64x2.add(leftHessians, lambda);
      const rightWeight = f64x2.add(f64x2.sub(nodeHessians, leftHessians), lambda);
      const scores = f64x2.add(
        f64x2.mul(f64x2.mul(left, left), rightWeight),
        f64x2.mul(f64x2.mul(right, right), leftWeight),
      );
      if (!v128.any_true(f64x2.gt(scores, f64x2.mul(least, f64x2.mul(leftWeight, rightWeight))))) continue;
      const code = (<i32>feature * MAX_BINS + bin) * 2 + side;
      improve(search, candidate, nodeScore, first, code);
      if (bin + 1 < lastBin) improve(search, candidate, nodeScore, sums, code + 2);
      least = f64x2.splat(leastScore(search, candidate, nodeScore));
    }
  }
}

// Replaces the candidate by a cut, given what is left of it, if the cut is allowed and gains more.
function improve(search: usize, candidate: usize, nodeScore: f64, left: v128, code: i32): void {
  const gradientScale = readSearch(search, SearchField.inverseGradientScale);
  const hessianScale = readSearch(search, SearchField.inverseHessianScale);
  const lambda = readSearch(search, SearchField.lambda);
  const alpha = readSearch(search, SearchField.alpha);
  const minChildWeight = readSearch(search, SearchField.minChildWeight);
  const leftGradients = f64x2.extract_lane(left, 0);
  const leftHessians = f64x2.extract_lane(left, 1);
  const rightHessians = load<f64>(candidate, 40) - leftHessians;
  if (leftHessians === 0 || rightHessians === 0) return;
  const leftWeight = leftHessians * hessianScale;
  const rightWeight = rightHessians * hessianScale;
  if (leftWeight < minChildWeight || rightWeight < minChildWeight) return;
  const gain =
    score(leftGradients * gradientScale, leftWeight, lambda, alpha) +
    score((load<f64>(candidate, 32) - leftGradients) * gradientScale, rightWeight, lambda, alpha) -
    nodeScore;
  if (!(gain > load<f64>(candidate))) return;
  store<f64>(candidate, gain);
  v128.store(candidate, left, 8);
  store<f64>(candidate, <f64>code, 24);
}
