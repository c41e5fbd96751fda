import type { ColumnTable } from '../data/data-source.ts';
import type { FeatureMatrix, LabelledDataset } from './feature-matrix.ts';

/**
 * Picks the named columns of a table, in the order named, and of them the rows at `indices`, all by default. Shares no
 * memory with the table, and takes one column at a time.
 */
export function toFeatureMatrix(
  table: ColumnTable,
  featureNames: readonly string[],
  indices?: Uint32Array,
): FeatureMatrix {
  const rows = indices === undefined ? table : table.pick(indices);
  return { featureNames, rowCount: rows.rowCount, columns: featureNames.map((name) => rows.float32(name)) };
}

/** At most `most` rows from a row on, in the memory of the matrix. */
export function rowsFrom(matrix: FeatureMatrix, first: number, most: number): FeatureMatrix {
  const end = Math.min(matrix.rowCount, first + most);
  const columns = matrix.columns.map((column) => column.subarray(first, end));
  return { featureNames: matrix.featureNames, rowCount: end - first, columns };
}

/** The values row by row, of each row as many as there are columns. */
export function rowMajor({ columns, rowCount }: FeatureMatrix): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(rowCount * columns.length);
  for (const [feature, column] of columns.entries()) {
    for (let row = 0; row < rowCount; row++) rows[row * columns.length + feature] = column[row];
  }
  return rows;
}

/** The column of a feature. @throws RangeError if there is no such feature */
export function columnOf(
  { featureNames, columns }: FeatureMatrix,
  name: string,
): FeatureMatrix['columns'][number] {
  const column = columns[featureNames.indexOf(name)];
  if (column === undefined) throw new RangeError(`no feature ${name}`);
  return column;
}

/** The rows that `isWanted` is true of, ascending. */
export function rowsWhere(rowCount: number, isWanted: (row: number) => boolean): Uint32Array {
  const wanted = new Uint32Array(rowCount);
  let count = 0;
  for (let row = 0; row < rowCount; row++) if (isWanted(row)) wanted[count++] = row;
  return wanted.slice(0, count);
}

/** At most `most` rows, spread evenly: all rows if there are no more. */
export function thinRows(matrix: FeatureMatrix, most: number): FeatureMatrix {
  if (matrix.rowCount <= most) return matrix;
  return pickRows(matrix, evenRows(matrix.rowCount, most));
}

/** The same of labelled rows. */
export function thinLabelledRows(dataset: LabelledDataset, most: number): LabelledDataset {
  return dataset.rowCount <= most ? dataset : selectRows(dataset, evenRows(dataset.rowCount, most));
}

/** At most `most` of the rows at `indices`, spread evenly: `thinLabelledRows` of these rows, without a copy of all. */
export function selectThinned(dataset: LabelledDataset, indices: Uint32Array, most: number): LabelledDataset {
  return selectRows(
    dataset,
    evenRows(indices.length, most).map((at) => indices[at]),
  );
}

/**
 * Indices of at most `most` of `rowCount` rows, evenly spread. The steps between them are no whole number on purpose:
 * slices of the same customers one after the other would else give the same customers again and again.
 */
function evenRows(rowCount: number, most: number): Uint32Array {
  const count = Math.min(rowCount, most);
  return Uint32Array.from({ length: count }, (_, i) => Math.floor((i * rowCount) / count));
}

/** The values at `indices`, in that order, in shared memory. */
export function columnAt(column: Float32Array, indices: Uint32Array): Float32Array<SharedArrayBuffer> {
  const picked = sharedColumn(indices.length);
  for (let row = 0; row < indices.length; row++) picked[row] = column[indices[row]];
  return picked;
}

/** The rows that `isWanted` is true of, in their order. */
export function filterRows(matrix: FeatureMatrix, isWanted: (row: number) => boolean): FeatureMatrix {
  return pickRows(matrix, rowsWhere(matrix.rowCount, isWanted));
}

/** The rows at `indices`, in that order, without labels. */
export function pickRows({ featureNames, columns }: FeatureMatrix, indices: Uint32Array): FeatureMatrix {
  return {
    featureNames,
    rowCount: indices.length,
    columns: columns.map((column) => columnAt(column, indices)),
  };
}

/** The rows at `indices`, in that order, in shared memory of their own. */
export function selectRows(dataset: LabelledDataset, indices: Uint32Array): LabelledDataset {
  return {
    featureNames: dataset.featureNames,
    rowCount: indices.length,
    columns: dataset.columns.map((column) => columnAt(column, indices)),
    labels: columnAt(dataset.labels, indices),
    ...(dataset.weights && { weights: columnAt(dataset.weights, indices) }),
  };
}

/** Only the named features, in that order; columns are shared with the original. */
export function selectFeatures(dataset: LabelledDataset, featureNames: readonly string[]): LabelledDataset {
  return { ...dataset, ...pickFeatures(dataset, featureNames) };
}

/** The same without labels. */
export function pickFeatures(matrix: FeatureMatrix, featureNames: readonly string[]): FeatureMatrix {
  const columns = featureNames.map((name) => columnOf(matrix, name));
  return { featureNames, rowCount: matrix.rowCount, columns };
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
    ...(first.weights && {
      weights: join(slices.map(({ weights, rowCount: rows }) => weights ?? new Float32Array(rows).fill(1))),
    }),
  };
}

/** The same, at most `most` of the rows, spread evenly: `thinLabelledRows` of all, without a copy of all. */
export function concatThinned(slices: readonly LabelledDataset[], most: number): LabelledDataset {
  const rowCount = slices.reduce((rows, slice) => rows + slice.rowCount, 0);
  if (rowCount <= most) return concatDatasets(slices);
  const rows = evenRows(rowCount, most);
  let [first, next] = [0, 0];
  const parts = slices.map((slice) => {
    const end = first + slice.rowCount;
    const from = next;
    while (next < rows.length && rows[next] < end) next++;
    const start = first;
    first = end;
    return selectRows(
      slice,
      rows.subarray(from, next).map((row) => row - start),
    );
  });
  return concatDatasets(parts);
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
