import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Shape {
  readonly rows: number;
  readonly features: number;
}

/** Reproducible numbers in (0, 1). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

const WEIGHTS = [1, -0.7, 0.5, 0.3, 0, 0];

/**
 * Writes `columns.f32` (feature after feature) and `labels.f32` to a folder: normal features, a label that depends on
 * four of six linearly and on two together, so that there is something to learn and noise to overfit.
 */
export function writeTrainingData(folder: string, { rows, features }: Shape): void {
  const random = createRandom(12_345);
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const columns = new Float32Array(rows * features);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let score = -0.5;
    for (let feature = 0; feature < features; feature++) {
      const value = normal();
      columns[feature * rows + row] = value;
      score += value * WEIGHTS[feature % WEIGHTS.length];
    }
    score += columns[row] * columns[rows + row] * 0.8;
    labels[row] = random() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
  }
  writeFileSync(join(folder, 'columns.f32'), columns);
  writeFileSync(join(folder, 'labels.f32'), labels);
}

/** Reads them back into shared memory, column by column and without a copy, as an import does. */
export function readTrainingData(folder: string, { rows, features }: Shape) {
  const columns = Array.from({ length: features }, (_, feature) =>
    readShared(join(folder, 'columns.f32'), feature * rows, rows),
  );
  return { columns, labels: readShared(join(folder, 'labels.f32'), 0, rows) };
}

function readShared(file: string, from: number, length: number): Float32Array<SharedArrayBuffer> {
  const values = new Float32Array(new SharedArrayBuffer(length * 4));
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, values, 0, length * 4, from * 4);
  } finally {
    closeSync(descriptor);
  }
  return values;
}
