import type { LabelledDataset } from '../dataset/feature-matrix.ts';
import type { Warning } from '../registry/card-figures.ts';
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
    const score = rocAuc(dataset.labels, values, dataset.weights);
    return { feature, rocAuc: Math.max(score, 1 - score) };
  });
}

/** One warning for the strongest feature if it all but gives the label away; `advice` ends its sentence. */
export function leakageWarnings(scores: readonly SingleFeatureScore[], advice: string): Warning[] {
  const strongest = scores.reduce((best, score) => (score.rocAuc > best.rocAuc ? score : best));
  if (strongest.rocAuc <= SUSPICIOUS_ROC_AUC) return [];
  const found = `${strongest.feature} alone reaches ROC-AUC ${strongest.rocAuc.toFixed(3)}`;
  return [{ code: 'LEAKAGE', message: `${found}${advice}` }];
}
