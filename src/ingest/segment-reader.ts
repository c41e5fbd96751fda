import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { ChurnMcpError } from '../errors.ts';
import { decodeHeader, type Frame, isWhole, MOST_HEADER_BYTES } from './frame.ts';

/** A frame with the content of each of its parts, in their order. */
export interface ReadFrame extends Frame {
  readonly contents: readonly Buffer[];
  /** Where the next frame begins. */
  readonly end: number;
}

/**
 * Reads the whole frames of a segment, from a byte on. It ends at the end of the file, or at a frame that is not all there: a
 * killed process left it, and nobody was told that it is stored.
 *
 * @throws LOG_DAMAGED if the bytes of a frame are not those that were written
 */
export async function* readFrames(file: string, from = 0): AsyncGenerator<ReadFrame> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    let at = from;
    for (;;) {
      const frame = at < size ? await readFrame(handle, { at, size, name: basename(file) }) : undefined;
      // A segment is there with its first frame or not at all.
      if (frame === undefined && at === 0) throw damaged(basename(file), 0);
      if (frame === undefined) return;
      yield frame;
      at = frame.end;
    }
  } finally {
    await handle.close();
  }
}

/** What a frame says of itself, without its rows. */
export interface FrameHead extends Frame {
  /** Where the next frame begins. */
  readonly end: number;
}

/** Far more than the head of a frame, so that many small frames are read at once. */
const CHUNK_BYTES = 256 * 1024;

/**
 * The heads of the whole frames of a segment, from a byte on. It does not check their rows; `readFrames` does.
 *
 * @throws LOG_DAMAGED if there is no head where one must be
 */
export async function* readFrameHeads(file: string, from = 0): AsyncGenerator<FrameHead> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    let chunk: Buffer = Buffer.alloc(0);
    let chunkAt = from;
    for (let at = from; at < size; ) {
      const hasHead = at + MOST_HEADER_BYTES <= chunkAt + chunk.length;
      if (!hasHead) {
        chunk = await readBytes(handle, at, Math.min(CHUNK_BYTES, size - at));
        chunkAt = at;
      }
      const head = chunk.subarray(at - chunkAt, at - chunkAt + MOST_HEADER_BYTES);
      const decoded = decodeHeader(head);
      if (decoded === undefined) {
        if (isCutOff(head)) return;
        throw damaged(basename(file), at);
      }
      const end = at + decoded.headerBytes + decoded.bodyBytes;
      if (end > size) return;
      yield { ...decoded.frame, end };
      at = end;
    }
  } finally {
    await handle.close();
  }
}

/** The end of a header that was cut off holds no line break. */
function isCutOff(head: Buffer): boolean {
  return head.length < MOST_HEADER_BYTES && !head.includes(0x0a);
}

interface Place {
  readonly at: number;
  readonly size: number;
  readonly name: string;
}

async function readFrame(handle: FileHandle, { at, size, name }: Place): Promise<ReadFrame | undefined> {
  const head = await readBytes(handle, at, Math.min(MOST_HEADER_BYTES, size - at));
  const decoded = decodeHeader(head);
  if (decoded === undefined) {
    if (isCutOff(head)) return undefined;
    throw damaged(name, at);
  }
  const { frame, headerBytes, bodyBytes } = decoded;
  const end = at + headerBytes + bodyBytes;
  if (end > size) return undefined;
  const bytes = await readBytes(handle, at, headerBytes + bodyBytes);
  if (!isWhole(bytes)) throw damaged(name, at);
  const contents: Buffer[] = [];
  let start = headerBytes;
  for (const part of frame.parts) {
    contents.push(bytes.subarray(start, start + part.bytes));
    start += part.bytes;
  }
  return { ...frame, contents, end };
}

async function readBytes(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function damaged(name: string, at: number): ChurnMcpError {
  return logDamaged(`The file log/${name} of the home folder is damaged at byte ${at}.`);
}

export function logDamaged(message: string): ChurnMcpError {
  return new ChurnMcpError('LOG_DAMAGED', message, {
    hint: 'Put the file back from a backup. Without one, "churn-mcp doctor --repair" moves it and the later files of the log to set-aside: channels then begin again at the tokens of the file before it, and their senders send again what came later.',
  });
}
