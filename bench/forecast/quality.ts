import { calibrationBins } from '../../src/metrics/calibration.ts';
import { brierScore, logLoss } from '../../src/metrics/classification.ts';
import { meanOf } from '../../src/metrics/mean.ts';
import { rocAuc, tieGroupsOf } from '../../src/metrics/ranked-scores.ts';

/** How a set of probabilities turned out. */
export interface Quality {
  readonly customers: number;
  readonly churnRate: number;
  readonly rocAuc: number;
  readonly brier: number;
  readonly logLoss: number;
  /** Mean over ten bins, weighed by customers, of |said − happened|. */
  readonly calibrationError: number;
  /** Mean probability less the share that churned. */
  readonly bias: number;
}

export function qualityOf(labels: ArrayLike<number>, probabilities: ArrayLike<number>): Quality {
  const customers = labels.length;
  const bins = calibrationBins(tieGroupsOf(labels, probabilities));
  const churnRate = meanOf(labels);
  return {
    customers,
    churnRate,
    rocAuc: rocAuc(labels, probabilities),
    brier: brierScore(labels, (row) => probabilities[row]),
    logLoss: logLoss(labels, probabilities),
    calibrationError:
      bins.reduce((sum, { predicted, observed, count }) => sum + count * Math.abs(predicted - observed), 0) /
      customers,
    bias: meanOf(probabilities) - churnRate,
  };
}
