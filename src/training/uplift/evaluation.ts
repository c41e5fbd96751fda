/** How well an uplift model found whom offers persuaded, on customers that it had not seen. */
import { evaluateClassification } from '../../metrics/classification.ts';
import { meanOf } from '../../metrics/mean.ts';
import { compareQini, gainsAt } from '../../metrics/qini.ts';
import { NORMAL_95 } from '../../metrics/roc-comparison.ts';
import { sumOf } from '../../metrics/sum.ts';
import type { UpliftFigures, Warning } from '../../registry/card-figures.ts';
import { isAheadOfRisk } from '../../scoring/uplift-scores.ts';
import type { Evaluation } from '../training-task.ts';
import type { CampaignRows } from './campaign-rows.ts';

export interface UpliftEvaluation extends Evaluation {
  readonly figures: UpliftFigures;
}

const CURVE_SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** @param uplift of every row, by a model that never saw its customer */
export function evaluateUplift(rows: CampaignRows, uplift: Float64Array): UpliftEvaluation {
  const { trial, risk } = rows;
  const { contacted, outcomes, weights } = trial;
  const labels = Float32Array.from(uplift, (_, row) => (contacted[row] === outcomes[row] ? 1 : 0));
  const probabilities = Float32Array.from(uplift, (each) => Math.max(0, Math.min(1, 0.5 + each / 4)));
  const { one, other, difference } = compareQini(trial, uplift, risk);
  const changes = changesOf(rows);
  const contactedCount = sumOf(contacted);
  const figures: UpliftFigures = {
    contacted: contactedCount,
    held_out: uplift.length - contactedCount,
    effect: effectOf(changes),
    qini: one,
    qini_of_risk: other,
    qini_ahead: difference,
    curve: curveOf(rows, uplift),
    scale: scaleOf(changes, uplift),
  };
  return {
    kind: 'random_split',
    trainingSamples: uplift.length,
    labels,
    probabilities,
    metrics: evaluateClassification({
      labels,
      probabilities,
      weights,
      trainingBaseRate: meanOf(labels, weights),
    }),
    warnings: isAheadOfRisk(figures) ? [] : [NOT_AHEAD],
    figures,
  };
}

const NOT_AHEAD: Warning = {
  code: 'NOT_AHEAD_OF_RISK',
  message:
    'It does not find the customers whom an offer persuades better than the risk to leave does, so no list is ranked by it. More campaigns may teach it.',
};

/**
 * The mean effect on the chance to order: what the contacted and the others did beyond what was expected of each (Robins,
 * Rotnitzky and Zhao, 1994), with its 95 % interval.
 */
function effectOf(changes: Float64Array): UpliftFigures['effect'] {
  const value = meanOf(changes);
  const variance = meanOf(changes.map((change) => (change - value) ** 2)) / changes.length;
  const away = NORMAL_95 * Math.sqrt(variance);
  return { value, low: value - away, high: value + away };
}

/** Of each customer alone all noise; their mean is the effect. */
function changesOf({ trial: { contacted, outcomes, weights }, expected }: CampaignRows): Float64Array {
  return Float64Array.from({ length: weights.length }, (_, row) => {
    const sign = contacted[row] === 1 ? 1 : -1;
    return sign * weights[row] * (outcomes[row] - expected[row]);
  });
}

/** The least-squares line of the changes over what was said; never steeper than said, and flat if there is nothing in it. */
function scaleOf(changes: Float64Array, uplift: Float64Array): UpliftFigures['scale'] {
  const [mean, effect] = [meanOf(uplift), meanOf(changes)];
  let [together, alone] = [0, 0];
  for (let row = 0; row < uplift.length; row++) {
    together += (uplift[row] - mean) * (changes[row] - effect);
    alone += (uplift[row] - mean) ** 2;
  }
  return { mean, slope: alone === 0 ? 0 : Math.max(0, Math.min(1, together / alone)) };
}

function curveOf({ trial, earned }: CampaignRows, uplift: Float64Array): UpliftFigures['curve'] {
  const orders = gainsAt(trial, uplift, CURVE_SHARES);
  const profit = gainsAt({ ...trial, outcomes: earned }, uplift, CURVE_SHARES);
  return CURVE_SHARES.map((share, i) => ({
    share,
    orders: orders[i].value,
    orders_low: orders[i].low,
    orders_high: orders[i].high,
    profit: profit[i].value,
    profit_low: profit[i].low,
    profit_high: profit[i].high,
  }));
}
