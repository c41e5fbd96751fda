import { open, rename, stat } from 'node:fs/promises';
import { plainText } from '../text/plain-text.ts';
import { logLayout } from './log-layout.ts';

/** The file and the one before it hold the latest rejects, so the disk stays bounded. */
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_CONTENT = 2000;

/** A row that could not be taken. */
export interface RejectedRow {
  readonly channel: string;
  /** Where it is: the offset token of the row. */
  readonly offset: number | undefined;
  readonly reason: string;
  readonly content: string;
}

/** Adds rows to the file of rejects, and flushes them: the sender is then told that the rows were taken. */
export async function writeRejects(home: string, rows: readonly RejectedRow[]): Promise<void> {
  if (rows.length === 0) return;
  const { rejects, rejectsBefore } = logLayout(home);
  const size = await stat(rejects).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MOST_BYTES) await rename(rejects, rejectsBefore).catch(() => undefined);
  const lines = rows.map((row) =>
    JSON.stringify({ ...row, content: plainText(row.content.slice(0, MOST_CONTENT)) }),
  );
  const handle = await open(rejects, 'a', 0o600);
  try {
    await handle.writeFile(`${lines.join('\n')}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
