import type { MessagePort } from 'node:worker_threads';
import type { ShardTask } from '../../gbdt/shard-trainer.ts';

/** What a training thread is given. */
export interface WorkerTask extends ShardTask {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  /** Where thread 0 reports each tree, and `ALL_REPORTED` after the last. */
  readonly progressPort: MessagePort | undefined;
}

export const ALL_REPORTED = 'all reported';

export type WorkerMessage =
  | typeof ALL_REPORTED
  | { readonly tree: number; readonly validationLogLoss?: number; readonly validationRocAuc?: number };
