import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { DATABASE, SnowflakeDatabase, type StatementResult } from './snowflake-database.ts';
import { type FaultAction, type FaultPlace, SnowflakeFaults } from './snowflake-faults.ts';
import {
  type LoggedQuery,
  queryRequestSchema,
  type RunningQuery,
  type Slowness,
  SnowflakeQueries,
} from './snowflake-queries.ts';
import {
  Refusal,
  type SnowflakeSession,
  SnowflakeSessions,
  type SnowflakeUser,
} from './snowflake-sessions.ts';
import { SnowflakeStreaming } from './snowflake-streaming.ts';
import { StoredChunks } from './stored-chunks.ts';

export interface TestSnowflakeOptions {
  readonly user: SnowflakeUser;
  /** A snapshot's file, whose tables are those of the warehouse. */
  readonly snapshot?: string;
  /** Rows in an answer itself; the others go into chunks of as many. */
  readonly rowsPerChunk?: number;
  /** After so long a statement is answered with where its result will be. */
  readonly longPollMs?: number;
  /** Of the engine; one by default. */
  readonly threads?: number;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  readonly bytes: Buffer;
}

/** An answer, and where faults may strike it. */
interface Answer {
  readonly place?: FaultPlace;
  /** What a fault's pattern is matched with. */
  readonly about?: string;
  readonly status?: number;
  readonly json?: unknown;
  readonly gzip?: string;
}

/** Parameters that the driver reads results by. They stay what they are, whatever a session or a statement asks for. */
const PARAMETERS: Readonly<Record<string, unknown>> = {
  TIMEZONE: 'America/Los_Angeles',
  DATE_OUTPUT_FORMAT: 'MM/DD/YYYY',
  TIME_OUTPUT_FORMAT: 'HH24:MI:SS',
  TIMESTAMP_OUTPUT_FORMAT: 'DY, DD MON YYYY HH24:MI:SS TZHTZM',
  TIMESTAMP_NTZ_OUTPUT_FORMAT: 'DY, DD MON YYYY HH24:MI:SS',
  TIMESTAMP_LTZ_OUTPUT_FORMAT: '',
  TIMESTAMP_TZ_OUTPUT_FORMAT: '',
  BINARY_OUTPUT_FORMAT: 'HEX',
  CLIENT_RESULT_PREFETCH_SLOTS: 2,
  CLIENT_RESULT_PREFETCH_THREADS: 1,
  CLIENT_RESULT_CHUNK_SIZE: 1,
  CLIENT_SESSION_KEEP_ALIVE: false,
};

/**
 * A warehouse that the unmodified driver talks to over HTTP: its protocol as far as the driver uses it, over DuckDB.
 * Formats of dates are set to what nobody would want, as an account's may be.
 */
export class TestSnowflake implements AsyncDisposable {
  readonly faults = new SnowflakeFaults();
  /** Its REST interface for rows that stream in. */
  readonly streaming: SnowflakeStreaming;
  /** Every request that came, by its path. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #database: SnowflakeDatabase;
  readonly #sessions: SnowflakeSessions;
  readonly #queries: SnowflakeQueries;
  readonly #chunks: StoredChunks;
  readonly #longPollMs: number;

  private constructor(server: Server, database: SnowflakeDatabase, options: TestSnowflakeOptions) {
    this.#server = server;
    this.#database = database;
    this.#sessions = new SnowflakeSessions(database, options.user);
    this.#queries = new SnowflakeQueries(database);
    this.streaming = new SnowflakeStreaming(this.#sessions);
    this.#chunks = new StoredChunks(options.rowsPerChunk ?? 1000);
    this.#longPollMs = options.longPollMs ?? 30_000;
  }

  static async start(options: TestSnowflakeOptions): Promise<TestSnowflake> {
    const database = await SnowflakeDatabase.open(options.threads);
    if (options.snapshot !== undefined) await database.attach(options.snapshot);
    const server = createServer();
    const testServer = new TestSnowflake(server, database, options);
    server.on('request', (request, response) => void testServer.#serve(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return testServer;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The test warehouse has no port.');
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get queries(): readonly LoggedQuery[] {
    return this.#queries.log;
  }

  /** What a deployment made, by kind and name, with the text of each. */
  get objects(): ReadonlyMap<string, string> {
    return this.#database.objects.made;
  }

