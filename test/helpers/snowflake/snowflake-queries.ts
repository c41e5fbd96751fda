import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Binding, SnowflakeDatabase, StatementResult } from './snowflake-database.ts';
import { Refusal, type SnowflakeSession } from './snowflake-sessions.ts';

export const queryRequestSchema = z.object({
  sqlText: z.string(),
  bindings: z
    .record(
      z.string(),
      z.object({
        type: z.string(),
        value: z.union([z.string(), z.null(), z.array(z.union([z.string(), z.null()]))]),
      }),
    )
    .nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
});

export type QueryRequest = z.output<typeof queryRequestSchema>;

/** A statement that was asked for, as a test may look at it. */
export interface LoggedQuery {
  readonly queryId: string;
  readonly sqlText: string;
  readonly bindings: readonly Binding[];
  readonly parameters: Readonly<Record<string, unknown>>;
  state: 'running' | 'done' | 'failed' | 'cancelled';
}

export interface RunningQuery {
  readonly log: LoggedQuery;
  readonly session: SnowflakeSession;
  readonly result: Promise<StatementResult>;
  readonly cancel: () => void;
}

/** Makes the statements that match wait before they run. */
export interface Slowness {
  readonly matching: RegExp;
  readonly milliseconds: number;
}

/** Runs statements, one at a time a session; a request that is sent again gets the statement it began. */
export class SnowflakeQueries {
  readonly log: LoggedQuery[] = [];
  readonly #database: SnowflakeDatabase;
  readonly #byRequest = new Map<string, RunningQuery>();
  readonly #byId = new Map<string, RunningQuery>();
  #slowness: Slowness | undefined;

  constructor(database: SnowflakeDatabase) {
    this.#database = database;
  }

  slowDown(slowness: Slowness | undefined): void {
    this.#slowness = slowness;
  }

  start(session: SnowflakeSession, requestId: string, request: QueryRequest): RunningQuery {
    const known = this.#byRequest.get(requestId);
    if (known !== undefined) return known;
    const query = this.#begin(session, request);
    this.#byRequest.set(requestId, query);
    this.#byId.set(query.log.queryId, query);
    return query;
  }

  find(queryId: string): RunningQuery {
    const query = this.#byId.get(queryId);
    if (query === undefined) throw new Refusal('000709', `Statement ${queryId} not found`);
    return query;
  }

  /** Cancels by the id of the request that began the statement, as the driver does before it knows the query's. */
  cancelRequest(requestId: string): void {
    this.#byRequest.get(requestId)?.cancel();
  }

  #begin(session: SnowflakeSession, { sqlText, bindings, parameters }: QueryRequest): RunningQuery {
    const ordered = Object.entries(bindings ?? {})
      .sort(([left], [right]) => Number(left) - Number(right))
      .map(([, binding]) => binding);
    const log: LoggedQuery = {
      queryId: randomUUID(),
      sqlText,
      bindings: ordered,
      parameters: parameters ?? {},
      state: 'running',
    };
    this.log.push(log);
    const cancelled = new AbortController();
    const result = session.turn.then(() => this.#run(session, log, cancelled.signal));
    session.turn = result.catch(() => undefined);
    const cancel = () => {
      cancelled.abort();
      if (log.state === 'running') session.connection.interrupt();
    };
    return { log, session, result, cancel };
  }

  async #run(session: SnowflakeSession, log: LoggedQuery, signal: AbortSignal): Promise<StatementResult> {
    try {
      const slowness = this.#slowness;
      if (slowness?.matching.test(log.sqlText)) await sleep(slowness.milliseconds, undefined, { signal });
      signal.throwIfAborted();
      const result = await this.#database.run(session.connection, log.queryId, log.sqlText, log.bindings);
      log.state = 'done';
      return result;
    } catch (error) {
      log.state = signal.aborted ? 'cancelled' : 'failed';
      if (signal.aborted) throw new Refusal('000604', 'SQL execution canceled');
      throw refusalOf(error);
    }
  }
}

/** What the engine says, under the codes that the warehouse uses for it. */
function refusalOf(error: unknown): Refusal {
  const text = error instanceof Error ? error.message : String(error);
  if (text.includes('Parser Error')) return new Refusal('001003', `SQL compilation error:\n${text}`);
  if (/Catalog Error|Catalog ".*" does not exist/.test(text)) {
    return new Refusal('002003', `SQL compilation error:\n${text} does not exist or not authorized.`);
  }
  const [, column] = /Referenced column "(\w+)" not found/.exec(text) ?? [];
  if (column !== undefined) {
    const where = 'SQL compilation error: error line 1 at position 7';
    return new Refusal('000904', `${where}\ninvalid identifier '${column.toUpperCase()}'`);
  }
  return new Refusal('100038', text);
}
