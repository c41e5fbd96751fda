import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { SnowflakeSessions } from './snowflake-sessions.ts';
import type { Request } from './test-snowflake.ts';

export type StreamingPlace = 'hostname' | 'token' | 'open' | 'append' | 'status';

/**
 * `drop` closes the connection after the request was done, `lose` before. `forget` lets somebody else open the channel before.
 * A number is the status of a refusal: nothing was done.
 */
export type StreamingFault = 'drop' | 'lose' | 'forget' | 400 | 401 | 429 | 500 | 503;

interface Buffered {
  readonly offset: string;
  readonly rows: readonly Row[];
  polls: number;
}

type Row = Readonly<Record<string, unknown>>;

interface Channel {
  sequencer: number;
  rowSequencer: number;
  committed: string | null;
  buffered: Buffered[];
  inserted: number;
  errors: number;
  lastError: string | null;
  lastErrorUpTo: string | null;
}

class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const MOST_BYTES = 16 * 1024 * 1024;
const MOST_SENT = 4 * 1024 * 1024;
const PATH =
  /^\/v2\/streaming(\/data)?\/databases\/([^/]+)\/schemas\/([^/]+)\/pipes\/([^/:]+)(?::(bulk-channel-status)|\/channels\/([^/]+)(\/rows)?)$/;

/** Snowpipe Streaming's REST interface: rows are buffered, committed later, and gone if the channel is opened again before. */
export class SnowflakeStreaming {
  /** The rows of each table, in the order in which they were committed. */
  readonly tables = new Map<string, Row[]>(
    ['CUSTOMERS', 'ORDERS', 'ORDER_ITEMS', 'PRODUCT_CATALOG'].map((table) => [table, []]),
  );
  /** After so many polls of its status a channel commits what it took; Infinity: never. */
  commitAfterPolls = 1;
  /** What strikes a request. */
  fault: (place: StreamingPlace) => StreamingFault | undefined = () => undefined;
  /** How many of the buffered requests are committed before a channel is opened again. */
  committedAtReopen: (buffered: number) => number = () => 0;
  /** Uncompressed bytes of each request for rows. */
  readonly requestBytes: number[] = [];
  readonly #sessions: SnowflakeSessions;
  readonly #channels = new Map<string, Channel>();
  readonly #scoped = new Set<string>();

  constructor(sessions: SnowflakeSessions) {
    this.#sessions = sessions;
  }

  serves(path: string): boolean {
    return path.startsWith('/v2/streaming/') || path === '/oauth/token';
  }

  /** As if nobody had ever sent rows. */
  clear(): void {
    this.#channels.clear();
    for (const rows of this.tables.values()) rows.length = 0;
  }

