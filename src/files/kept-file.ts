/**
 * Answers about all customers that take seconds, kept as files in a folder of the home: `FOLDER/VERSION_DATA.parquet` or
 * `.json`. A version and a snapshot never change, so a kept file stays right. One of other data or another version is removed
 * as soon as a new one is written.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ChurnMcpError } from '../errors.ts';
import { removeWithChecksum } from './checksum.ts';
import { makeFolder } from './folders.ts';
import { errnoOf } from './system-error.ts';

export interface KeptFile {
  /** Of the home, such as `offers`. */
  readonly folder: string;
  /** Of the model: `v_20261126_221924`. */
  readonly version: string;
  /** SHA-256 of the data, as the summary has it. */
  readonly fingerprint: string;
  readonly ending: 'parquet' | 'json';
}

/** Names of kept files; no other file of their folders is ever removed. */
export const KEPT_FILE_NAME = /^v_\d{8}_\d{6}_[0-9a-f]{16}\.(?:parquet|json)$/;

const FINGERPRINT_DIGITS = 16;

export function keptFilePath(home: string, kept: KeptFile): string {
  return join(home, kept.folder, `${stemOf(kept)}.${kept.ending}`);
}

/** Has `write` put a kept file in place, whole or not at all, and removes those of other data and versions. */
export async function keepFile(
  home: string,
  kept: KeptFile,
  write: (path: string) => Promise<void>,
): Promise<void> {
  const folder = join(home, kept.folder);
  await makeFolder(folder);
  await write(keptFilePath(home, kept));
  const names = await readdir(folder).catch(() => []);
  const old = names.filter((name) => KEPT_FILE_NAME.test(name) && !name.startsWith(`${stemOf(kept)}.`));
  // Best effort: a file that stays is never read again.
  for (const name of old) await removeWithChecksum(join(folder, name)).catch(() => undefined);
}

/** A full disk or a home that cannot be written is no reason to give no answer: a kept file only saves time. */
export async function unlessDiskFails(keep: () => Promise<void>): Promise<void> {
  try {
    await keep();
  } catch (error) {
    const isStorage = error instanceof ChurnMcpError && error.code === 'STORAGE';
    if (!isStorage && errnoOf(error) === undefined) throw error;
  }
}

function stemOf({ version, fingerprint }: KeptFile): string {
  return `${version}_${fingerprint.slice(0, FINGERPRINT_DIGITS)}`;
}
