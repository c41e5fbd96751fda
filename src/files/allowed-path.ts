import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { ChurnMcpError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';

/**
 * The file that a caller may have read: a plain file within one of the folders, neither hidden nor in a hidden folder. Links
 * are followed first, so none leads out of the folders.
 *
 * @param folders absolute. None allows no path at all. @returns the path without links
 * @throws PATH_NOT_ALLOWED
 */
export async function allowedFile(path: string, folders: readonly string[]): Promise<string> {
  if (folders.length === 0) {
    throw new ChurnMcpError('PATH_NOT_ALLOWED', 'This server reads no files by their path.', {
      hint: 'Paste the rows as csv, or ask the person who runs the server to set CHURN_MCP_IMPORT_FOLDERS.',
    });
  }
  // A relative path is meant within the first folder.
  const file = await realpath(resolve(folders[0], path)).catch(() => undefined);
  const inside = file === undefined ? undefined : await placeWithin(file, folders);
  if (file === undefined || inside === undefined)
    throw notAllowed(path, 'is not a file in a folder that may be read');
  if (inside.split(sep).some((part) => part.startsWith('.'))) throw notAllowed(path, 'is hidden');
  if ((await stat(file)).isFile()) return file;
  throw notAllowed(path, 'is no plain file');
}

/** The path of a file within the first of the folders that holds it. */
async function placeWithin(file: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const place = relative(await realpath(folder).catch(() => folder), file);
    if (place !== '' && !isAbsolute(place) && place.split(sep)[0] !== '..') return place;
  }
  return undefined;
}

function notAllowed(path: string, what: string): ChurnMcpError {
  return new ChurnMcpError('PATH_NOT_ALLOWED', `${quoted(path)} ${what}.`, {
    hint: 'Give the path of a file in your home folder, or set CHURN_MCP_IMPORT_FOLDERS to the folders that may be read.',
  });
}
