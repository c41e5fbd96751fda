import { addAbortSignal } from 'node:stream';
import type { Connection, RowStatement } from 'snowflake-sdk';
import type { SqlValue } from '../../data/data-source.ts';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import { inSpan } from '../../tracing.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { plainName } from '../statement-text.ts';
import { CollectedRows } from './collected-rows.ts';
import { readLogin } from './connection-settings.ts';
import { loadDriver } from './driver.ts';
import { describe, SESSION_FORMATS } from './result-column.ts';
import type { RowSink } from './row-sink.ts';
import { loginError, queryError, timeoutError, unreachable } from './snowflake-errors.ts';
import { TransferredFiles } from './transferred-files.ts';

/** A statement as it is sent. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly SqlValue[];
  /** Instead of `values`: rows for which the statement runs at once. */
  readonly rows?: readonly (readonly SqlValue[])[];
  /** The tag of the statement in the account's history. */
  readonly tag: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Finished {
  readonly queryId: string;
}

/** A person needs time to sign in. */
const BROWSER_LOGIN_S = 180;
const LOGIN_S = 60;
/** Time to end a session; otherwise it ends by itself later. */
const CLOSING_MS = 3000;

/**
 * One session with Snowflake. Statements may run side by side in it; temporary tables are its own. Every error of the driver
 * becomes a `ChurnMcpError` here, with the original as its cause.
 */
export class SnowflakeSession implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #timeoutS: number;

  private constructor(connection: Connection, timeoutS: number) {
    this.#connection = connection;
    this.#timeoutS = timeoutS;
  }

  /** @throws INVALID_CONFIG, PACKAGE_MISSING, SNOWFLAKE_LOGIN, SNOWFLAKE_UNREACHABLE, CANCELLED */
  static async open(config: SnowflakeConfig, signal?: AbortSignal): Promise<SnowflakeSession> {
    throwIfAborted(signal);
    const login = await readLogin(config.connection);
    const driver = await loadDriver();
    const [database, schema] = config.workSchema;
    try {
      const connection = driver.createConnection({
        ...login,
        database: plainName(database),
        schema: plainName(schema),
        application: 'churn-mcp',
        rowMode: 'array',
        // Text is exact where a number would be rounded, and NULL stays NULL.
        fetchAsString: ['Number'],
        representNullAsStringNull: false,
        clientStoreTemporaryCredential: false,
        sfRetryMaxLoginRetries: 2,
      });
      const isByPerson = ['EXTERNALBROWSER', 'OAUTH_AUTHORIZATION_CODE'].includes(login.authenticator ?? '');
      const seconds = isByPerson ? BROWSER_LOGIN_S : LOGIN_S;
      const connecting = connected(connection);
      await before(connecting, { seconds, signal }).catch((error: unknown) => {
        // If the caller gave up but the session still opens, it is ended.
        connecting.then(() => connection.destroy(ignore), ignore);
        throw error;
      });
      return new SnowflakeSession(connection, config.timeoutS);
    } catch (error) {
      if (signal?.aborted) throwIfAborted(signal);
      throw loginError(error);
    }
  }

  /**
   * Runs a statement and passes its rows on as they arrive. The deadline includes reading all rows.
   *
   * @throws SNOWFLAKE_ACCESS, SNOWFLAKE_TIMEOUT, SNOWFLAKE_UNREACHABLE, SNOWFLAKE_LOGIN, CANCELLED; see `isSessionEnded`
   */
  async run(statement: SentStatement, sink: RowSink): Promise<Finished> {
    try {
      const attributes = { 'db.system.name': 'snowflake', 'db.query.summary': statement.tag };
      const request = { name: statement.tag, kind: 'client', attributes } as const;
      return await inSpan(request, () => this.#execute(statement, sink));
    } catch (error) {
      throw queryError(error, this.#timeoutS, statement.signal);
    }
  }

  /** The rows of a small result. */
  async rows(statement: SentStatement): Promise<CollectedRows> {
    const collected = new CollectedRows();
    await this.run(statement, collected);
    return collected;
  }

  /** PUT or GET: the driver moves the files. @throws SNOWFLAKE_UNREACHABLE if one of them did not arrive */
  async transfer(statement: SentStatement): Promise<void> {
    const transferred = new TransferredFiles();
    await this.run(statement, transferred);
    if (transferred.failed) throw unreachable();
  }

  async #execute(statement: SentStatement, sink: RowSink): Promise<Finished> {
    const { signal } = statement;
    throwIfAborted(signal);
    const stop = new AbortController();
    let running: RowStatement | undefined;
    const work = new Promise<RowStatement>((resolve, reject) => {
      const started = this.#connection.execute({
        sqlText: statement.text,
        binds: statement.rows?.map((row) => row.map(bindable)) ?? statement.values.map(bindable),
        streamResult: true,
        parameters: {
          ...SESSION_FORMATS,
          QUERY_TAG: statement.tag,
          STATEMENT_TIMEOUT_IN_SECONDS: this.#timeoutS,
        },
        complete: (error, finished) => {
          if (error !== undefined && error !== null) reject(error);
          else if (isRowStatement(finished)) resolve(finished);
          else reject(new ChurnMcpError('INTERNAL', 'Snowflake answered a query without a result.'));
        },
      });
      if (isRowStatement(started)) running = started;
    }).then((finished) => readRows(finished, sink, stop.signal));
    try {
      return await before(work, { seconds: this.#timeoutS, signal });
    } catch (error) {
      stop.abort();
      // Snowflake continues a statement that no caller waits for, so it is cancelled. A refused one has already ended.
      if (error instanceof ChurnMcpError) running?.cancel(ignore);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#connection.destroy(() => resolve());
    });
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, CLOSING_MS).unref())]);
  }
}

/** Not `connectAsync`, whose promise resolves even if the login was refused. */
function connected(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.connect((error) => {
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
  });
}

async function readRows(statement: RowStatement, sink: RowSink, signal: AbortSignal): Promise<Finished> {
  const columns = statement.getColumns() ?? [];
  sink.begin(columns.map(describe));
  let rows = 0;
  for await (const row of addAbortSignal(signal, statement.streamRows())) {
    if (!Array.isArray(row)) throw unreachable();
    sink.row(row);
    rows++;
  }
  // An empty chunk ends the stream early without an error.
  if (rows !== statement.getNumRows()) throw unreachable();
  return { queryId: statement.getQueryId() };
}

/** Waits for work, but stops at the deadline or when the caller cancels. */
async function before<Result>(
  work: Promise<Result>,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal | undefined },
): Promise<Result> {
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    const cancel = () => reject(new ChurnMcpError('CANCELLED', 'The query was cancelled.'));
    const timer = setTimeout(() => reject(timeoutError(seconds)), seconds * 1000);
    signal?.addEventListener('abort', cancel);
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    };
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    stop?.();
  }
}

/** The driver takes no bigint; as text it is exact, and statements cast what is bound. */
function bindable(value: SqlValue): string | number | boolean | null {
  return typeof value === 'bigint' ? String(value) : value;
}

function isRowStatement(statement: object | undefined): statement is RowStatement {
  return statement !== undefined && 'streamRows' in statement;
}

function ignore(): void {}