  /** Every grant, without the comment before it. */
  get grants(): ReadonlySet<string> {
    return this.#database.objects.granted;
  }

  get openSessions(): number {
    return this.#sessions.open;
  }

  /** The folder that holds what is on the stages. */
  /** What happens to a stage's files before they are fetched next. */
  spoilFiles(spoil: ((folder: string) => void) | undefined): void {
    this.#database.stages.spoil = spoil;
  }

  get stagesFolder(): string {
    return this.#database.stages.root;
  }

  /** Another snapshot becomes the present. */
  change(snapshot: string): Promise<void> {
    return this.#database.attach(snapshot);
  }

  slowDown(slowness: Slowness | undefined): void {
    this.#queries.slowDown(slowness);
  }

  expireTokens(): void {
    this.#sessions.expireTokens();
  }

  endSessions(): void {
    this.#sessions.endAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    this.#sessions.endAll();
    await Promise.allSettled(this.#queries.log.map(({ queryId }) => this.#queries.find(queryId).result));
    this.#database.close();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    this.requests.push(request.path);
    if (this.streaming.serves(request.path)) {
      await this.streaming.answer(request, response);
      return;
    }
    const answer = await this.#answer(request).catch(failed);
    const action = answer.place && this.faults.take(answer.place, answer.about ?? request.path);
    send(response, answer, action);
  }

  async #answer(request: Request): Promise<Answer> {
    const { path, authorization } = request;
    switch (path) {
      case '/session/v1/login-request':
        return { place: 'login', json: loggedIn(await this.#sessions.login(request.body)) };
      case '/session/token-request':
        return { place: 'renew', json: renewed(this.#sessions.renew(authorization)) };
      case '/session':
        this.#sessions.end(this.#sessions.authorize(authorization));
        return { json: success(null) };
      case '/session/heartbeat':
        this.#sessions.authorize(authorization);
        return { json: success(null) };
      case '/telemetry/send':
        return { json: success('Log Received') };
      case '/queries/v1/query-request':
        return this.#query(request);
      case '/queries/v1/abort-request':
        this.#sessions.authorize(authorization);
        this.#queries.cancelRequest(z.object({ requestId: z.string() }).parse(request.body).requestId);
        return { json: success(null) };
      default:
        return this.#ofQuery(request);
    }
  }

  async #query(request: Request): Promise<Answer> {
    const session = this.#sessions.authorize(request.authorization);
    const body = queryRequestSchema.parse(request.body);
    const transfer = this.#database.stages.transfer(body.sqlText, (stage) =>
      this.objects.has(`stage ${stage}`),
    );
    if (transfer !== undefined) return { place: 'query', about: body.sqlText, json: success(transfer) };
    const requestId = request.query.get('requestId') ?? '';
    const query = this.#queries.start(session, requestId, body);
    return { place: 'query', about: body.sqlText, json: await this.#resultOf(query) };
  }

  async #ofQuery(request: Request): Promise<Answer> {
    const [, queryId, what] = /^\/queries\/([\w-]+)\/([\w-]+)$/.exec(request.path) ?? [];
    if (queryId !== undefined && what === 'abort-request') {
      this.#sessions.authorize(request.authorization);
      this.#queries.find(queryId).cancel();
      return { json: success(null) };
    }
    if (queryId !== undefined && what === 'result') {
      this.#sessions.authorize(request.authorization);
      const query = this.#queries.find(queryId);
      return { place: 'result', about: query.log.sqlText, json: await this.#resultOf(query) };
    }
    const chunk = this.#chunks.find(request.path, request.headers);
    return chunk === undefined ? { status: 404, json: {} } : { place: 'chunk', gzip: chunk };
  }

  /** The result, or, while it is not there, where to ask for it. */
  async #resultOf(query: RunningQuery): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.#longPollMs);
    });
    const { queryId } = query.log;
    try {
      const result = await Promise.race([query.result, late]);
      if (result !== undefined) return success(this.#resultData(result));
      return {
        success: true,
        code: '333333',
        message: 'Query execution in progress.',
        data: { queryId, getResultUrl: `/queries/${queryId}/result` },
      };
    } catch (error) {
      return refusal(error, queryId);
    } finally {
      clearTimeout(timer);
    }
  }

  #resultData(result: StatementResult) {
    const { queryId, rowTypes, rows, statementTypeId } = result;
    const stored = this.#chunks.store(queryId, rows, this.url);
    return {
      queryId,
      rowtype: rowTypes,
      total: rows.length,
      returned: rows.length,
      ...stored,
      parameters: parameterList(PARAMETERS),
      version: 1,
      statementTypeId,
      finalDatabaseName: DATABASE,
      finalSchemaName: 'RAW',
      finalWarehouseName: 'TEST',
      finalRoleName: 'ANALYST',
      queryResultFormat: 'json',
    };
  }
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(Buffer.from(piece));
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const bytes = Buffer.concat(pieces);
  const text = bytes.toString('utf8');
  const isJson = text.startsWith('{') && incoming.headers['content-encoding'] !== 'gzip';
  const body: unknown = isJson ? JSON.parse(text) : undefined;
  const { headers, method = 'GET' } = incoming;
  const { authorization } = headers;
  return { method, path: url.pathname, query: url.searchParams, authorization, headers, body, bytes };
}

