/** Shares a machine's threads out among trainings: one alone has all of them, several at once have one each. */
import { setImmediate } from 'node:timers/promises';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import type {
  BoosterRequest,
  BoosterResult,
  BoosterTrainer,
  TrainEachOptions,
  TrainEachResult,
} from '../../gbdt/booster.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';

/** Threads that do one thing at a time. */
export type ThreadPool = Required<Pick<BoosterTrainer, 'train' | 'trainEach' | 'regress'>> & AsyncDisposable;

export interface SharedThreads {
  readonly threads: number;
  /** How many threads a training of so many rows is worth. */
  readonly worthOf: (train: LabelledDataset) => number;
  readonly open: (threads: number) => ThreadPool;
}

/** A training that has no threads yet. */
interface Waiting {
  readonly worth: number;
  readonly give: (pool: ThreadPool) => void;
}

/**
 * Threads of one training wait for each other at every level of every tree. Two trainings on a thread each never wait, so
 * both are done sooner than one after the other. What is worth one thread alone gets one that the trainings beside and after
 * it use too: each thread compiles what it runs anew. Trees do not depend on threads.
 */
export class SideBySideTrainer implements BoosterTrainer {
  readonly #threads: number;
  readonly #wide: ThreadPool;
  readonly #narrow: readonly ThreadPool[];
  /** Those of one thread that have nothing to do; none while one training has all threads. */
  #idle: ThreadPool[];
  readonly #waiting: Waiting[] = [];
  readonly #worthOf: SharedThreads['worthOf'];

  constructor({ threads, worthOf, open }: SharedThreads) {
    this.#threads = threads;
    this.#worthOf = worthOf;
    this.#wide = open(threads);
    this.#narrow = Array.from({ length: threads }, () => open(1));
    this.#idle = [...this.#narrow];
  }

  train(request: BoosterRequest): Promise<BoosterResult> {
    return this.#onThreads(this.#worthOf(request.train), (pool) => pool.train(request));
  }

  regress(train: LabelledDataset): Promise<TreeEnsemble> {
    return this.#onThreads(1, (pool) => pool.regress(train));
  }

  trainEach(requests: readonly BoosterRequest[], options?: TrainEachOptions): Promise<TrainEachResult> {
    return this.#wide.trainEach(requests, options);
  }

  async #onThreads<Result>(worth: number, work: (pool: ThreadPool) => Promise<Result>): Promise<Result> {
    const given = new Promise<ThreadPool>((give) => this.#waiting.push({ worth, give }));
    // Who else asks in this turn of the event loop trains beside this one.
    await setImmediate();
    this.#share();
    const pool = await given;
    try {
      return await work(pool);
    } finally {
      this.#idle = pool === this.#wide ? [...this.#narrow] : [...this.#idle, pool];
      this.#share();
    }
  }

  #share(): void {
    const isAlone = this.#waiting.length === 1 && this.#idle.length === this.#threads;
    if (isAlone && this.#waiting[0].worth > 1) {
      this.#idle = [];
      this.#waiting.shift()?.give(this.#wide);
    }
    while (this.#waiting.length > 0) {
      const pool = this.#idle.shift();
      if (pool === undefined) return;
      this.#waiting.shift()?.give(pool);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#wide, ...this.#narrow].map((pool) => pool[Symbol.asyncDispose]()));
  }
}
