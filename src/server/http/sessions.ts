/** One server object a session: what two clients do never meets. */
import { randomUUID } from 'node:crypto';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { ServerLog } from '../server-log.ts';

export interface SessionLimits {
  readonly mostSessions: number;
  /** Without a request for so long, a session ends; its client begins another. */
  readonly idleMs: number;
  /** Unused for so long, and with nothing open, it makes room for another where there is none left. */
  readonly leftMs: number;
}

export interface Session {
  readonly id: string;
  /** Who opened it. Nobody else may use it, or learn that there is one. */
  readonly principal: string;
  readonly transport: StreamableHTTPServerTransport;
  readonly server: Server;
  lastUsed: number;
  /** Requests that have not been answered. */
  inFlight: number;
  /** Streams on which its client listens: it is still there. */
  streams: number;
}

export type CreateSessionServer = (caller: { principal: string; session: string }) => Server;

export class Sessions implements AsyncDisposable {
  readonly #sessions = new Map<string, Session>();
  readonly #limits: SessionLimits;
  readonly #createServer: CreateSessionServer;
  readonly #log: ServerLog;
  readonly #sweeper: NodeJS.Timeout;

  constructor(limits: SessionLimits, createServer: CreateSessionServer, log: ServerLog) {
    this.#limits = limits;
    this.#createServer = createServer;
    this.#log = log;
    this.#sweeper = setInterval(() => this.#endIdle(), Math.min(limits.idleMs, 60_000) / 2).unref();
  }

  /**
   * Whether there is room for one more. Scripts end without a word, and would fill the server within minutes: what they
   * seem to have left makes room, the caller's own first. Where somebody was there after all, the client begins anew.
   */
  hasRoomFor(principal: string): boolean {
    if (this.#sessions.size < this.#limits.mostSessions) return true;
    const before = performance.now() - this.#limits.leftMs;
    const left = [...this.#sessions.values()]
      .filter(({ inFlight, streams, lastUsed }) => inFlight === 0 && streams === 0 && lastUsed <= before)
      .sort((a, b) => a.lastUsed - b.lastUsed);
    const oldest = left.find((session) => session.principal === principal) ?? left.at(0);
    if (oldest === undefined) return false;
    this.#end(oldest);
    return true;
  }

  /** A session of its own for whoever initialises; it counts from now on, so that many at once cannot pass the limit. */
  async open(principal: string): Promise<Session> {
    const id = randomUUID();
    // Neither needed nor wanted: an event store, which would keep what was said for clients that come back.
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => id });
    const server = this.#createServer({ principal, session: id });
    const session: Session = {
      id,
      principal,
      transport,
      server,
      lastUsed: performance.now(),
      inFlight: 0,
      streams: 0,
    };
    this.#sessions.set(id, session);
    const endedByServer = server.onclose;
    await server.connect(transport);
    server.onclose = () => {
      endedByServer?.();
      this.#forget(session);
    };
    this.#log.info('session began', { sessions: this.#sessions.size });
    return session;
  }

  find(id: string, principal: string): Session | undefined {
    const session = this.#sessions.get(id);
    return session?.principal === principal ? session : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.allSettled([...this.#sessions.values()].map(({ server }) => server.close()));
    this.#sessions.clear();
  }

  #endIdle(): void {
    const before = performance.now() - this.#limits.idleMs;
    for (const session of this.#sessions.values()) {
      if (session.inFlight === 0 && session.lastUsed < before) this.#end(session);
    }
  }

  #end(session: Session): void {
    this.#forget(session);
    session.server.close().catch(() => undefined);
  }

  #forget({ id }: Session): void {
    if (this.#sessions.delete(id)) this.#log.info('session ended', { sessions: this.#sessions.size });
  }
}
