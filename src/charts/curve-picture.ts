/** The ROC and precision-recall curves of a version as a PNG, for clients that show images but no apps. */
import type { ModelCard } from '../registry/model-card.ts';
import { BLUE, curveAt, dashedAt, drawPanels, ORANGE, shareAxis } from './two-panels.ts';

type Point = readonly [number, number];

/** Undefined if the card is from before curves were kept. */
export async function curvePicture({
  metrics,
  operating_points: points,
}: ModelCard): Promise<Uint8Array | undefined> {
  if (points.length === 0) return undefined;
  const { tn, fp, fn, tp } = metrics.confusion_matrix;
  const [positives, negatives] = [tp + fn, tn + fp];
  const roc: Point[] = [
    [0, 0],
    ...points.map((point): Point => [point.fp / negatives, point.tp / positives]),
    [1, 1],
  ];
  const precisionRecall = points
    .filter((point) => point.tp + point.fp > 0)
    .map((point): Point => [point.tp / positives, point.tp / (point.tp + point.fp)]);
  const rate = metrics.churn_rate;
  return drawPanels({
    titles: [
      `ROC curve, area ${metrics.roc_auc.toFixed(3)}`,
      `Precision and recall, average ${metrics.pr_auc.toFixed(3)}`,
    ],
    xAxis: [shareAxis('false alarms'), shareAxis('caught')],
    yAxis: [shareAxis('caught'), shareAxis('alarms that are right')],
    series: [
      curveAt(0, roc, BLUE),
      // A ranking by chance gives this line.
      dashedAt(0, [
        [0, 0],
        [1, 1],
      ]),
      curveAt(1, precisionRecall, ORANGE),
      dashedAt(1, [
        [0, rate],
        [1, rate],
      ]),
    ],
  });
}
