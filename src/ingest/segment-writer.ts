import { type FileHandle, open, stat } from 'node:fs/promises';
import { replaceFile } from '../files/durable-files.ts';

/** The segment that is appended to. What `append` returns from is on the disk. */
export class SegmentWriter {
  readonly first: number;
  readonly #handle: FileHandle;
  #size: number;

  private constructor(first: number, handle: FileHandle, size: number) {
    this.first = first;
    this.#handle = handle;
    this.#size = size;
  }

  /** Makes a segment whose first bytes are `start`; it is there with all of them or not at all. */
  static async create(file: string, first: number, start: Buffer): Promise<SegmentWriter> {
    await replaceFile(file, start);
    return new SegmentWriter(first, await open(file, 'r+'), start.length);
  }

  /** Opens a segment to append after its whole frames, and cuts off what a killed process left behind them. */
  static async continue(file: string, first: number, end: number): Promise<SegmentWriter> {
    const handle = await open(file, 'r+');
    try {
      if ((await handle.stat()).size > end) {
        await handle.truncate(end);
        await handle.sync();
      }
      return new SegmentWriter(first, handle, end);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get size(): number {
    return this.#size;
  }

  /** What became of the file since this process appended to it: another may have appended, or put another file there. */
  async stateOf(file: string): Promise<'as left' | 'longer' | 'another'> {
    const [own, there] = await Promise.all([this.#handle.stat(), stat(file).catch(() => undefined)]);
    if (there?.ino !== own.ino || there.size < this.#size) return 'another';
    return there.size === this.#size ? 'as left' : 'longer';
  }

  async append(bytes: Buffer): Promise<void> {
    try {
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await this.#handle.write(
          bytes,
          written,
          bytes.length - written,
          this.#size + written,
        );
        written += bytesWritten;
      }
      await this.#handle.datasync();
    } catch (error) {
      // A full disk: part of the bytes may be there, and later ones must not follow them.
      await this.#handle.truncate(this.#size).catch(() => undefined);
      throw error;
    }
    this.#size += bytes.length;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
