import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { ROW_KINDS, type RowKind } from './row-kinds.ts';

/**
 * A segment is a row of frames. A frame is one line of text and the bytes that the line announces:
 *
 *     <crc32 of all that follows> {"frame":17,"channel":"shop","token":2000,"parts":[{"kind":"orders","rows":2,"bytes":310}],"head":"<crc32 of this line>"}
 *     {"order_id":…}
 *     {"order_id":…}
 *
 * The offset token of the channel is within the frame, so rows and token are on the disk together or not at all.
 * The line has a checksum of its own: it says how long the frame is, and a longer frame would look like one that a killed
 * process left unfinished. Every segment begins with a frame that holds the state of all channels, so older segments are not needed to go on.
 */
export interface Frame {
  readonly frame: number;
  readonly channel?: string | undefined;
  /** The channel's offset token once this frame is stored. */
  readonly token?: number | undefined;
  /** The id of an event that a sender may repeat, such as a webhook. */
  readonly event?: string | undefined;
  readonly parts: readonly FramePart[];
}

interface FramePart {
  readonly kind: RowKind | typeof STATE;
  readonly rows: number;
  readonly bytes: number;
}

/** The kind of the part that holds the state of all channels. */
export const STATE = 'state';

export const MOST_HEADER_BYTES = 4096;

/** Fields that a later version adds are let pass. */
const headerSchema = z.object({
  frame: z.number().int().positive(),
  channel: z.string().optional(),
  token: z.number().int().nonnegative().optional(),
  event: z.string().optional(),
  parts: z.array(
    z.object({
      kind: z.enum([...ROW_KINDS, STATE]),
      rows: z.number().int().nonnegative(),
      bytes: z.number().int().nonnegative(),
    }),
  ),
});

export function encodeFrame(frame: Frame, contents: readonly Buffer[]): Buffer {
  const text = JSON.stringify(frame);
  const header = Buffer.from(`${text.slice(0, -1)},"head":"${checksum(text)}"}\n`);
  const body = Buffer.concat([header, ...contents]);
  return Buffer.concat([Buffer.from(`${checksum(body)} `), body]);
}

/** The end of a header that has a checksum. Logs of earlier versions have none. */
const HEAD_CHECKSUM = /,"head":"(?<sum>[0-9a-f]{8})"\}$/;

const CHECKSUM_BYTES = 9;

/** @returns undefined if these bytes do not begin with a header that is as it was written */
export function decodeHeader(
  bytes: Buffer,
): { frame: Frame; headerBytes: number; bodyBytes: number } | undefined {
  const end = bytes.indexOf(0x0a);
  if (end < CHECKSUM_BYTES) return undefined;
  try {
    const line = bytes.toString('utf8', CHECKSUM_BYTES, end);
    const text = line.replace(HEAD_CHECKSUM, '}');
    const sum = HEAD_CHECKSUM.exec(line)?.groups?.sum;
    if (sum !== undefined && sum !== checksum(text)) return undefined;
    // Without a checksum, an unknown field may be that of the checksum with a flipped bit.
    const schema = sum === undefined ? headerSchema.strict() : headerSchema;
    const frame = schema.parse(JSON.parse(text));
    const bodyBytes = frame.parts.reduce((sum, part) => sum + part.bytes, 0);
    return { frame, headerBytes: end + 1, bodyBytes };
  } catch {
    return undefined;
  }
}

export function isWhole(frame: Buffer): boolean {
  return frame.toString('latin1', 0, CHECKSUM_BYTES) === `${checksum(frame.subarray(CHECKSUM_BYTES))} `;
}

function checksum(bytes: Buffer | string): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
