import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../files/system-error.ts';

/**
 * The `log` folder of a home:
 *
 *     log/<number>.log       segments: rows in the order of their arrival; the number is that of the first frame
 *     log/writer.lock        the lock of the process that appends
 *     log/refresh.lock       the lock of the process that folds the log into a snapshot
 *     log/rejects.ndjson     rows that could not be taken, each with its reason; the file before it is rejects.1.ndjson
 */
export function logLayout(home: string) {
  const folder = join(home, 'log');
  return {
    folder,
    segment: (firstFrame: number) => join(folder, `${String(firstFrame).padStart(16, '0')}.log`),
    writerLock: join(folder, 'writer.lock'),
    refreshLock: join(folder, 'refresh.lock'),
    rejects: join(folder, 'rejects.ndjson'),
    rejectsBefore: join(folder, 'rejects.1.ndjson'),
  };
}

const SEGMENT_NAME = /^(?<first>\d{16})\.log$/;

/** Whether a file of this name in the folder `log` is ours. */
export function isLogFile(name: string): boolean {
  return (
    SEGMENT_NAME.test(name) || /^(?:(?:writer|refresh)\.lock(?:\.wal)?|rejects(?:\.1)?\.ndjson)$/.test(name)
  );
}

/** The numbers of the first frames of all segments, in order; none if nothing was ever ingested. */
export async function listSegments(home: string): Promise<number[]> {
  const names = await readdir(logLayout(home).folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names
    .flatMap((name) => SEGMENT_NAME.exec(name)?.groups?.first ?? [])
    .map(Number)
    .sort((one, other) => one - other);
}
