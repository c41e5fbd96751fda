/**
 * A column-major table of features: `columns[f][row]`, float32, in shared memory so that training workers read it
 * without a copy. NaN is a missing value.
 */
export interface FeatureMatrix {
  readonly featureNames: readonly string[];
  readonly rowCount: number;
  readonly columns: readonly Float32Array<SharedArrayBuffer>[];
}

/** A feature matrix with what is to be learnt: `labels[row]` is 0 or 1, or a probability to be learnt;
 * `weights`, if given, multiply the loss. */
export interface LabelledDataset extends FeatureMatrix {
  readonly labels: Float32Array<SharedArrayBuffer>;
  readonly weights?: Float32Array<SharedArrayBuffer>;
}
