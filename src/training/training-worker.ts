/** What a Piscina worker runs: one thread's share of a training, over memory shared with the others. */
import type { MessagePort } from 'node:worker_threads';
import { type ShardResult, type ShardTask, trainShard } from '../gbdt/shard-trainer.ts';
import { layOutTrainingMemory } from '../gbdt/training-memory.ts';
import { createWasmKernel } from '../gbdt/wasm-kernel.ts';

export interface WorkerTask extends ShardTask {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  /** Where thread 0 reports each tree. */
  readonly progressPort: MessagePort | undefined;
}

export interface TreeMessage {
  readonly tree: number;
  readonly validationLogLoss: number | undefined;
}

/** All threads find the same trees; only thread 0 sends them back. */
export default function runShard(task: WorkerTask): ShardResult | undefined {
  const memory = layOutTrainingMemory(task.shape, task.memory);
  const kernel = createWasmKernel(task.module, task.memory, memory, task.shape, task.thread);
  const result = trainShard(memory, kernel, task, (tree, validationLogLoss) => {
    task.progressPort?.postMessage({ tree, validationLogLoss } satisfies TreeMessage);
  });
  task.progressPort?.close();
  return task.thread === 0 ? result : undefined;
}
