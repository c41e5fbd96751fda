import { z } from 'zod';
import { ChurnMcpError } from '../errors.ts';
import { formatCount } from '../text/format.ts';
import { quoted } from '../text/quoted.ts';
import type { Frame } from './frame.ts';

/** Each segment begins with all tokens, so their number is bounded: a folder that gets a file a minute lasts for two months. */
const MOST_CHANNELS = 100_000;
/** A shop system repeats a webhook for two days at most. */
const MOST_EVENTS = 20_000;
const CHANNEL_NAME = /^[\x21-\x7e][\x20-\x7e]{0,999}$/;

const stateSchema = z.object({
  tokens: z.record(z.string(), z.number().int().nonnegative()),
  events: z.array(z.string()),
});

/** How far each channel has come, and which events were taken. */
export class ChannelState {
  readonly #tokens = new Map<string, number>();
  readonly #events = new Set<string>();
  readonly #base: ChannelState | undefined;

  /** @param base what holds too, unless it is changed here */
  constructor(base?: ChannelState) {
    this.#base = base;
  }

  tokenOf(channel: string): number | undefined {
    return this.#tokens.get(channel) ?? this.#base?.tokenOf(channel);
  }

  /** Whether these rows are in the log: the sender sends them again because it does not know. */
  holds({ channel, token, event }: Pick<Frame, 'channel' | 'token' | 'event'>): boolean {
    if (event !== undefined && this.#hasEvent(event)) return true;
    if (channel === undefined || token === undefined) return false;
    const last = this.tokenOf(channel);
    return last !== undefined && token <= last;
  }

  #hasEvent(event: string): boolean {
    return this.#events.has(event) || this.#base?.holds({ event }) === true;
  }

  note({ channel, token, event }: Pick<Frame, 'channel' | 'token' | 'event'>): void {
    if (channel !== undefined && token !== undefined) this.#tokens.set(channel, token);
    if (event === undefined) return;
    this.#events.add(event);
    if (this.#events.size <= MOST_EVENTS) return;
    for (const oldest of this.#events) {
      this.#events.delete(oldest);
      break;
    }
  }

  /** @throws INVALID_ARGUMENT if the name cannot be one, or there are too many channels */
  requireRoomFor(channel: string, token: number | undefined): void {
    if (!CHANNEL_NAME.test(channel)) {
      throw new ChurnMcpError('INVALID_ARGUMENT', `${quoted(channel)} cannot be the name of a channel.`, {
        hint: 'A name has 1 to 1,000 letters, digits and signs of ASCII.',
      });
    }
    if (token === undefined || this.tokenOf(channel) !== undefined || this.#channels < MOST_CHANNELS) return;
    throw new ChurnMcpError(
      'INVALID_ARGUMENT',
      `There are ${formatCount(MOST_CHANNELS)} channels, and no more are possible.`,
      {
        hint: 'Use one channel for each sender, not one for each batch. Files can go through standard input instead: cat *.ndjson | churn-mcp ingest --channel NAME.',
      },
    );
  }

  get #channels(): number {
    return this.#tokens.size + (this.#base === undefined ? 0 : this.#base.#channels);
  }

  toBytes(): Buffer {
    const state = { tokens: Object.fromEntries(this.#tokens), events: [...this.#events] };
    return Buffer.from(`${JSON.stringify(state)}\n`);
  }

  /** @throws SyntaxError or a ZodError if these are not the bytes of a state */
  static fromBytes(bytes: Buffer): ChannelState {
    const { tokens, events } = stateSchema.parse(JSON.parse(bytes.toString('utf8')));
    const state = new ChannelState();
    for (const [channel, token] of Object.entries(tokens)) state.#tokens.set(channel, token);
    for (const event of events) state.#events.add(event);
    return state;
  }
}
