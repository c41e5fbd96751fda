import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import type { ScoringModel } from './scoring-model.ts';

/** One worker's share of a batch: rows `from` … `to − 1`, whose probabilities go to the same positions of the output. */
export interface ScoringTask {
  readonly model: ScoringModel;
  /** Columns in shared memory. */
  readonly features: FeatureMatrix;
  readonly from: number;
  readonly to: number;
  readonly probabilities: Float32Array<SharedArrayBuffer>;
  /** Written too if they are wanted. */
  readonly rankScores?: Float64Array<SharedArrayBuffer> | undefined;
  /** One number: 0 until the call is cancelled. */
  readonly cancelled: Int32Array<SharedArrayBuffer>;
}
