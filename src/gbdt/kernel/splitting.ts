

// @ts-expect-error: decorator
@inline
function score(gradients: f64, hessians: f64, lambda: f64, alpha: f64): f64 {
  let t = gradients;
  if (alpha > 0) t = gradients > alpha ? gradients - alpha : gradients < -alpha ? gradients + alpha : 0;
  const denominator = hessians + lambda;
  return denominator > 0 ? (t * t) / denominator : 0;
}

/** target = sum of `parts` histograms that lie `partBytes` apart, over `bins` bins. */
export function reduce(parts: usize, partBytes: usize, partCount: u32, target: usize, bins: usize): void {
  memory.copy(target, parts, bins << 4);
  for (let part: u32 = 1; part < partCount; part++) {
    const source = parts + partBytes * part;
    for (let at: usize = 0; at < bins << 4; at += 16) {
      v128.store(target + at, f64x2.add(v128.load(target + at), v128.load(source + at)));
    }
  }
}

/** sibling = parent − node, over `bins` bins. */
export function subtract(parent: usize, node: usize, sibling: usize, bins: usize): void {
  for (let at: usize = 0; at < bins << 4; at += 16) {
    v128.store(sibling + at, f64x2.sub(v128.load(parent + at), v128.load(node + at)));
  }
}

/** Writes gain, left gradients, left hessians and bin · 2 + defaultLeft (−1 where no split is worth it) to `out`. */
export function findBestSplit(
  histogram: usize, valueBins: i32, nodeGradients: f64, nodeHessians: f64, inverseGradientScale: f64,
  inverseHessianScale: f64, lambda: f64, alpha: f64, minChildWeight: f64, minGain: f64, out: usize,
): void {
  const missing = histogram + ((<usize>valueBins) << 4);
  const missingGradients = load<f64>(missing);
  const missingHessians = load<f64>(missing, 8);
  const hasMissing = missingHessians !== 0 || missingGradients !== 0;
  const nodeScore = score(nodeGradients * inverseGradientScale, nodeHessians * inverseHessianScale, lambda, alpha);
  let bestGain = minGain;
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
        score(leftGradients * inverseGradientScale, left, lambda, alpha) +
        score((nodeGradients - leftGradients) * inverseGradientScale, right, lambda, alpha) -
        nodeScore;
      if (gain > bestGain) {
        bestGain = gain;
        bestCode = bin * 2 + side;
        bestGradients = leftGradients;
        bestHessians = leftHessians;
      }
    }
  }
  store<f64>(out, bestCode < 0 ? 0 : bestGain);
  store<f64>(out, bestGradients, 8);
  store<f64>(out, bestHessians, 16);
  store<f64>(out, <f64>bestCode, 24);
}
