/** Shares a machine's threads out among trainings: one alone has all of them, several at once have one each. */
import { setImmediate } from 'node:timers/promises';
import type {
  BoosterRequest,
  BoosterResult,
  BoosterTrainer,
  TrainEachOptions,
  TrainEachResult,
} from '../../gbdt/booster.ts';

export interface SharedThreads {
  readonly threads: number;
  /** A trainer on so many threads, one training at a time. */
  readonly open: (threads: number) => BoosterTrainer;
}

/**
 * Threads of one training wait for each other at every level of every tree. Two trainings on a thread each never wait, so
 * both are done sooner than one after the other. Trees do not depend on threads.
 */
export class SideBySideTrainer implements BoosterTrainer {
  readonly #threads: number;
  readonly #wide: BoosterTrainer;
  readonly #narrow: readonly BoosterTrainer[];
  /** Those of one thread that have nothing to do; none while one training has all threads. */
  #idle: BoosterTrainer[];
  readonly #waiting: ((trainer: BoosterTrainer) => void)[] = [];

  constructor({ threads, open }: SharedThreads) {
    this.#threads = threads;
    this.#wide = open(threads);
    this.#narrow = Array.from({ length: threads }, () => open(1));
    this.#idle = [...this.#narrow];
  }

  async train(request: BoosterRequest): Promise<BoosterResult> {
    const given = new Promise<BoosterTrainer>((resolve) => this.#waiting.push(resolve));
    // Who else asks in this turn of the event loop trains beside this one.
    await setImmediate();
    this.#share();
    const trainer = await given;
    try {
      return await trainer.train(request);
    } finally {
      this.#idle = trainer === this.#wide ? [...this.#narrow] : [...this.#idle, trainer];
      this.#share();
    }
  }

  trainEach(requests: readonly BoosterRequest[], options?: TrainEachOptions): Promise<TrainEachResult> {
    return this.#wide.trainEach(requests, options);
  }

  #share(): void {
    if (this.#waiting.length === 1 && this.#idle.length === this.#threads) {
      this.#idle = [];
      this.#waiting.shift()?.(this.#wide);
    }
    while (this.#waiting.length > 0) {
      const trainer = this.#idle.shift();
      if (trainer === undefined) return;
      this.#waiting.shift()?.(trainer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#wide, ...this.#narrow].map((trainer) => trainer[Symbol.asyncDispose]()));
  }
}
