import { writeError } from '../data/duckdb/duckdb-errors.ts';
import { ChurnMcpError } from '../errors.ts';
import { sweepFolder } from '../files/aside.ts';
import { makeFolderDurably } from '../files/folders.ts';
import { quoted } from '../text/quoted.ts';
import { ChannelState } from './channel-state.ts';
import { encodeFrame, type Frame, STATE } from './frame.ts';
import { listSegments, logLayout } from './log-layout.ts';
import { positionOf } from './refresh.ts';
import type { RowKind } from './row-kinds.ts';
import { readFrames } from './segment-reader.ts';
import { SegmentWriter } from './segment-writer.ts';
import { WriterTurn } from './writer-turn.ts';

/** A new segment begins once one has this size: it is what a start reads, and what is removed in one piece. */
const SEGMENT_BYTES = 64 * 1024 * 1024;
/** What waits for the disk. More is refused, so that senders wait and memory is bounded. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;
const IDLE_MS = 100;

/** Rows of one kind, one JSON object per line. */
export interface BatchPart {
  readonly kind: RowKind;
  readonly rows: number;
  readonly lines: Buffer;
}

/** Rows that are stored together or not at all. */
export interface Batch {
  readonly channel: string;
  /** The channel's offset token once the rows are stored; rows up to the last one are known. */
  readonly token?: number | undefined;
  /** The token that the channel must still have, if the sender counts on it. */
  readonly after?: number | undefined;
  /** Instead of a token: the id of an event that may be repeated. */
  readonly event?: string | undefined;
  readonly parts: readonly BatchPart[];
}

export interface LogOptions {
  /** How long a batch waits for another process that holds the log. */
  readonly longestWaitMs?: number;
}

/** `known`: the rows were stored before, and are not stored again. */
export type Stored = 'stored' | 'known';

interface Waiting {
  readonly batch: Batch;
  readonly bytes: number;
  readonly resolve: (stored: Stored) => void;
  readonly reject: (error: unknown) => void;
}

interface Encoded {
  readonly waiting: Waiting;
  readonly frame: Frame;
  readonly bytes: Buffer;
}

/**
 * The log of a home: rows in the order of their arrival. `append` returns once the rows and the channel's token are on the
 * disk. Batches that wait at the same time are written and flushed together.
 */
export class IngestLog {
  readonly #home: string;
  readonly #turn: WriterTurn;
  #state = new ChannelState();
  #lastFrame = 0;
  /** Numbers up to this one were given. If files of the log are lost, they are not given again: a refresh would skip their rows. */
  #lastUsed = 0;
  #segment: SegmentWriter | undefined;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #work: Promise<void> | undefined;
  #idle: NodeJS.Timeout | undefined;

  private constructor(home: string, longestWaitMs: number | undefined) {
    this.#home = home;
    this.#turn = new WriterTurn(home, longestWaitMs);
  }

  /** @throws STORAGE if the home cannot be written, LOG_DAMAGED, LOG_BUSY */
  static async open(home: string, { longestWaitMs }: LogOptions = {}): Promise<IngestLog> {
    const log = new IngestLog(home, longestWaitMs);
    await asWriteErrors(async () => {
      await makeFolderDurably(logLayout(home).folder);
      await sweepFolder(logLayout(home).folder);
      log.#lastUsed = await positionOf(home).catch(unlessDamaged);
      await log.#takeTurn();
      await log.#turn.giveUp();
    });
    return log;
  }

  /** The token of the channel's last stored rows, as far as this process knows. */
  tokenOf(channel: string): number | undefined {
    return this.#state.tokenOf(channel);
  }

