/** What a Piscina worker runs: one thread's share of a training, over memory shared with the others. */
import type { MessagePort } from 'node:worker_threads';
import { type ShardResult, type ShardTask, trainShard } from '../gbdt/shard-trainer.ts';
import { layOutTrainingMemory } from '../gbdt/training-memory.ts';

export interface WorkerTask extends ShardTask {
  readonly buffer: SharedArrayBuffer;
  /** Where thread 0 reports each tree. */
  readonly progressPort: MessagePort | undefined;
}

export interface TreeMessage {
  readonly tree: number;
  readonly validationLogLoss: number | undefined;
}

/** All threads find the same trees; only thread 0 sends them back. */
export default function runShard(task: WorkerTask): ShardResult | undefined {
  const memory = layOutTrainingMemory(task.shape, task.buffer);
  const result = trainShard(memory, task, (tree, validationLogLoss) => {
    task.progressPort?.postMessage({ tree, validationLogLoss } satisfies TreeMessage);
  });
  task.progressPort?.close();
  return task.thread === 0 ? result : undefined;
}
