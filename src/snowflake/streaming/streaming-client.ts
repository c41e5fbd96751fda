/** Snowpipe Streaming's REST interface, of the high-performance architecture. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ChurnMcpError } from '../../errors.ts';
import {
  type Answer,
  allowed,
  appendedSchema,
  asksToReopen,
  type ChannelStatus,
  fieldOf,
  isPassing,
  openedSchema,
  parsed,
  statusesSchema,
  statusOf,
} from './streaming-answers.ts';
import type { StreamingCredential } from './streaming-credential.ts';

const REQUEST_MS = 60_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const MOST_ATTEMPTS = 8;
const EXCHANGE = '/oauth/token';

/** A channel of a pipe, by their stored names. */
export interface ChannelName {
  readonly pipe: readonly [database: string, schema: string, pipe: string];
  readonly channel: string;
}

/** What the client takes from outside, so that tests decide it. */
export interface StreamingClock {
  readonly now: () => Date;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Where a request goes, and what it proves itself with. */
interface Place {
  readonly url: URL;
  readonly token: string;
  readonly tokenType: string;
}

interface Sent {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly rows?: Buffer;
}

const compress = promisify(gzip);

/** Every request is repeated while the service is busy or does not answer. */
export class StreamingClient {
  readonly #credential: StreamingCredential;
  readonly #clock: StreamingClock;
  #ingest: Place | undefined;

  constructor(credential: StreamingCredential, clock: StreamingClock) {
    this.#credential = credential;
    this.#clock = clock;
  }

  /** Opens a channel. A client that had it open before can append no more, and its rows that were not committed are gone. */
  async open(name: ChannelName): Promise<{ continuation: string; status: ChannelStatus }> {
    const answer = await this.#send({ method: 'PUT', path: pathOf(name), body: '{}' });
    const opened = parsed(answer, openedSchema);
    return { continuation: opened.next_continuation_token, status: statusOf(opened.channel_status) };
  }

  /**
   * Appends rows, which are not committed yet.
   *
   * @returns the next continuation token, or undefined if the channel has to be opened again: it may or may not hold the rows
   */
  async append(
    name: ChannelName,
    rows: readonly string[],
    { continuation, offset }: { readonly continuation: string; readonly offset: number },
  ): Promise<string | undefined> {
    const query = new URLSearchParams({ continuationToken: continuation, offsetToken: String(offset) });
    const path = `${pathOf(name, '/data')}/rows?${query}`;
    const answer = await this.#send({
      method: 'POST',
      path,
      rows: await compress(`${rows.join('\n')}\n`),
    });
    if (asksToReopen(answer)) return undefined;
    return parsed(answer, appendedSchema).next_continuation_token;
  }

  /** @returns undefined if the service does not know the channel */
  async status({ pipe, channel }: ChannelName): Promise<ChannelStatus | undefined> {
    const path = `${pathOf({ pipe })}:bulk-channel-status`;
    const body = JSON.stringify({ channel_names: [channel] });
    const answer = await this.#send({ method: 'POST', path, body });
    const { channel_statuses: statuses } = parsed(answer, statusesSchema);
    const found = Object.entries(statuses).find(([name]) => name.toUpperCase() === channel.toUpperCase());
    return found && statusOf(found[1]);
  }

  /** @throws SNOWFLAKE_UNREACHABLE after several attempts, SNOWFLAKE_LOGIN, SNOWFLAKE_ACCESS */
  async #send(sent: Sent): Promise<Answer> {
    let last = 'It did not answer.';
    let isRenewed = false;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const ingest = await this.#connect();
      const answer = ingest && (await this.#fetch(ingest, sent));
      if (answer?.status === 401 && !isRenewed) {
        // The token has ended; the next attempt gets another one.
        this.#ingest = undefined;
        isRenewed = true;
        continue;
      }
      if (answer !== undefined && !isPassing(answer)) return answer;
      if (answer !== undefined) last = `It answered with status ${answer.status}.`;
      await this.#clock.sleep(this.#waitBefore(attempt, answer));
    }
    throw new ChurnMcpError(
      'SNOWFLAKE_UNREACHABLE',
      `Snowpipe Streaming could not be used in ${MOST_ATTEMPTS} attempts. ${last}`,
      { hint: 'Check account, login and network, then send the same rows again.' },
    );
  }

  /** With full jitter, so that many senders do not come back at once. */
  #waitBefore(attempt: number, answer: Answer | undefined): number {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
    const wait = this.#clock.random() * longest;
    return Math.min(LONGEST_WAIT_MS, Math.max(wait, answer?.retryAfterMs ?? 0));
  }

  /** The host for rows, and a token that is good for it alone; undefined if there is no answer now. */
  async #connect(): Promise<Place | undefined> {
    if (this.#ingest !== undefined) return this.#ingest;
    const { url, tokenType } = this.#credential;
    const token = await this.#credential.newToken(this.#clock.now());
    const account = { url, token, tokenType };
    const found = await this.#fetch(account, { method: 'GET', path: '/v2/streaming/hostname' });
    if (found === undefined || isPassing(found)) return undefined;
    const host = fieldOf(allowed(found), 'hostname').replaceAll('_', '-');
    const ingest = new URL(`${url.protocol}//${host}`);
    // A programmatic token is taken by the host itself.
    if (tokenType === 'PROGRAMMATIC_ACCESS_TOKEN') this.#ingest = { url: ingest, token, tokenType };
    else {
      const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', scope: host };
      const form = new URLSearchParams(grant).toString();
      const exchanged = await this.#fetch(account, { method: 'POST', path: EXCHANGE, body: form });
      if (exchanged === undefined || isPassing(exchanged)) return undefined;
      this.#ingest = { url: ingest, token: fieldOf(allowed(exchanged), 'token'), tokenType: 'OAUTH' };
    }
    return this.#ingest;
  }

  /** @returns undefined if no whole answer came */
  async #fetch(
    { url, token, tokenType }: Place,
    { method, path, body, rows }: Sent,
  ): Promise<Answer | undefined> {
    const type = path === EXCHANGE ? 'application/x-www-form-urlencoded' : 'application/json';
    try {
      const response = await fetch(new URL(path, url), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          'x-snowflake-authorization-token-type': tokenType,
          ...(body !== undefined && { 'content-type': type }),
          ...(rows !== undefined && { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' }),
        },
        ...(method !== 'GET' && { body: body ?? new Uint8Array(rows ?? Buffer.alloc(0)) }),
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_MS),
      });
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      const retryAfterMs = Number.isFinite(seconds) ? 1000 * seconds : undefined;
      return { status: response.status, text: await response.text(), retryAfterMs };
    } catch {
      return undefined;
    }
  }
}

function pathOf({ pipe, channel }: Partial<ChannelName> & Pick<ChannelName, 'pipe'>, data = ''): string {
  const [database, schema, name] = pipe.map(encodeURIComponent);
  const end = channel === undefined ? '' : `/channels/${encodeURIComponent(channel)}`;
  return `/v2/streaming${data}/databases/${database}/schemas/${schema}/pipes/${name}${end}`;
}
