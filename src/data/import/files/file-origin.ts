import { open, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { refuseFile } from './refused-file.ts';

/** A file as the user has it. */
export interface FileOrigin {
  readonly path: string;
  readonly name: string;
  /** Size and time of the file, to notice a change. */
  readonly state: string;
}

/** @throws IMPORT_REFUSED if there is no such file */
export async function originOf(path: string): Promise<FileOrigin> {
  const file = { path: resolve(path), name: basename(path) };
  return { ...file, state: await stateOf(file) };
}

/**
 * Some formats are read more than once, and the file must not change in between.
 *
 * @throws IMPORT_REFUSED if the file has changed
 */
export async function requireUnchanged(origin: FileOrigin): Promise<void> {
  if ((await stateOf(origin)) === origin.state) return;
  throw refuseFile(
    origin.name,
    'changed while it was read',
    'Import it again when no other program writes to it.',
  );
}

async function stateOf(file: { path: string; name: string }): Promise<string> {
  const found = await stat(file.path).catch((cause: unknown) => {
    throw refuseFile(file.name, 'cannot be found or read', 'Check the name and the permissions.', cause);
  });
  if (!found.isFile()) throw refuseFile(file.name, 'is not a file', 'Name a file.');
  return `${found.ino} ${found.size} ${found.mtimeMs}`;
}

/** The first bytes of a file. */
export async function startOf(path: string, length: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
