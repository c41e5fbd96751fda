import { ChurnMcpError } from '../../errors.ts';
import { SnowflakeSession } from '../session/snowflake-session.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';

/** A session, and the tables made in it. */
export interface OpenSession {
  readonly session: SnowflakeSession;
  /** By the name of a temporary table. */
  readonly tables: Map<string, Promise<void>>;
}

/** Opens a session at first use, and again after it has ended; its temporary tables are lost with it. */
export class SessionHolder {
  readonly #config: SnowflakeConfig;
  #open: Promise<OpenSession> | undefined;

  constructor(config: SnowflakeConfig) {
    this.#config = config;
  }

  async get(signal: AbortSignal | undefined): Promise<OpenSession> {
    return waitUnlessOthersGaveUp(signal, () => {
      this.#open ??= this.#login(signal);
      return this.#open;
    });
  }

  /** Called after a statement found that the session has ended. */
  async forget(ended: OpenSession): Promise<void> {
    if (this.#open !== undefined && (await this.#open.catch(() => undefined)) === ended)
      this.#open = undefined;
  }

  async close(): Promise<void> {
    const open = await this.#open?.catch(() => undefined);
    this.#open = undefined;
    await open?.session[Symbol.asyncDispose]();
  }

  #login(signal: AbortSignal | undefined): Promise<OpenSession> {
    const opening = SnowflakeSession.open(this.#config, signal).then((session) => ({
      session,
      tables: new Map(),
    }));
    opening.catch(() => {
      if (this.#open === opening) this.#open = undefined;
    });
    return opening;
  }
}

/**
 * If several calls wait for shared work, cancelling the call that began it cancels the work. The other calls then begin it
 * again.
 */
export async function waitUnlessOthersGaveUp<Result>(
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const othersGaveUp = error instanceof ChurnMcpError && error.code === 'CANCELLED' && !signal?.aborted;
      if (!othersGaveUp) throw error;
    }
  }
}
