/**
 * Where the threads of one training meet: a barrier over `Atomics` that cannot deadlock. A thread that waits looks at
 * the abort flag. Any thread may raise it, to stop or because another thread died, and then every thread leaves.
 */
export const CONTROL_LENGTH = 3;
const GENERATION = 0;
const ARRIVED = 1;
const ABORTED = 2;
/** Spins before a thread sleeps: threads meet every few tens of microseconds, often faster than sleeping and waking. */
const SPINS = 10_000;
/** How long a thread sleeps before it looks again by itself, in case a notification was lost. */
const WAIT_MS = 100;

/** Thrown out of a thread's work when the training was aborted. */
export class TrainingAborted extends Error {
  override readonly name = 'TrainingAborted';
}

export class Barrier {
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #threads: number;

  constructor(control: Int32Array<SharedArrayBuffer>, threads: number) {
    this.#control = control;
    this.#threads = threads;
  }

  /** Returns when all threads have arrived. Throws `TrainingAborted` when the abort flag is up. */
  wait(): void {
    const control = this.#control;
    this.throwIfAborted();
    const generation = Atomics.load(control, GENERATION);
    if (Atomics.add(control, ARRIVED, 1) + 1 === this.#threads) {
      Atomics.store(control, ARRIVED, 0);
      Atomics.add(control, GENERATION, 1);
      Atomics.notify(control, GENERATION);
      return;
    }
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(control, GENERATION) !== generation) return;
    }
    while (Atomics.load(control, GENERATION) === generation) {
      this.throwIfAborted();
      Atomics.wait(control, GENERATION, generation, WAIT_MS);
    }
  }

  throwIfAborted(): void {
    if (Atomics.load(this.#control, ABORTED) === 1) throw new TrainingAborted();
  }

  /** Makes every thread leave at its next look at the barrier. May be called from any thread. */
  static abort(control: Int32Array<SharedArrayBuffer>): void {
    Atomics.store(control, ABORTED, 1);
    Atomics.notify(control, GENERATION);
  }
}
