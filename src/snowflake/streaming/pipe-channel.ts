import { ChurnMcpError } from '../../errors.ts';
import { quoted } from '../../text/quoted.ts';
import type { ChannelStatus } from './streaming-answers.ts';
import type { ChannelName, StreamingClient } from './streaming-client.ts';

const MOST_REOPENS = 10;

/** Rows of one table, in their order. */
export interface StreamedRows {
  readonly lines: readonly string[];
  /** The offset tokens of the first and of the last one. */
  readonly first: number;
  readonly last: number;
}

/** Rows that were sent, and that Snowflake left out of the table. */
export interface LeftOut {
  readonly rows: number;
  readonly message: string;
  /** They are after the one and up to the other offset token. */
  readonly after: number;
  readonly upTo: number;
}

/**
 * One channel of one pipe. Rows are kept until the channel's status says that they are committed, and are sent again, from the
 * committed offset token on, if the channel has to be opened again.
 */
export class PipeChannel {
  readonly #client: StreamingClient;
  readonly #name: ChannelName;
  #continuation: string;
  #committed: number;
  #errors: number;
  #sent: StreamedRows[] = [];
  #leftOut: LeftOut[] = [];

  private constructor(client: StreamingClient, name: ChannelName, opened: Opened) {
    this.#client = client;
    this.#name = name;
    this.#continuation = opened.continuation;
    this.#committed = opened.status.committed;
    this.#errors = opened.status.errors;
  }

  static async open(client: StreamingClient, name: ChannelName): Promise<PipeChannel> {
    return new PipeChannel(client, name, await client.open(name));
  }

  /** All rows up to this offset token are in the table, or were named as left out. */
  get committed(): number {
    return this.#committed;
  }

  get isConfirmed(): boolean {
    return this.#sent.length === 0;
  }

  /** @throws CHANNEL_MOVED if another sender keeps taking the channel */
  async append(rows: StreamedRows): Promise<void> {
    this.#sent.push(rows);
    if (!(await this.#send(rows))) await this.#reopen();
  }

  /** Asks what is committed. */
  async confirm(): Promise<void> {
    const status = await this.#client.status(this.#name);
    if (status !== undefined) this.#note(status);
    if (status?.isOpen !== true) await this.#reopen();
  }

  /** What Snowflake left out since this was asked last. */
  takeLeftOut(): readonly LeftOut[] {
    const taken = this.#leftOut;
    this.#leftOut = [];
    return taken;
  }

  /** @returns whether it was taken; if not, the channel has to be opened again */
  async #send({ lines, last }: StreamedRows): Promise<boolean> {
    const place = { continuation: this.#continuation, offset: last };
    const next = await this.#client.append(this.#name, lines, place);
    if (next === undefined) return false;
    this.#continuation = next;
    return true;
  }

  async #reopen(): Promise<void> {
    for (let attempt = 0; attempt < MOST_REOPENS; attempt++) {
      const { continuation, status } = await this.#client.open(this.#name);
      this.#continuation = continuation;
      this.#note(status);
      if (await this.#sendAll()) return;
    }
    throw new ChurnMcpError(
      'CHANNEL_MOVED',
      `Snowflake closed the channel ${quoted(this.#name.channel)} ${MOST_REOPENS} times.`,
      { hint: 'Another sender seems to use it. Give each sender a channel of its own.' },
    );
  }

  async #sendAll(): Promise<boolean> {
    for (const rows of this.#sent) {
      if (!(await this.#send(rows))) return false;
    }
    return true;
  }

  #note(status: ChannelStatus): void {
    const before = this.#committed;
    const lastSent = this.#sent.at(-1)?.last ?? before;
    if (status.committed > lastSent) {
      throw new ChurnMcpError(
        'CHANNEL_MOVED',
        `Another sender came to offset ${status.committed} in the channel ${quoted(this.#name.channel)}.`,
        { hint: 'Give each sender a channel of its own.' },
      );
    }
    this.#committed = Math.max(before, status.committed);
    if (status.errors > this.#errors) {
      const upTo = status.lastErrorUpTo ?? this.#committed;
      const after = this.#startOf(upTo) ?? before;
      this.#leftOut.push({ rows: status.errors - this.#errors, message: status.lastError, after, upTo });
    }
    this.#errors = Math.max(this.#errors, status.errors);
    this.#sent = this.#sent.filter(({ last }) => last > this.#committed);
  }

  /** The offset token before the rows that were sent with this one. */
  #startOf(upTo: number): number | undefined {
    const first = this.#sent.find(({ last }) => last === upTo)?.first;
    return first === undefined ? undefined : first - 1;
  }
}

type Opened = Awaited<ReturnType<StreamingClient['open']>>;