  async answer(request: Request, response: ServerResponse): Promise<void> {
    const fault = this.fault(placeOf(request));
    if (fault === 'lose') {
      response.destroy();
      return;
    }
    const { status, body } = await this.#answerOf(request, fault).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      return { status: error.status, body: JSON.stringify({ code: error.code, message: error.message }) };
    });
    if (fault === 'drop') response.destroy();
    else response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }

  async #answerOf(request: Request, fault: StreamingFault | undefined) {
    if (typeof fault === 'number') throw new Refused(fault, '', 'ordered by the test');
    if (fault === 'forget') for (const channel of this.#channels.values()) reopened(channel);
    const { path, method } = request;
    if (method === 'GET' && path === '/v2/streaming/hostname') {
      await this.#authorize(request, false);
      return { status: 200, body: String(request.headers.host) };
    }
    if (method === 'POST' && path === '/oauth/token')
      return { status: 200, body: await this.#exchange(request) };
    await this.#authorize(request, true);
    const [, data, database, schema, pipe = '', bulk, channel = '', rows] = PATH.exec(path) ?? [];
    const table = /^(\w+)-STREAMING$/.exec(decodeURIComponent(pipe))?.[1] ?? '';
    if (database !== 'AUTOMATED_INTELLIGENCE' || schema !== 'RAW' || !this.tables.has(table)) {
      throw new Refused(404, 'ERR_PIPE_DOES_NOT_EXIST_OR_NOT_AUTHORIZED', `The pipe ${pipe} does not exist.`);
    }
    if (method === 'POST' && bulk !== undefined) return done(this.#statuses(table, request.body));
    const key = `${table} ${decodeURIComponent(channel).toUpperCase()}`;
    if (method === 'PUT' && data === undefined && rows === undefined) return done(this.#open(table, key));
    if (method === 'POST' && data !== undefined && rows !== undefined)
      return done(this.#append(key, request));
    throw new Refused(404, 'NOT_FOUND', 'There is nothing here.');
  }

  /** The account takes the user's own token, the host for rows a scoped or programmatic one. */
  async #authorize({ authorization = '', headers }: Request, isIngest: boolean): Promise<void> {
    const token = authorization.replace(/^Bearer /, '');
    const type = headers['x-snowflake-authorization-token-type'];
    const isScoped = isIngest && this.#scoped.has(token);
    const isOwn = !isIngest || type === 'PROGRAMMATIC_ACCESS_TOKEN';
    if (isScoped || (isOwn && (await this.#sessions.proves(String(type), token)))) return;
    throw new Refused(401, '390303', 'Invalid OAuth access token.');
  }

  async #exchange(request: Request): Promise<string> {
    await this.#authorize(request, false);
    const form = new URLSearchParams(request.bytes.toString('utf8'));
    const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
    const isGrant = form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    if (!isForm || !isGrant || form.get('scope') !== request.headers.host) {
      throw new Refused(400, 'invalid_request', 'This is no exchange of a token.');
    }
    const token = `scoped-${randomUUID()}`;
    this.#scoped.add(token);
    return token;
  }

  #open(table: string, key: string) {
    const channel = this.#channels.get(key) ?? newChannel();
    this.#channels.set(key, channel);
    for (let left = this.committedAtReopen(channel.buffered.length); left > 0; left--) {
      this.#commitNext(table, channel);
    }
    reopened(channel);
    return { next_continuation_token: continuationOf(channel), channel_status: statusOf(channel) };
  }

  #append(key: string, request: Request) {
    const { query, headers, bytes } = request;
    if (headers['content-type'] !== 'application/x-ndjson') throw new Refused(415, '', 'Rows are NDJSON.');
    if (bytes.length > MOST_SENT) throw new Refused(413, '', 'More than 4 MB.');
    const content = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    this.requestBytes.push(content.length);
    if (content.length > MOST_BYTES) throw new Refused(413, '', 'More than 16 MB.');
    const channel = this.#channels.get(key);
    const offset = query.get('offsetToken');
    const [sequencer, rowSequencer] = (query.get('continuationToken') ?? '').split('_').map(Number);
    if (channel === undefined) {
      throw new Refused(400, 'ERR_CHANNEL_DOES_NOT_EXIST_OR_IS_NOT_AUTHORIZED', 'There is no such channel.');
    }
    if (sequencer !== channel.sequencer) {
      const message = 'Channel sequencer in the continuation token is stale. Please reopen the channel';
      throw new Refused(400, 'STALE_CONTINUATION_TOKEN_SEQUENCER', message);
    }
    if (rowSequencer !== channel.rowSequencer) {
      throw new Refused(400, 'ERR_CHANNEL_HAS_INVALID_ROW_SEQUENCER', 'Please reopen the channel');
    }
    if (offset === null) throw new Refused(400, '', 'There is no offset token.');
    const rows = content
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line): Row => JSON.parse(line));
    channel.rowSequencer++;
    channel.buffered.push({ offset, rows, polls: 0 });
    return { next_continuation_token: continuationOf(channel) };
  }

  #statuses(table: string, body: unknown) {
    const names = Object.values(Object(body)).flat().map(String);
    const found = names.flatMap((name): [string, unknown][] => {
      const channel = this.#channels.get(`${table} ${name.toUpperCase()}`);
      if (channel === undefined) return [];
      for (const request of channel.buffered) request.polls++;
      while ((channel.buffered[0]?.polls ?? -1) >= this.commitAfterPolls) this.#commitNext(table, channel);
      return [[name, statusOf(channel)]];
    });
    return { channel_statuses: Object.fromEntries(found) };
  }

  /** A wrong row is left out, and the others of its request are not. */
  #commitNext(table: string, channel: Channel): void {
    const request = channel.buffered.shift();
    if (request === undefined) return;
    for (const row of request.rows) {
      if (Number(row.TOTAL_AMOUNT ?? 0) >= 1e8) {
        channel.errors++;
        channel.lastError = `Numeric value '${String(row.TOTAL_AMOUNT)}' is out of range`;
        channel.lastErrorUpTo = request.offset;
      } else {
        this.tables.get(table)?.push(row);
        channel.inserted++;
      }
    }
    channel.committed = request.offset;
  }
}

function placeOf({ path, method }: Request): StreamingPlace {
  if (path.endsWith('/hostname')) return 'hostname';
  if (path === '/oauth/token') return 'token';
  if (method === 'PUT') return 'open';
  return path.endsWith('/rows') ? 'append' : 'status';
}

function newChannel(): Channel {
  return {
    sequencer: 0,
    rowSequencer: 0,
    committed: null,
    buffered: [],
    inserted: 0,
    errors: 0,
    lastError: null,
    lastErrorUpTo: null,
  };
}

function reopened(channel: Channel): void {
  channel.sequencer++;
  channel.rowSequencer = 0;
  channel.buffered = [];
}

function continuationOf({ sequencer, rowSequencer }: Channel): string {
  return `${sequencer}_${rowSequencer}`;
}

function statusOf(channel: Channel) {
  return {
    channel_status_code: 'SUCCESS',
    last_committed_offset_token: channel.committed,
    rows_inserted: channel.inserted,
    rows_parsed: channel.inserted + channel.errors,
    rows_error_count: channel.errors,
    last_error_message: channel.lastError,
    last_error_offset_token_upper_bound: channel.lastErrorUpTo,
  };
}

function done(body: unknown) {
  return { status: 200, body: JSON.stringify(body) };
}
