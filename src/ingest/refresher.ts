import type { NoRefresh, RefreshReport } from './refresh.ts';

export interface RefresherOptions {
  /** Does it once. Data of another version stays as it is. */
  readonly refresh: (signal: AbortSignal) => Promise<RefreshReport | NoRefresh>;
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
    const { refresh, onRefreshed, onFailure, targetLagMs } = this.#options;
    const started = performance.now();
    const { signal } = this.#stopped;
    try {
      const report = await refresh(signal);
      if (typeof report !== 'string') onRefreshed(report);
    } catch (error) {
      if (!signal.aborted) onFailure(error);
    }
    this.#plan(Math.max(targetLagMs - (performance.now() - started), targetLagMs / 10));
  }
}
