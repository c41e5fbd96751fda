/**
 * The key that seals what travels through a client between a question and its answer. It lies in the home folder, so any
 * process of a home reads what another has sealed.
 */
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asidePath } from '../files/aside.ts';
import { placeUnlessTaken, replaceFile, writeNewFile } from '../files/durable-files.ts';
import { makeFolder } from '../files/folders.ts';
import { unlessDiskFails } from '../files/kept-file.ts';

const KEY_BYTES = 32;

/** Makes the key if there is none. If the disk fails, this process has a key of its own. */
export async function answerKey(home: string): Promise<Uint8Array> {
  const file = join(home, 'answers.key');
  const kept = await readKey(file);
  if (kept !== undefined) return kept;
  const made = randomBytes(KEY_BYTES);
  await unlessDiskFails(() => keepKey(home, file, made));
  return (await readKey(file)) ?? made;
}

async function readKey(file: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes?.length === KEY_BYTES ? bytes : undefined;
}

/** Of several processes that make a key at the same time, all use the first. A damaged one is replaced. */
async function keepKey(home: string, file: string, key: Uint8Array): Promise<void> {
  await makeFolder(home);
  const aside = asidePath(home);
  try {
    await writeNewFile(aside, key);
    const placed = await placeUnlessTaken(aside, file);
    if (placed === 'taken' && (await readKey(file)) === undefined) await replaceFile(file, key);
  } finally {
    await rm(aside, { force: true }).catch(() => undefined);
  }
}
