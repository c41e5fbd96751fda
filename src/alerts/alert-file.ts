import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flushFolder } from '../files/folders.ts';
import type { Alert } from './alert-state.ts';

/** A killed process may have written the last alerts without saying so; they are looked for this far from the end. */
const LOOKED_AT_BYTES = 1024 * 1024;

/**
 * Appends an alert as a line of JSON, once: not if the end of the file holds it already. What a killed process left of a line
 * is cut off. Returns once it is on the disk.
 */
export async function appendOnce(file: string, alert: Alert): Promise<void> {
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - LOOKED_AT_BYTES);
    const tail = Buffer.alloc(size - from);
    await handle.read(tail, 0, tail.length, from);
    const whole = tail.lastIndexOf(0x0a) + 1;
    const line = `${JSON.stringify(alert)}\n`;
    const rest = tail.toString('utf8', whole);
    const isOurs = rest !== '' && line.startsWith(rest);
    if (isOurs) await handle.truncate(from + whole);
    const holdsIt = tail.toString('utf8', 0, whole).includes(`{"id":"${alert.id}"`);
    // A file that somebody else wrote may end without a line break.
    if (!holdsIt) await handle.appendFile(rest === '' || isOurs ? line : `\n${line}`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await flushFolder(dirname(file));
}
