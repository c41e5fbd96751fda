import { dirname } from 'node:path';
import { makeFolder } from '../../files/folders.ts';
import { messageOf, writeError } from './duckdb-errors.ts';

/** Locks of this process: the system's own tell processes apart, not those who ask within one. */
const held = new Set<string>();

/**
 * Takes an exclusive lock on `file`, or returns undefined where somebody has it. It is the lock that DuckDB puts on a
 * database it may write, so the system frees it when its holder ends, however it ends.
 *
 * @throws STORAGE where the file cannot be written
 */
export async function tryLock(file: string): Promise<AsyncDisposable | undefined> {
  if (held.has(file)) return undefined;
  held.add(file);
  try {
    await makeFolder(dirname(file));
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(file, { threads: '1' });
    return {
      async [Symbol.asyncDispose]() {
        instance.closeSync();
        held.delete(file);
      },
    };
  } catch (error) {
    held.delete(file);
    if (isHeldElsewhere(error)) return undefined;
    throw writeError(error);
  }
}

/** As DuckDB says it on Unix, and as it does on Windows. */
function isHeldElsewhere(error: unknown): boolean {
  return /could not set lock on file|used by another process/i.test(messageOf(error));
}
