import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { Unzip, UnzipInflate } from 'fflate';
import { ChurnMcpError, throwIfAborted } from '../../../errors.ts';
import { refuseFile } from './refused-file.ts';
import { ARCHIVE_PIECE_BYTES, requirePlausibleSize } from './unpacked-size.ts';

/** A file of an archive, unpacked. */
export interface UnpackedFile {
  readonly name: string;
  readonly path: string;
}

const UNPACK_IT = 'Unpack it yourself, and import the files in it.';
/** Files of an archive; an export has one per table or month. */
const MOST_FILES = 1000;

/**
 * Unpacks the files of a zip archive, in order of their names; folders and the hidden files of macOS are left out.
 *
 * @param copyName gives a name for a file: names of the archive never become part of a path
 * @throws IMPORT_REFUSED if it is damaged or encrypted, holds too many files, or unpacks to far more than its size
 */
export async function unpack(
  archive: { readonly path: string; readonly name: string },
  copyName: () => string,
  signal: AbortSignal | undefined,
): Promise<UnpackedFile[]> {
  const unpacked: (UnpackedFile & { inner: string })[] = [];
  const open = new Set<number>();
  const failure: { error?: unknown } = {};
  let [packed, total] = [0, 0];
  const unzip = new Unzip((file) => {
    const isFile = !file.name.endsWith('/') && !/(^|\/)(__MACOSX|\.)/.test(file.name);
    if (!isFile || failure.error !== undefined) return;
    if (unpacked.length === MOST_FILES) {
      failure.error = refuseFile(archive.name, `holds more than ${MOST_FILES} files`, UNPACK_IT);
      return;
    }
    const path = copyName();
    const handle = openSync(path, 'wx');
    open.add(handle);
    unpacked.push({ inner: file.name, name: basename(file.name), path });
    file.ondata = (error, data, final) => {
      if (error !== null) failure.error = error;
      total += data?.length ?? 0;
      if (failure.error === undefined) writeSync(handle, data);
      if (final && open.delete(handle)) closeSync(handle);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for await (const piece of createReadStream(archive.path, { highWaterMark: ARCHIVE_PIECE_BYTES })) {
      throwIfAborted(signal);
      packed += piece.length;
      unzip.push(piece);
      if (failure.error !== undefined) throw failure.error;
      requirePlausibleSize(archive.name, packed, total);
    }
    unzip.push(new Uint8Array(0), true);
    if (failure.error !== undefined || open.size > 0)
      throw failure.error ?? new Error('The archive is incomplete.');
  } catch (cause) {
    throwIfAborted(signal);
    if (cause instanceof ChurnMcpError) throw cause;
    throw refuseFile(archive.name, 'is a damaged archive, or has a password', UNPACK_IT, cause);
  } finally {
    for (const handle of open) closeSync(handle);
  }
  return unpacked.toSorted((a, b) => (a.inner < b.inner ? -1 : 1)).map(({ name, path }) => ({ name, path }));
}
