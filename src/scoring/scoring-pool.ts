/** Scores large batches on all cores: each thread has a range of the rows. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { sharedColumn } from '../dataset/column-rows.ts';
import { throwIfAborted } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { checkFeatures, type ModelScorer } from './onnx-scorer.ts';
import type { Scorer } from './scorer.ts';
import type { ScoringTask } from './scoring-task.ts';

/** Below this number of rows, one thread finishes before the others have started. */
const LEAST_POOLED_ROWS = 50_000;
const IDLE_TIMEOUT_MS = 5_000;

export class ScoringPool implements AsyncDisposable {
  readonly #threads: number;
  #pool: Piscina | undefined;

  constructor(threads = availableParallelism()) {
    this.#threads = threads;
  }

  /** A scorer with the same scores that gives large batches to the pool. */
  widen(scorer: ModelScorer): Scorer {
    if (this.#threads < 2) return scorer;
    const { model } = scorer;
    return {
      featureNames: scorer.featureNames,
      score: async (features, signal) => {
        if (features.rowCount < LEAST_POOLED_ROWS) return scorer.score(features, signal);
        checkFeatures(features.featureNames, scorer.featureNames);
        const probabilities = sharedColumn(features.rowCount);
        await this.#score({ model, features, probabilities }, signal);
        return probabilities;
      },
      rank: async (features, signal) => {
        if (features.rowCount < LEAST_POOLED_ROWS) return scorer.rank(features, signal);
        checkFeatures(features.featureNames, scorer.featureNames);
        const probabilities = sharedColumn(features.rowCount);
        const rankScores = new Float64Array(new SharedArrayBuffer(features.rowCount * 8));
        await this.#score({ model, features, probabilities, rankScores }, signal);
        return { probabilities, rankScores };
      },
    };
  }

  async #score(
    batch: Omit<ScoringTask, 'from' | 'to' | 'cancelled'>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    throwIfAborted(signal);
    const { features } = batch;
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    const cancel = () => Atomics.store(cancelled, 0, 1);
    signal?.addEventListener('abort', cancel, { once: true });
    this.#pool ??= new Piscina({
      filename: join(packageRoot(), 'dist', 'scoring-worker.js'),
      minThreads: 0,
      maxThreads: this.#threads,
      concurrentTasksPerWorker: 1,
      idleTimeout: IDLE_TIMEOUT_MS,
    });
    const pool = this.#pool;
    const share = Math.ceil(features.rowCount / this.#threads);
    try {
      await Promise.all(
        Array.from({ length: this.#threads }, (_, thread) => {
          const from = Math.min(thread * share, features.rowCount);
          const to = Math.min(from + share, features.rowCount);
          return pool.run({ ...batch, from, to, cancelled } satisfies ScoringTask);
        }),
      );
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
    throwIfAborted(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.destroy();
  }
}
