import type { Progress } from '../progress.ts';

/** What goes to a client: `progress` only ever grows, as the protocol asks. */
export interface ProgressNotification {
  readonly progress: number;
  readonly total: number;
  readonly message: string;
}

/** Notifications at most this often; more of them tell nobody more. */
const INTERVAL_MS = 100;
/** Clients drop a notification that arrives together with the result. */
const GAP_BEFORE_RESULT_MS = 20;

/** Turns the reports of a call's phases, each of which counts from 0, into one growing count. */
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

  /** Waits until the last notification is surely ahead of the result. */
  async settle(): Promise<void> {
    const left = this.#lastSent + GAP_BEFORE_RESULT_MS - performance.now();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  }
}