function send(response: ServerResponse, answer: Answer, action: FaultAction | undefined): void {
  if (typeof action === 'object' && 'status' in action) {
    response.writeHead(action.status).end();
    return;
  }
  if (action === 'drop') {
    response.destroy();
    return;
  }
  const refused =
    typeof action === 'object' ? refusal(new Refusal(action.refuse.code, action.refuse.message)) : undefined;
  const text = answer.gzip ?? JSON.stringify(refused ?? answer.json);
  const sent = action === 'damage' ? text.slice(0, Math.floor(text.length / 2)) : text;
  const whole = answer.gzip === undefined ? Buffer.from(sent) : gzipSync(sent);
  const type = answer.gzip === undefined ? 'application/json' : 'application/octet-stream';
  const encoding = answer.gzip === undefined ? {} : { 'content-encoding': 'gzip' };
  const headers = { 'content-type': type, ...encoding, 'content-length': whole.length };
  response.writeHead(answer.status ?? 200, headers);
  if (action === 'drop half') {
    response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.destroy());
  } else {
    response.end(whole);
  }
}

function failed(error: unknown): Answer {
  return { json: refusal(error) };
}

function success(data: unknown) {
  return { success: true, code: null, message: null, data };
}

function refusal(error: unknown, queryId?: string) {
  const code = error instanceof Refusal ? error.code : '000603';
  const message = error instanceof Error ? error.message : String(error);
  return {
    success: false,
    code,
    message,
    data: { internalError: false, errorCode: code, sqlState: '42000', queryId },
  };
}

function loggedIn(session: SnowflakeSession) {
  return success({
    token: session.token,
    masterToken: session.masterToken,
    validityInSeconds: 3600,
    masterValidityInSeconds: 14_400,
    sessionId: session.id,
    displayUserName: 'ANALYST',
    serverVersion: '9.99.0',
    parameters: parameterList(PARAMETERS),
    sessionInfo: { databaseName: DATABASE, schemaName: 'RAW', warehouseName: 'TEST', roleName: 'ANALYST' },
  });
}

function renewed(session: SnowflakeSession) {
  return success({
    sessionToken: session.token,
    validityInSecondsST: 3600,
    masterToken: session.masterToken,
    validityInSecondsMT: 14_400,
    sessionId: session.id,
  });
}

function parameterList(parameters: Readonly<Record<string, unknown>>) {
  return Object.entries(parameters).map(([name, value]) => ({ name, value }));
}
