/** Rows that stand for those a model scores. They come from the model alone: no customer is in them. */
import { sharedColumnOf } from '../dataset/column-rows.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { type TreeEnsemble, thresholdsOf } from './tree.ts';

const ROWS = 9;

/** Of every feature the tenths of the values at which the trees split, lowest first; zero if none does. */
export function thresholdSample({ featureNames, trees }: TreeEnsemble): FeatureMatrix {
  const columns = thresholdsOf(trees, featureNames.length).map((ofFeature) => {
    const thresholds = ofFeature.sort((a, b) => a - b);
    return sharedColumnOf(
      Array.from({ length: ROWS }, (_row, row) => {
        const place = Math.floor((thresholds.length * (row + 1)) / (ROWS + 1));
        return thresholds[place] ?? 0;
      }),
    );
  });
  return { featureNames, rowCount: ROWS, columns };
}
