import { setTimeout as sleep } from 'node:timers/promises';
import { tryLock } from '../data/duckdb/file-lock.ts';
import { ChurnMcpError } from '../errors.ts';
import { logLayout } from './log-layout.ts';

const POLL_MS = 20;
/** Holders give up their turn every second, so this is many turns. */
const LONGEST_WAIT_MS = 15_000;
const LONGEST_TURN_MS = 1000;
/** Long enough for a process that polls to take the turn. */
const PAUSE_MS = 3 * POLL_MS;

/** One process appends to the log of a home at a time. Several take turns: an idle one gives its turn up. */
export class WriterTurn {
  readonly #lockFile: string;
  readonly #longestWaitMs: number;
  #lock: AsyncDisposable | undefined;
  #since = 0;

  constructor(home: string, longestWaitMs = LONGEST_WAIT_MS) {
    this.#lockFile = logLayout(home).writerLock;
    this.#longestWaitMs = longestWaitMs;
  }

  /**
   * @returns whether the turn was taken anew: another process may have appended meanwhile
   * @throws LOG_BUSY if another process holds it all the time
   */
  async take(): Promise<boolean> {
    if (this.#lock !== undefined) return false;
    const start = performance.now();
    for (;;) {
      this.#lock = await tryLock(this.#lockFile);
      if (this.#lock !== undefined) break;
      if (performance.now() - start > this.#longestWaitMs) {
        throw new ChurnMcpError(
          'LOG_BUSY',
          'Another process writes to the log of this home folder and does not pause.',
          {
            hint: 'Look for a process of churn-mcp that was stopped (Ctrl-Z) and end it, then send the rows again.',
          },
        );
      }
      await sleep(POLL_MS * (0.5 + Math.random()));
    }
    this.#since = performance.now();
    return true;
  }

  /** Lets other processes have a turn, if this one has had a long one. */
  async share(): Promise<void> {
    if (this.#lock === undefined || performance.now() - this.#since < LONGEST_TURN_MS) return;
    await this.giveUp();
    await sleep(PAUSE_MS);
  }

  async giveUp(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.[Symbol.asyncDispose]();
  }
}
