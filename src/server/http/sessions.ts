/** Sessions over HTTP. Each has its own server object, so that clients cannot affect each other. */
import { randomUUID } from 'node:crypto';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { ServerLog } from '../server-log.ts';

export interface SessionLimits {
  readonly mostSessions: number;
  /** Most sessions per principal, with or without an open stream, if principals are told apart. */
  readonly sessionsPerPrincipal: number;
  /** A session without a request for this long ends; its client then begins another. */
  readonly idleMs: number;
  /** A session unused for this long, without open requests or streams, makes room for another if the server is full. */
  readonly leftMs: number;
}

export interface Session {
  readonly id: string;
  /** The principal that opened it. No other may use it, or learn that it exists. */
  readonly principal: string;
  readonly transport: StreamableHTTPServerTransport;
  readonly server: Server;
  lastUsed: number;
  /** Requests that have not been answered. */
  inFlight: number;
  /** Open streams on which the client listens, so it is still there. */
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
   * Whether there is room for one more session. Scripts often exit without ending their session and would fill the server
   * within minutes, so a session that its client seems to have left makes room, the caller's own first. If that client is
   * still there, it begins a new session.
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

  /** Ends the session that has been left for longest; false if there is none. */
  #endOldest(sessions: readonly Session[]): boolean {
    const before = performance.now() - this.#limits.leftMs;
    const [oldest] = sessions
      .filter(({ inFlight, streams, lastUsed }) => inFlight === 0 && streams === 0 && lastUsed <= before)
      .sort((a, b) => a.lastUsed - b.lastUsed);
    if (oldest === undefined) return false;
    this.#end(oldest);
    return true;
  }

  /** Opens a session for a client that initialises. It counts at once, so that many at the same time cannot exceed the limit. */
  async open(principal: string): Promise<Session> {
    const id = randomUUID();
    // No event store: it would keep messages in memory for clients that reconnect, which is not needed here.
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

  get size(): number {
    return this.#sessions.size;
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
