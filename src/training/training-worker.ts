/** What a Piscina worker runs: one thread's share of a training, over memory shared with the others. */
import { type ShardResult, trainShard } from '../gbdt/shard-trainer.ts';
import { layOutTrainingMemory } from '../gbdt/training-memory.ts';
import { createWasmKernel } from '../gbdt/wasm-kernel.ts';
import { ALL_REPORTED, type WorkerMessage, type WorkerTask } from './worker-task.ts';

/** All threads find the same trees; only thread 0 sends them back. */
export default function runShard(task: WorkerTask): ShardResult | undefined {
  const { shape, thread, progressPort } = task;
  const memory = layOutTrainingMemory(shape, task.memory);
  const kernel = createWasmKernel(task.module, task.memory, memory, shape, thread);
  const report = (message: WorkerMessage) => progressPort?.postMessage(message);
  const result = trainShard(memory, kernel, task, (tree, validationLogLoss) => {
    report(validationLogLoss === undefined ? { tree } : { tree, validationLogLoss });
  });
  report(ALL_REPORTED);
  return thread === 0 ? result : undefined;
}
