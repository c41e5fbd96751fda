import type { LabelledDataset } from '../dataset/feature-matrix.ts';
import type { Warning } from '../registry/model-card.ts';
import { rocAuc } from './ranked-scores.ts';

/** A single feature that ranks this well knows the label, not the future. */
const SUSPICIOUS_ROC_AUC = 0.95;

export interface SingleFeatureScore {
  readonly feature: string;
  /** ROC-AUC of the feature alone as the score, in whichever direction is better; at least 0.5. */
  readonly rocAuc: number;
}

/** What each feature alone would score. A missing value ranks below every value. */
export function singleFeatureScores(dataset: LabelledDataset): SingleFeatureScore[] {
  return dataset.featureNames.map((feature, index) => {
    const values = dataset.columns[index].map((value) => (Number.isNaN(value) ? -Infinity : value));
    const score = rocAuc(dataset.labels, values);
    return { feature, rocAuc: Math.max(score, 1 - score) };
  });
}

/** One warning for the strongest feature, if it nearly gives the label away. */
export function leakageWarnings(
  scores: readonly SingleFeatureScore[],
  label: 'inactivity' | 'forward' | 'column',
): Warning[] {
  const strongest = scores.reduce((best, score) => (score.rocAuc > best.rocAuc ? score : best));
  if (strongest.rocAuc <= SUSPICIOUS_ROC_AUC) return [];
  const found = `${strongest.feature} alone reaches ROC-AUC ${strongest.rocAuc.toFixed(3)}`;
  return [{ code: 'LEAKAGE', message: `${found}${LEAKAGE_ADVICE[label]}` }];
}

const LEAKAGE_ADVICE = {
  inactivity:
    ', so it all but states the label and the score says little about who will leave next: train with label "forward" ' +
    'to predict that.',
  forward:
    ' on what happened later, so ranking customers by it does nearly as well as this model: compare the two before ' +
    'relying on the model.',
  column:
    ', so it may have been written down after customers left: if it is not known before, leave the column out of the ' +
    'file.',
} as const;

/** The inactivity label describes the past, whatever the model scores. */
export function inactivityWarning(churnThresholdDays: number): Warning {
  return {
    code: 'INACTIVITY_LABEL',
    message:
      `This label says who has not ordered for more than ${churnThresholdDays} days, which is already known, and not ` +
      'who will stop ordering: train with label "forward" before acting on it.',
  };
}
