/** Each session has a server object of its own, so that what two clients do never meets. */
import { randomUUID } from 'node:crypto';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { ServerLog } from '../server-log.ts';

export interface SessionLimits {
  readonly mostSessions: number;
  /** Of one principal, with streams open or not, if principals are told apart. */
  readonly sessionsPerPrincipal: number;
  /** A session that has no request for so long ends; its client begins another. */
  readonly idleMs: number;
  /** A session that is unused for so long, with nothing open, makes room for another if none is left. */
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

/** `share taken`: the principal has as many sessions as one may have. */
export type Room = 'free' | 'share taken' | 'full';

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
   * Whether there is room for one more. Scripts end without a word, and would fill the server within minutes: a session
   * that its client seems to have left makes room, the caller's own first. If the client was there after all, it begins
   * anew.
   */
  roomFor(principal: string): Room {
    const all = [...this.#sessions.values()];
    const own = all.filter((session) => session.principal === principal);
    const { mostSessions, sessionsPerPrincipal } = this.#limits;
    const isFull = all.length >= mostSessions;
    const hasShare = own.length >= sessionsPerPrincipal;
    if (!isFull && !hasShare) return 'free';
    if (this.#endOldest(own) || (!hasShare && this.#endOldest(all))) return 'free';
    return isFull ? 'full' : 'share taken';
  }

  /** Ends the session that was left for longest; false if none was. */
  #endOldest(sessions: readonly Session[]): boolean {
    const before = performance.now() - this.#limits.leftMs;
    const [oldest] = sessions
      .filter(({ inFlight, streams, lastUsed }) => inFlight === 0 && streams === 0 && lastUsed <= before)
      .sort((a, b) => a.lastUsed - b.lastUsed);
    if (oldest === undefined) return false;
    this.#end(oldest);
    return true;
  }

  /** A session for a client that initialises. It counts from now on, so that many at once cannot pass the limit. */
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
