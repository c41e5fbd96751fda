/** What a Piscina worker runs: one thread's share of a training, over memory shared with the others. */
import { fitLogisticRegression } from '../../baselines/logistic-regression.ts';
import { logisticTrees } from '../../baselines/logistic-trees.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { type ShardResult, trainShard } from '../../gbdt/shard-trainer.ts';
import { layOutTrainingMemory } from '../../gbdt/training-memory.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import { WasmKernel } from '../../gbdt/wasm-kernel.ts';
import { rocAuc } from '../../metrics/ranked-scores.ts';
import { ALL_REPORTED, type WorkerMessage, type WorkerTask } from './worker-task.ts';

/** All threads find the same trees; only thread 0 sends them back. */
export default function runShard(task: WorkerTask): ShardResult | undefined {
  const { shape, thread, progressPort } = task;
  const memory = layOutTrainingMemory(shape, task.memory);
  const kernel = new WasmKernel({ memory, shape, thread }, task.module, task.memory);
  const report = (message: WorkerMessage) => progressPort?.postMessage(message);
  const measureRocAuc = progressPort
    ? sampledRocAuc(memory.validationRawScores, task.validation.labels)
    : undefined;
  const result = trainShard(memory, kernel, task, (tree, validationLogLoss) => {
    if (validationLogLoss === undefined) return report({ tree });
    const validationRocAuc = measureRocAuc?.();
    report({ tree, validationLogLoss, ...(validationRocAuc !== undefined && { validationRocAuc }) });
  });
  report(ALL_REPORTED);
  return thread === 0 ? result : undefined;
}

/** Nothing: the thread has started once it is done. */
export function start(): void {}

/** A logistic regression of the rows, as trees. */
export function regress(train: LabelledDataset): TreeEnsemble {
  return logisticTrees(fitLogisticRegression(train), train);
}

const SAMPLED_ROWS = 10_000;
const MEASURED_EVERY_MS = 250;

/**
 * ROC-AUC of a sample of the validation rows by the trees so far, measured now and then. The other threads wait at the
 * next tree's barrier meanwhile, so nothing changes under it.
 */
function sampledRocAuc(rawScores: Float32Array, labels: Float32Array): () => number | undefined {
  const step = Math.max(1, Math.ceil(labels.length / SAMPLED_ROWS));
  const sample = (values: Float32Array) => values.filter((_, row) => row < labels.length && row % step === 0);
  const sampledLabels = sample(labels);
  const hasBoth = sampledLabels.includes(0) && sampledLabels.includes(1);
  let latest: number | undefined;
  let measured = Number.NEGATIVE_INFINITY;
  return () => {
    if (!hasBoth || performance.now() - measured < MEASURED_EVERY_MS) return latest;
    latest = rocAuc(sampledLabels, sample(rawScores));
    measured = performance.now();
    return latest;
  };
}
