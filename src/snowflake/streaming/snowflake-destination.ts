import { createHash } from 'node:crypto';
import { ChurnMcpError } from '../../errors.ts';
import { makeFolderDurably } from '../../files/folders.ts';
import { logLayout } from '../../ingest/log-layout.ts';
import type {
  ChannelPosition,
  RowDestination,
  RowWriter,
  WriterRequest,
} from '../../ingest/row-destination.ts';
import type { RowKind } from '../../ingest/row-kinds.ts';
import type { SnowflakeConfig, TableName } from '../snowflake-config.ts';
import { PipeChannel } from './pipe-channel.ts';
import { SnowflakeWriter } from './snowflake-writer.ts';
import { StreamingClient, type StreamingClock } from './streaming-client.ts';
import { readStreamingCredential } from './streaming-credential.ts';

export interface SnowflakeDestinationOptions {
  readonly config: Pick<SnowflakeConfig, 'connection' | 'tables'>;
  /** For the rejects. */
  readonly home: string;
  /** The kind of all rows, or undefined if each says its own. */
  readonly kind: RowKind | undefined;
  /** After it, less time is given to a commit. */
  readonly signal: AbortSignal;
  readonly clock: StreamingClock;
  /** The most rows that are sent at once. */
  readonly batchRows?: number;
}

type Channels = ReadonlyMap<RowKind, PipeChannel>;

/** The shop's tables in Snowflake as a place for rows: each through its default pipe, with a channel for each sender. */
export class SnowflakeDestination implements RowDestination {
  readonly #options: SnowflakeDestinationOptions;
  readonly #client: StreamingClient;
  readonly #opened = new Map<string, Promise<Channels>>();
  /** Up to where this process has stored each channel. */
  readonly #stored = new Map<string, number>();

  private constructor(options: SnowflakeDestinationOptions, client: StreamingClient) {
    this.#options = options;
    this.#client = client;
  }

  /** @throws INVALID_CONFIG if the configured login cannot be used */
  static async open(options: SnowflakeDestinationOptions): Promise<SnowflakeDestination> {
    await makeFolderDurably(logLayout(options.home).folder);
    const credential = await readStreamingCredential(options.config.connection);
    return new SnowflakeDestination(options, new StreamingClient(credential, options.clock));
  }

  /** Tables take their rows one by one, so what one has may be ahead of what another has. */
  async positionOf(channel: string): Promise<ChannelPosition> {
    const committed = [...(await this.#channelsOf(channel)).values()].map((pipe) => pipe.committed);
    return {
      stored: this.#stored.get(channel) ?? Math.min(...committed),
      highest: Math.max(...committed),
    };
  }

  async writerOf(request: WriterRequest): Promise<RowWriter> {
    const { home, signal, clock, batchRows } = this.#options;
    const channels = await this.#channelsOf(request.channel);
    const onStored: WriterRequest['onStored'] = (stored) => {
      this.#stored.set(request.channel, stored.offset_token);
      request.onStored(stored);
    };
    return new SnowflakeWriter({
      ...request,
      onStored,
      home,
      channels,
      signal,
      sleep: clock.sleep,
      batchRows,
    });
  }

  #channelsOf(channel: string): Promise<Channels> {
    const opened = this.#opened.get(channel) ?? this.#open(channelName(channel));
    this.#opened.set(channel, opened);
    return opened;
  }

  async #open(channel: string): Promise<Channels> {
    const { config, kind } = this.#options;
    const { orders, order_items, customers, product_catalog } = config.tables;
    const tables: readonly [RowKind, TableName | undefined][] = [
      ['orders', orders],
      ['order_items', order_items],
      ['customers', customers],
      ['products', product_catalog],
    ];
    const channels = new Map<RowKind, PipeChannel>();
    for (const [of, table] of tables) {
      if (table === undefined || (kind !== undefined && kind !== of)) continue;
      const [database, schema, name] = table;
      const pipe = [database, schema, `${name}-STREAMING`] as const;
      channels.set(of, await PipeChannel.open(this.#client, { pipe, channel }));
    }
    if (channels.size === 0) {
      throw new ChurnMcpError('INVALID_ARGUMENT', `There is no table in Snowflake for rows of ${kind}.`, {
        hint: 'Rows of orders, order_items, customers and products can go there; docs/snowflake.md says how tables are named.',
      });
    }
    return channels;
  }
}

const READABLE = 40;

/** Names of channels do not differ by case in Snowflake, so a digest of the sender's name is a part of it. */
export function channelName(channel: string): string {
  const readable = channel.replaceAll(/\W+/g, '_').slice(-READABLE);
  const digest = createHash('sha256').update(channel).digest('hex').slice(0, 16);
  return `CHURN_MCP_${readable}_${digest}`.toUpperCase();
}
