import type { LabelledDataset } from '../../src/dataset/feature-matrix.ts';
import { longestListOf } from '../../src/gbdt/booster-request.ts';
import { type BoosterOptions, boosterParamsSchema } from '../../src/gbdt/params.ts';
import { PlainKernel } from '../../src/gbdt/plain-kernel.ts';
import { sampledFeatureCount } from '../../src/gbdt/sampling.ts';
import { type ShardData, type ShardTask, trainShard } from '../../src/gbdt/shard-trainer.ts';
import {
  allocateTrainingMemory,
  clearTrainingMemory,
  layOutTrainingMemory,
  type TrainingShape,
} from '../../src/gbdt/training-memory.ts';
import type { TreeEnsemble } from '../../src/gbdt/tree.ts';
import { WasmKernel } from '../../src/gbdt/wasm-kernel.ts';

export function shared(values: ArrayLike<number>): Float32Array<SharedArrayBuffer> {
  const array = new Float32Array(new SharedArrayBuffer(values.length * 4));
  array.set(values);
  return array;
}

export interface DatasetOptions {
  readonly rows: number;
  readonly features: number;
  /** Distinct values per feature. */
  readonly levels: number;
  readonly missingShare: number;
  readonly isWeighted: boolean;
  /** Whether labels are probabilities instead of outcomes. */
  readonly hasSoftLabels?: boolean;
}

/** Rows whose label depends on the first two features, and on whether the first is missing. */
export function makeDataset(options: DatasetOptions, random: () => number): LabelledDataset {
  const { rows, features, levels, missingShare, isWeighted, hasSoftLabels = false } = options;
  const drawRows = (draw: (row: number) => number) =>
    shared(Array.from({ length: rows }, (_, row) => draw(row)));
  const columns = Array.from({ length: features }, () =>
    drawRows(() => (random() < missingShare ? Number.NaN : Math.floor(random() * levels) / levels)),
  );
  const signal = (row: number) => {
    const first = columns[0][row];
    const second = columns[1 % features][row];
    return (Number.isNaN(first) ? 1.5 : 4 * first - 2) - (Number.isNaN(second) ? 0 : 2 * second - 1);
  };
  const labels = drawRows((row) => {
    const probability = 1 / (1 + Math.exp(-signal(row)));
    if (hasSoftLabels) return probability;
    return random() < probability ? 1 : 0;
  });
  return {
    featureNames: columns.map((_, feature) => `f${feature}`),
    rowCount: rows,
    columns,
    labels,
    ...(isWeighted && { weights: drawRows(() => random() * 3) }),
  };
}

export interface GrowOptions {
  readonly kernel: 'plain' | WebAssembly.Module;
  readonly validation?: LabelledDataset;
  readonly baseScore?: number;
  /** The row that each list begins at, for trees that rank. */
  readonly listStarts?: Uint32Array;
  /** A memory that another training may have used. */
  readonly memory?: WebAssembly.Memory;
}

export interface GrownEnsemble extends TreeEnsemble {
  readonly validationLogLoss: readonly number[];
}

/** The trees that the learner grows on the test's own thread. */
export function growTrees(
  train: LabelledDataset,
  options: BoosterOptions,
  { kernel, validation, baseScore = 0, memory, listStarts }: GrowOptions,
): GrownEnsemble {
  const params = boosterParamsSchema.parse(options);
  const shape: TrainingShape = {
    rowCount: train.rowCount,
    validationRowCount: validation?.rowCount ?? 0,
    featureCount: train.featureNames.length,
    threads: 1,
    maxDepth: params.max_depth,
    isWeighted: train.weights !== undefined,
    featuresPerTree: sampledFeatureCount(train.featureNames.length, params.colsample_bytree),
    longestList: longestListOf(listStarts, train.rowCount),
  };
  const wasmMemory = memory ?? allocateTrainingMemory(shape);
  const laidOut = layOutTrainingMemory(shape, wasmMemory);
  clearTrainingMemory(laidOut);
  const task: ShardTask = {
    thread: 0,
    shape,
    params,
    baseScore,
    train: shardOf(train),
    validation: validation ? shardOf(validation) : noRows(train),
    listStarts,
  };
  const context = { memory: laidOut, shape, thread: 0 };
  const treeKernel =
    kernel === 'plain' ? new PlainKernel(context) : new WasmKernel(context, kernel, wasmMemory);
  const { trees, validationLogLoss } = trainShard(laidOut, treeKernel, task, () => undefined);
  return { featureNames: train.featureNames, baseScore, trees, validationLogLoss };
}

function shardOf({ columns, labels, weights }: LabelledDataset): ShardData {
  return { columns, labels, weights: weights ?? new Float32Array(0) };
}

function noRows({ columns }: LabelledDataset): ShardData {
  const empty = new Float32Array(0);
  return { columns: columns.map(() => empty), labels: empty, weights: empty };
}
