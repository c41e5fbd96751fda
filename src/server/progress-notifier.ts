import type { Progress } from '../progress.ts';

/** A progress notification. `progress` always grows, as the protocol requires. */
export interface ProgressNotification {
  readonly progress: number;
  readonly total: number;
  readonly message: string;
}

/** Milliseconds between notifications: more of them would be of no use. */
const INTERVAL_MS = 100;
/** Milliseconds before the result, because clients drop a notification that arrives together with it. */
const GAP_BEFORE_RESULT_MS = 20;

/** Turns the reports of a call's phases, which each count from 0, into one growing count. */
export class ProgressNotifier {
  readonly #send: (notification: ProgressNotification) => void;
  #phase: string | undefined;
  #finishedPhases = 0;
  #phaseTotal = 0;
  #last = -1;
  #lastSent = Number.NEGATIVE_INFINITY;

  constructor(send: (notification: ProgressNotification) => void) {
    this.#send = send;
  }

  report({ phase, done, total, message }: Progress): void {
    const isNewPhase = phase !== this.#phase;
    if (isNewPhase) {
      this.#finishedPhases += this.#phaseTotal;
      this.#phase = phase;
    }
    this.#phaseTotal = total;
    const now = performance.now();
    const progress = this.#finishedPhases + Math.min(done, total);
    if (progress <= this.#last || (!isNewPhase && now - this.#lastSent < INTERVAL_MS)) return;
    this.#last = progress;
    this.#lastSent = now;
    this.#send({ progress, total: this.#finishedPhases + total, message });
  }

  /** Waits so that the last notification arrives before the result. */
  async settle(): Promise<void> {
    const left = this.#lastSent + GAP_BEFORE_RESULT_MS - performance.now();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  }
}
