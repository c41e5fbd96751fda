import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ChurnMcpError } from '../errors.ts';
import { replaceFile } from '../files/durable-files.ts';
import { openSealedJson, sealedJson } from '../files/sealed-json.ts';
import { isMissing } from '../files/system-error.ts';
import { snapshotCorrupt } from './snapshot-corrupt.ts';
import { SNAPSHOT_FORMAT } from './snapshot-format.ts';

/**
 * The `data` folder of a home:
 *
 *     data/current.json                    which snapshot is current; the only file that is ever replaced
 *     data/snapshots/<id>.duckdb           immutable; its checksum lies beside it, in <id>.duckdb.sha256
 *     data/rejects/<id>.csv                rows that the import of that snapshot could not use
 *     data/flip.lock                       held while a finished snapshot becomes current
 *     data/building/<id>.<host>.<pid>/     work of an import that is running, or was killed
 */
export function homeLayout(home: string) {
  const data = join(home, 'data');
  return {
    data,
    pointer: join(data, 'current.json'),
    snapshots: join(data, 'snapshots'),
    rejects: join(data, 'rejects'),
    building: join(data, 'building'),
    flipLock: join(data, 'flip.lock'),
    snapshot: (id: string) => join(data, 'snapshots', `${id}.duckdb`),
    rejectsOf: (id: string) => join(data, 'rejects', `${id}.csv`),
  };
}

/** The id of a snapshot as part of a pattern. Ids become file names, so nothing else is accepted from a pointer file. */
export const SNAPSHOT_ID = '[0-9]{8}_[0-9]{6}_[0-9a-f]{8}';
const snapshotId = z.string().regex(new RegExp(`^${SNAPSHOT_ID}$`));

/** When the building of a snapshot began, to the second: its id begins with it. */
export function timeOfSnapshot(id: string): Date {
  const [, year, month, day, hours, minutes, seconds] =
    /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)_/.exec(id) ?? [];
  return new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
}

/** Names of our files in `data/snapshots` and `data/rejects`; no other file there is ever removed. */
export const SNAPSHOT_FILE_NAME = new RegExp(`^(?<id>${SNAPSHOT_ID})\\.(?:duckdb(?:\\.wal|\\.sha256)?|csv)$`);

const pointerSchema = z.object({
  /** Which tables the snapshot has, and what is in them: `SNAPSHOT_FORMAT` of the version that built it. */
  format: z.number().int(),
  snapshot: snapshotId,
  /** The previous snapshot, kept for servers that still answer from it. */
  previous: snapshotId.nullable(),
});

export type SnapshotPointer = z.infer<typeof pointerSchema>;

/** Whether this version of churn-mcp built the snapshot; the tables of another may be others. */
export function isOfThisVersion({ format }: SnapshotPointer): boolean {
  return format === SNAPSHOT_FORMAT;
}

/** @returns undefined if nothing has been imported; throws SNAPSHOT_CORRUPT if the file is damaged. */
export async function readPointer(home: string): Promise<SnapshotPointer | undefined> {
  const text = await readFile(homeLayout(home).pointer, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw corruptPointer(error);
  });
  if (text === undefined) return undefined;
  try {
    return openSealedJson(text, pointerSchema);
  } catch (error) {
    throw corruptPointer(error);
  }
}

/** Makes a snapshot the current one, in one step. */
export async function flipPointer(home: string, snapshot: string): Promise<SnapshotPointer> {
  const before = await readPointer(home).catch(() => undefined);
  const pointer = { format: SNAPSHOT_FORMAT, snapshot, previous: before?.snapshot ?? null };
  await replaceFile(homeLayout(home).pointer, sealedJson(pointer));
  return pointer;
}

function corruptPointer(cause: unknown): ChurnMcpError {
  return snapshotCorrupt(
    'The file data/current.json of the home folder is damaged, so it is unknown which data is current.',
    cause,
  );
}
