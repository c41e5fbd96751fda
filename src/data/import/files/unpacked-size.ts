import { createReadStream } from 'node:fs';
import { Unzip, UnzipInflate } from 'fflate';
import { throwIfAborted } from '../../../errors.ts';
import { refuseFile } from './refused-file.ts';

/** Orders shrink to a tenth or a thirtieth; a file that grows beyond both bounds was made to fill the disk or the memory. */
const MOST_TIMES = 100;
const ALWAYS_ALLOWED_BYTES = 2 ** 28;
/** Bytes of an archive that are unpacked at a time: a thousand times as much may come out of them. */
export const ARCHIVE_PIECE_BYTES = 1 << 16;

/**
 * Checks a packed file while it is unpacked.
 *
 * @param packed bytes of the file as it is. @param unpacked bytes that came out so far
 * @throws IMPORT_REFUSED
 */
export function requirePlausibleSize(name: string, packed: number, unpacked: number): void {
  if (unpacked <= ALWAYS_ALLOWED_BYTES || unpacked <= packed * MOST_TIMES) return;
  throw refuseFile(
    name,
    `unpacks to more than ${MOST_TIMES} times its size`,
    'No export shrinks that much. If it is yours, unpack it and import the files in it.',
  );
}

/**
 * Unpacks a workbook without keeping anything, because its reader keeps all of it in memory, and the sizes that an archive
 * states may be wrong.
 *
 * @throws IMPORT_REFUSED if it unpacks to far more than its size. What is damaged is left to its reader.
 */
export async function requirePlausibleWorkbook(
  { path, name }: { readonly path: string; readonly name: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  let [packed, unpacked, isDamaged] = [0, 0, false];
  const unzip = new Unzip((part) => {
    part.ondata = (error, data) => {
      isDamaged ||= error !== null;
      unpacked += data?.length ?? 0;
    };
    part.start();
  });
  unzip.register(UnzipInflate);
  for await (const piece of createReadStream(path, { highWaterMark: ARCHIVE_PIECE_BYTES })) {
    throwIfAborted(signal);
    packed += piece.length;
    unzip.push(piece);
    if (isDamaged) return;
    requirePlausibleSize(name, packed, unpacked);
  }
}
