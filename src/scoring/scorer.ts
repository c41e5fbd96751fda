import type { FeatureMatrix } from '../dataset/feature-matrix.ts';

/** An ONNX model ready to score. Scores do not depend on batch size or thread count. */
export interface Scorer {
  /** Those of the model: one that an earlier version of churn-mcp trained may take fewer. */
  readonly featureNames: readonly string[];
  /** Probability of the positive class per row. The matrix must have exactly the model's features, in order. */
  score(features: FeatureMatrix, signal?: AbortSignal): Promise<Float32Array>;
  /** The same with the scores that rows are ranked by: the raw scores, if the model ranks by nothing else. */
  rank(features: FeatureMatrix, signal?: AbortSignal): Promise<Scores>;
}

/** Per row. The order of rank scores need not be that of the probabilities. */
export interface Scores {
  readonly probabilities: Float32Array;
  readonly rankScores: Float64Array;
}
