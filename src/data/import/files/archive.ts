import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { Unzip, UnzipInflate } from 'fflate';
import { throwIfAborted } from '../../../errors.ts';
import { refuseFile } from './refused-file.ts';

/** A file of an archive, unpacked. */
export interface UnpackedFile {
  readonly name: string;
  readonly path: string;
}

/** Bound on the unpacked size: a file that grows a millionfold is an attack. */
const MOST_BYTES = 200 * 2 ** 30;

/**
 * Unpacks the files of a zip archive, in order of their names; folders and the hidden files of macOS are left out.
 *
 * @param copyName gives a name for a file: names of the archive never become part of a path
 * @throws IMPORT_REFUSED if it is damaged, encrypted or empty
 */
export async function unpack(
  archive: { readonly path: string; readonly name: string },
  copyName: () => string,
  signal: AbortSignal | undefined,
): Promise<UnpackedFile[]> {
  const unpacked: (UnpackedFile & { inner: string })[] = [];
  const open = new Set<number>();
  const failure: { error?: unknown } = {};
  let total = 0;
  const unzip = new Unzip((file) => {
    const isFile = !file.name.endsWith('/') && !/(^|\/)(__MACOSX|\.)/.test(file.name);
    if (!isFile) return;
    const path = copyName();
    const handle = openSync(path, 'wx');
    open.add(handle);
    unpacked.push({ inner: file.name, name: basename(file.name), path });
    file.ondata = (error, data, final) => {
      if (error !== null) failure.error = error;
      total += data?.length ?? 0;
      if (total > MOST_BYTES) failure.error = new Error('The archive is too large.');
      if (failure.error === undefined) writeSync(handle, data);
      if (final && open.delete(handle)) closeSync(handle);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for await (const piece of createReadStream(archive.path, { highWaterMark: 1 << 20 })) {
      throwIfAborted(signal);
      unzip.push(piece);
      if (failure.error !== undefined) throw failure.error;
    }
    unzip.push(new Uint8Array(0), true);
    if (failure.error !== undefined || open.size > 0)
      throw failure.error ?? new Error('The archive is incomplete.');
  } catch (cause) {
    throwIfAborted(signal);
    throw refuseFile(
      archive.name,
      'is a damaged archive, or has a password',
      'Unpack it yourself, and import the files in it.',
      cause,
    );
  } finally {
    for (const handle of open) closeSync(handle);
  }
  return unpacked.toSorted((a, b) => (a.inner < b.inner ? -1 : 1)).map(({ name, path }) => ({ name, path }));
}
