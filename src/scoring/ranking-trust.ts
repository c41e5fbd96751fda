/** How far the order of a model's scores can be relied on, by the customers it was judged on. */
import { NORMAL_95 } from '../metrics/roc-comparison.ts';
import type { Baselines, DetailFields } from '../registry/card-details.ts';
import type { ModelCard } from '../registry/model-card.ts';

/** With fewer of either class, the figure is shown with its interval. */
const FEW_OF_A_CLASS = 30;
/** Figures are shown with two decimals, so a smaller lead does not count. */
const LEAST_LEAD = 0.005;
/** What a forward model gives way to if it ranks better by more than chance explains. */
const RULES = ['recency_rule', 'logistic_regression', 'bg_nbd'] as const;

export interface JudgedRule {
  readonly rule: (typeof RULES)[number];
  readonly rocAuc: number;
}

export interface RankingTrust {
  readonly rocAuc: number;
  readonly positives: number;
  readonly negatives: number;
  /** True if the model ranks no better than chance. */
  readonly isChance: boolean;
  /** The rule that ranked best, if it ranked better than the model. */
  readonly better: JudgedRule | undefined;
  /** The 95 % interval of the ROC-AUC, if one of the classes has few customers. */
  readonly interval: { readonly low: number; readonly high: number } | undefined;
}

export function rankingTrustOf({ metrics, details }: ModelCard): RankingTrust {
  const { tn, fp, fn, tp } = metrics.confusion_matrix;
  const { roc_auc: rocAuc } = metrics;
  const [positives, negatives] = [tp + fn, tn + fp];
  const { baselines = {} }: DetailFields = details;
  const best = bestRule(baselines);
  return {
    rocAuc,
    positives,
    negatives,
    isChance: rocAuc <= 0.5,
    better: best !== undefined && best.rocAuc >= rocAuc + LEAST_LEAD ? best : undefined,
    interval:
      Math.min(positives, negatives) < FEW_OF_A_CLASS ? intervalOf(rocAuc, positives, negatives) : undefined,
  };
}

/** The simple rule that ranked best; undefined if none was judged. */
export function bestRule(baselines: Baselines): JudgedRule | undefined {
  return RULES.flatMap((rule) => {
    const found = baselines[rule];
    return found === undefined ? [] : [{ rule, rocAuc: found.roc_auc }];
  })
    .sort((one, other) => other.rocAuc - one.rocAuc)
    .at(0);
}

/** Hanley and McNeil, "The meaning and use of the area under a ROC curve", Radiology 143 (1982). */
function intervalOf(area: number, positives: number, negatives: number) {
  const q1 = area / (2 - area);
  const q2 = (2 * area * area) / (1 + area);
  const variance =
    (area * (1 - area) + (positives - 1) * (q1 - area * area) + (negatives - 1) * (q2 - area * area)) /
    (positives * negatives);
  const half = NORMAL_95 * Math.sqrt(Math.max(variance, 0));
  return { low: Math.max(area - half, 0), high: Math.min(area + half, 1) };
}
