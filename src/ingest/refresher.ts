import { type RefreshOptions, type RefreshReport, refresh } from './refresh.ts';

export interface RefresherOptions extends RefreshOptions {
  /** How long a row may wait until it is folded into the data. */
  readonly targetLagMs: number;
  readonly onRefreshed: (report: RefreshReport) => void;
  /** A refresh that fails changes nothing, and the next one tries again. */
  readonly onFailure: (error: unknown) => void;
}

/** Folds the log into the data again and again, in the background. */
export class Refresher {
  readonly #options: RefresherOptions;
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(options: RefresherOptions) {
    this.#options = options;
    this.#plan(options.targetLagMs);
  }

  /** Stops; a refresh that is running is given up. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopped.abort();
    await this.#work;
  }

  #plan(inMs: number): void {
    if (this.#stopped.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#work = this.#run();
    }, inMs);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    const { onRefreshed, onFailure, targetLagMs, signal } = this.#options;
    const started = performance.now();
    const stopped = this.#stopped.signal;
    const either = signal === undefined ? stopped : AbortSignal.any([signal, stopped]);
    try {
      const report = await refresh({ ...this.#options, signal: either, rebuilds: false });
      if (typeof report !== 'string') onRefreshed(report);
    } catch (error) {
      if (!either.aborted) onFailure(error);
    }
    this.#plan(Math.max(targetLagMs - (performance.now() - started), targetLagMs / 10));
  }
}
