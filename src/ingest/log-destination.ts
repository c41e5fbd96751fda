import { ChannelWriter } from './channel-writer.ts';
import type { IngestLog } from './ingest-log.ts';
import type { ChannelPosition, RowDestination, RowWriter, WriterRequest } from './row-destination.ts';

/** The log of a home as a place for rows. */
export class LogDestination implements RowDestination {
  readonly #log: IngestLog;
  readonly #home: string;

  constructor(log: IngestLog, home: string) {
    this.#log = log;
    this.#home = home;
  }

  async positionOf(channel: string): Promise<ChannelPosition> {
    const token = this.#log.tokenOf(channel) ?? 0;
    return { stored: token, highest: token };
  }

  async writerOf(request: WriterRequest): Promise<RowWriter> {
    return new ChannelWriter({ ...request, log: this.#log, home: this.#home });
  }
}
