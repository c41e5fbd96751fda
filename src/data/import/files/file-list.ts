import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { ChurnMcpError } from '../../../errors.ts';
import { isMissing } from '../../../files/system-error.ts';
import { quoted } from '../../../text/quoted.ts';
import type { FilePaths } from '../import-request.ts';

/** Endings of files that are taken from a folder; a file named directly may have any ending. */
const ENDINGS = new Set(
  '.csv .tsv .txt .tab .psv .parquet .json .ndjson .jsonl .xlsx .xlsm .zip .gz'.split(' '),
);

/**
 * Lists the given files in order. A pattern (`orders-*.csv`) or a folder is replaced by its files, sorted by name.
 *
 * @throws IMPORT_REFUSED for an address, an empty folder, and a pattern that no file fits
 */
export async function listFiles(given: FilePaths): Promise<string[]> {
  const files: string[] = [];
  for (const path of [given].flat()) files.push(...(await filesOf(path)));
  return files;
}

async function filesOf(path: string): Promise<string[]> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) throw refuseAddress(path);
  const kind = await kindOf(path);
  if (kind === 'folder') return filesOfFolder(path);
  if (kind === undefined && /[*?]/.test(path)) return filesOfPattern(path);
  return [resolve(path)];
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (isMissing(error)) return undefined;
    return 'file';
  }
}

async function filesOfFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries
    .filter(
      (entry) =>
        entry.isFile() && !entry.name.startsWith('.') && ENDINGS.has(extname(entry.name).toLowerCase()),
    )
    .map((entry) => resolve(entry.parentPath, entry.name))
    .sort();
  if (files.length > 0) return files;
  throw new ChurnMcpError(
    'IMPORT_REFUSED',
    `The folder ${quoted(basename(folder))} holds no file to import.`,
    {
      hint: `Files in a folder must end in ${[...ENDINGS].join(', ')}. Name a file with another ending directly.`,
    },
  );
}

/** A pattern may contain `*` and `?` in its last part only. */
async function filesOfPattern(path: string): Promise<string[]> {
  const folder = dirname(path);
  const source = basename(path)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const pattern = new RegExp(`^${source}$`);
  const names = await readdir(folder).catch(() => []);
  const files = names
    .filter((name) => pattern.test(name) && !name.startsWith('.'))
    .sort()
    .map((name) => resolve(join(folder, name)));
  if (files.length > 0) return files;
  throw new ChurnMcpError('IMPORT_REFUSED', `No file matches ${quoted(path)}.`, {
    hint: 'Check the folder and the pattern: * stands for any characters of a name, ? for one.',
  });
}

function refuseAddress(path: string): ChurnMcpError {
  return new ChurnMcpError(
    'IMPORT_REFUSED',
    `${quoted(path)} is a URL, and an import fetches nothing from the network.`,
    {
      hint: 'Download the file and name the downloaded file. For data in Snowflake, set CHURN_MCP_DATA_SOURCE=snowflake.',
    },
  );
}
