import type { ColumnTable } from '../data/data-source.ts';
import type { FeatureMatrix, LabelledDataset } from './feature-matrix.ts';

/** Picks the named columns of a table, in the order named. Shares no memory with the table. */
export function toFeatureMatrix(table: ColumnTable, featureNames: readonly string[]): FeatureMatrix {
  return {
    featureNames,
    rowCount: table.rowCount,
    columns: featureNames.map((name) => table.float32(name)),
  };
}

/** Every nth row, so that at most `most` are left: all where there are no more. */
export function thinRows(matrix: FeatureMatrix, most: number): FeatureMatrix {
  const step = Math.ceil(matrix.rowCount / most);
  if (step <= 1) return matrix;
  const rowCount = Math.ceil(matrix.rowCount / step);
  const columns = matrix.columns.map((column) => {
    const thinned = sharedColumn(rowCount);
    for (let row = 0; row < rowCount; row++) thinned[row] = column[row * step];
    return thinned;
  });
  return { ...matrix, rowCount, columns };
}

/** The rows that `isWanted` is true of, in their order. */
export function filterRows(matrix: FeatureMatrix, isWanted: (row: number) => boolean): FeatureMatrix {
  const wanted: number[] = [];
  for (let row = 0; row < matrix.rowCount; row++) if (isWanted(row)) wanted.push(row);
  const columns = matrix.columns.map((column) => sharedColumnOf(wanted.map((row) => column[row])));
  return { ...matrix, rowCount: wanted.length, columns };
}

/** The rows at `indices`, in that order, in shared memory of their own. */
export function selectRows(dataset: LabelledDataset, indices: Uint32Array): LabelledDataset {
  const pick = (column: Float32Array) => {
    const picked = sharedColumn(indices.length);
    for (let row = 0; row < indices.length; row++) picked[row] = column[indices[row]];
    return picked;
  };
  return {
    featureNames: dataset.featureNames,
    rowCount: indices.length,
    columns: dataset.columns.map(pick),
    labels: pick(dataset.labels),
    ...(dataset.weights && { weights: pick(dataset.weights) }),
  };
}

/** Only the named features, in that order; columns are shared with the original. */
export function selectFeatures(dataset: LabelledDataset, featureNames: readonly string[]): LabelledDataset {
  const columns = featureNames.map((name) => {
    const column = dataset.columns[dataset.featureNames.indexOf(name)];
    if (column === undefined) throw new RangeError(`no feature ${name}`);
    return column;
  });
  return { ...dataset, featureNames, columns };
}

/** Rows of several slices with the same features, one after the other. */
export function concatDatasets(slices: readonly LabelledDataset[]): LabelledDataset {
  const [first] = slices;
  if (first === undefined) throw new RangeError('nothing to concatenate');
  const rowCount = slices.reduce((rows, slice) => rows + slice.rowCount, 0);
  const join = (parts: readonly Float32Array[]) => {
    const joined = sharedColumn(rowCount);
    let row = 0;
    for (const part of parts) {
      joined.set(part, row);
      row += part.length;
    }
    return joined;
  };
  return {
    featureNames: first.featureNames,
    rowCount,
    columns: first.featureNames.map((_, feature) => join(slices.map((slice) => slice.columns[feature]))),
    labels: join(slices.map((slice) => slice.labels)),
  };
}

/** Values in shared memory. */
export function sharedColumnOf(values: ArrayLike<number>): Float32Array<SharedArrayBuffer> {
  const column = sharedColumn(values.length);
  column.set(values);
  return column;
}

export function sharedColumn(rowCount: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(rowCount * Float32Array.BYTES_PER_ELEMENT));
}
