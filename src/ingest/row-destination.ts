import type { BadRow, GoodRow } from './row-reader.ts';

/** What is stored now, and stays so. */
export interface Acknowledgement {
  readonly channel: string;
  readonly offset_token: number;
  readonly rows: number;
  readonly rejected: number;
}

export interface WriterRequest {
  readonly channel: string;
  /** Whether the channel's offset token is kept, for a sender that begins again. */
  readonly isRemembered: boolean;
  readonly onStored: (stored: Acknowledgement) => void;
  /** Told at once, because the input may be silent for long. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** How far a channel has come. */
export interface ChannelPosition {
  /** All rows up to it are stored, so a file is read on from here. */
  readonly stored: number;
  /** The highest offset token of a stored row. */
  readonly highest: number;
}

/** Where rows go: the log of the home, or tables in Snowflake. */
export interface RowDestination {
  positionOf(channel: string): Promise<ChannelPosition>;
  writerOf(request: WriterRequest): Promise<RowWriter>;
}

/** Takes the rows of one channel in their order. */
export interface RowWriter {
  /** Whether the row was stored before. */
  holds(row: GoodRow | BadRow, token: number): boolean;
  /** Takes a row with its offset token; returns a promise if the sender should wait. */
  add(row: GoodRow | BadRow, token: number): Promise<void> | undefined;
  /** Stores what there is if nothing more comes for a while. */
  lingerForMore(): void;
  /** Stores everything that was added. */
  finish(): Promise<void>;
}