  /**
   * @throws LOG_BUSY if too much waits for the disk or another process holds the log, STORAGE if it cannot be written,
   * CHANNEL_MOVED if another sender uses the channel
   */
  append(batch: Batch): Promise<Stored> {
    const bytes = batch.parts.reduce((sum, { lines }) => sum + lines.length, 0);
    if (this.#waitingBytes + bytes > MOST_WAITING_BYTES && this.#waiting.length > 0) {
      throw new ChurnMcpError('LOG_BUSY', 'More rows arrive than the disk can store.', {
        hint: 'Send the same rows again in a few seconds.',
      });
    }
    this.#waitingBytes += bytes;
    const stored = new Promise<Stored>((resolve, reject) => {
      this.#waiting.push({ batch, bytes, resolve, reject });
    });
    this.#work ??= this.#storeWaiting().finally(() => {
      this.#work = undefined;
    });
    return stored;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#work;
    clearTimeout(this.#idle);
    await this.#segment?.close();
    this.#segment = undefined;
    await this.#turn.giveUp();
  }

  async #storeWaiting(): Promise<void> {
    clearTimeout(this.#idle);
    while (this.#waiting.length > 0) {
      const together = this.#waiting;
      this.#waiting = [];
      try {
        await asWriteErrors(async () => {
          await this.#takeTurn();
          await this.#store(together);
          await this.#turn.share();
        });
      } catch (error) {
        for (const { reject } of together) reject(error);
        await this.#turn.giveUp();
      } finally {
        this.#waitingBytes -= together.reduce((sum, { bytes }) => sum + bytes, 0);
      }
    }
    this.#idle = setTimeout(() => void this.#giveUpIfIdle(), IDLE_MS);
  }

  async #giveUpIfIdle(): Promise<void> {
    if (this.#work === undefined) await this.#turn.giveUp();
  }

  async #takeTurn(): Promise<void> {
    if (!(await this.#turn.take())) return;
    try {
      await this.#catchUp();
    } catch (error) {
      await this.#turn.giveUp();
      throw error;
    }
  }

  /** Reads what other processes appended since this one had its turn. */
  async #catchUp(): Promise<void> {
    const layout = logLayout(this.#home);
    const first = (await listSegments(this.#home)).at(-1);
    if (first === undefined) {
      if (this.#segment !== undefined) throw logVanished();
      await this.#beginSegment();
      return;
    }
    const file = layout.segment(first);
    const own = this.#segment;
    const since = own?.first === first ? await own.stateOf(file) : 'another';
    if (since === 'as left') return;
    let end = since === 'longer' && own !== undefined ? own.size : 0;
    for await (const frame of readFrames(file, end)) {
      const [part] = frame.parts;
      const [content] = frame.contents;
      if (part?.kind === STATE && content !== undefined) this.#state = ChannelState.fromBytes(content);
      this.#state.note(frame);
      this.#lastFrame = frame.frame;
      end = frame.end;
    }
    await own?.close();
    this.#segment = await SegmentWriter.continue(file, first, end);
    if (this.#lastFrame < this.#lastUsed) await this.#beginSegment();
    this.#lastUsed = this.#lastFrame;
  }

  async #beginSegment(): Promise<SegmentWriter> {
    const frame = Math.max(this.#lastFrame, this.#lastUsed) + 1;
    const state = this.#state.toBytes();
    const bytes = encodeFrame({ frame, parts: [{ kind: STATE, rows: 0, bytes: state.length }] }, [state]);
    const segment = await SegmentWriter.create(logLayout(this.#home).segment(frame), frame, bytes);
    await this.#segment?.close();
    this.#segment = segment;
    this.#lastFrame = frame;
    this.#lastUsed = frame;
    return segment;
  }

  async #store(together: readonly Waiting[]): Promise<void> {
    let segment = this.#segment;
    if (segment === undefined || segment.size > SEGMENT_BYTES) segment = await this.#beginSegment();
    const { fresh, known } = this.#sort(together);
    if (fresh.length > 0) await segment.append(Buffer.concat(fresh.map(({ bytes }) => bytes)));
    for (const { waiting, frame } of fresh) {
      this.#state.note(frame);
      this.#lastFrame = frame.frame;
      this.#lastUsed = frame.frame;
      waiting.resolve('stored');
    }
    for (const { resolve } of known) resolve('known');
  }

  /** Encodes the batches that are new, and refuses those that cannot be stored. */
  #sort(together: readonly Waiting[]): { fresh: Encoded[]; known: Waiting[] } {
    const fresh: Encoded[] = [];
    const known: Waiting[] = [];
    // Rows that are sent twice at the same time are known the second time.
    const state = new ChannelState(this.#state);
    for (const waiting of together) {
      const { channel, token, event, parts } = waiting.batch;
      if (state.holds({ channel, token, event })) {
        known.push(waiting);
        continue;
      }
      const problem = problemOf(waiting.batch, state);
      if (problem !== undefined) {
        waiting.reject(problem);
        continue;
      }
      const frame: Frame = {
        frame: this.#lastFrame + fresh.length + 1,
        channel,
        token,
        event,
        parts: parts.map(({ kind, rows, lines }) => ({ kind, rows, bytes: lines.length })),
      };
      const bytes = encodeFrame(
        frame,
        parts.map(({ lines }) => lines),
      );
      state.note(frame);
      fresh.push({ waiting, frame, bytes });
    }
    return { fresh, known };
  }
}

/** Why a batch cannot be stored, although it may be written. */
function problemOf({ channel, token, after }: Batch, state: ChannelState): ChurnMcpError | undefined {
  try {
    state.requireRoomFor(channel, token);
  } catch (error) {
    if (error instanceof ChurnMcpError) return error;
    throw error;
  }
  const last = state.tokenOf(channel);
  if (after === undefined || (last ?? 0) === after) return undefined;
  return new ChurnMcpError(
    'CHANNEL_MOVED',
    `Another process writes to the channel ${quoted(channel)}: its token is ${last ?? 0}, not ${after}.`,
    { hint: 'Give each sender a channel of its own (--channel NAME).' },
  );
}

/** The folder was removed, or its disk is no longer there: rows that go into a new log would be lost with its return. */
function logVanished(): ChurnMcpError {
  return new ChurnMcpError('STORAGE', 'The log of the home folder is gone. No row was stored.', {
    hint: 'Put the home folder back, or mount its disk, and send the rows again. If it was removed on purpose, start this process again: it then begins a new log.',
  });
}

/** Rows are taken even if the data cannot be read: the person who repairs it needs them. */
function unlessDamaged(error: unknown): number {
  if (error instanceof ChurnMcpError && error.code === 'SNAPSHOT_CORRUPT') return 0;
  throw error;
}

async function asWriteErrors(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw writeError(error);
  }
}
