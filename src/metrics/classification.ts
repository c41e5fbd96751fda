import type { ClassificationMetrics } from '../registry/model-card.ts';

export interface ClassificationInput {
  /** 0 or 1 a row. */
  readonly labels: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
  /** Share of positives in the training data: what the base Brier score always says. */
  readonly trainingBaseRate: number;
}
export function evaluateClassification({
  labels,
  probabilities: p,
  trainingBaseRate,
}: ClassificationInput): ClassificationMetrics {
  const n = labels.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => p[b] - p[a] || a - b);
  let tp = 0,
    fp = 0,
    fn = 0,
    tn = 0,
    ll = 0,
    br = 0,
    bb = 0,
    pos = 0;
  for (let i = 0; i < n; i++) {
    const y = labels[i];
    pos += y;
    if (p[i] >= 0.5) y ? tp++ : fp++;
    else y ? fn++ : tn++;
    const q = Math.min(1 - 1e-7, Math.max(1e-7, p[i]));
    ll -= y ? Math.log(q) : Math.log(1 - q);
    br += (p[i] - y) ** 2;
    bb += (trainingBaseRate - y) ** 2;
  }
  let area = 0,
    seenPos = 0,
    ap = 0,
    seen = 0;
  for (let begin = 0; begin < n; ) {
    let end = begin,
      g = 0;
    while (end < n && p[order[end]] === p[order[begin]]) g += labels[order[end++]];
    area += (end - begin - g) * (seenPos + g / 2);
    seenPos += g;
    seen = end;
    ap += (g / Math.max(1, pos)) * (seenPos / seen);
    begin = end;
  }
  const top = Math.max(1, Math.ceil(n / 10));
  let topPos = 0;
  for (let i = 0; i < top; i++) topPos += labels[order[i]];
  const rate = pos / n;
  const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b);
  const calibration = Array.from({ length: 10 }, (_, bin) => {
    const from = n - Math.floor(((bin + 1) * n) / 10),
      to = n - Math.floor((bin * n) / 10);
    let sp = 0,
      sy = 0;
    for (let i = from; i < to; i++) {
      sp += p[order[i]];
      sy += labels[order[i]];
    }
    return { predicted: ratio(sp, to - from), observed: ratio(sy, to - from), count: to - from };
  });
  return {
    roc_auc: ratio(area, pos * (n - pos)),
    pr_auc: ap,
    accuracy: (tp + tn) / n,
    majority_rate: Math.max(rate, 1 - rate),
    churned_recall: ratio(tp, tp + fn),
    precision: ratio(tp, tp + fp),
    f1: ratio(2 * tp, 2 * tp + fp + fn),
    log_loss: ll / n,
    brier: br / n,
    brier_base: bb / n,
    churn_rate: rate,
    confusion_matrix: { tn, fp, fn, tp },
    lift_top_decile: ratio(topPos / top, rate),
    calibration,
  };
}
