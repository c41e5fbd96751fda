import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import { writeChecksum } from '../../files/checksum.ts';
import { renameDurably } from '../../files/durable-files.ts';
import { makeFolder } from '../../files/folders.ts';
import { utcStamp } from '../../files/utc-stamp.ts';
import { flipPointer, homeLayout, readPointer } from '../home-layout.ts';
import { writeError } from './duckdb-errors.ts';
import { withFlipTurn } from './flip-turn.ts';
import { buildingFolderName, sweepOldSnapshots, sweepStaleBuilds } from './snapshot-sweeper.ts';

export interface PublishOptions {
  readonly home: string;
  readonly signal?: AbortSignal | undefined;
  /** The snapshot that must still be current, or none (null); else this one is not made current. */
  readonly follows?: string | null | undefined;
  /** Called when the snapshot is complete and its file has its final name, before it becomes current. */
  readonly beforeFlip?: (snapshotId: string) => Promise<void>;
}

/** Runs `work` with a new folder for a build, and removes it afterwards. */
export async function withBuild<Result>(
  { home, signal }: Pick<PublishOptions, 'home' | 'signal'>,
  work: (build: Build) => Promise<Result>,
): Promise<Result> {
  throwIfAborted(signal);
  try {
    const build = await prepareBuild(home);
    try {
      return await work(build);
    } finally {
      await rm(build.folder, { recursive: true, force: true }).catch(() => undefined);
    }
  } catch (error) {
    throw writeError(error, signal);
  }
}

export interface Build {
  readonly snapshotId: string;
  readonly folder: string;
  readonly file: string;
}

async function prepareBuild(home: string): Promise<Build> {
  const layout = homeLayout(home);
  for (const folder of [layout.snapshots, layout.rejects, layout.building]) {
    await makeFolder(folder);
  }
  const snapshotId = newSnapshotId(new Date());
  const folder = join(layout.building, buildingFolderName(snapshotId));
  await mkdir(folder);
  await sweepStaleBuilds(home, folder);
  return { snapshotId, folder, file: join(folder, 'next.duckdb') };
}

/**
 * The id of a snapshot. Ids sort by time to the millisecond, because `doctor --repair` goes back to the newest whole
 * snapshot, and two imports that begin in the same millisecond get different ones: `YYYYMMDD_HHMMSS_`, three hex digits of
 * milliseconds, five random ones.
 */
export function newSnapshotId(now: Date): string {
  const millisecond = now.getUTCMilliseconds().toString(16).padStart(3, '0');
  return `${utcStamp(now)}_${millisecond}${randomBytes(3).toString('hex').slice(1)}`;
}

/** @throws SNAPSHOT_MOVED if another build became current meanwhile: this one does not hold its rows */
async function requireCurrent(home: string, expected: string | null): Promise<void> {
  const current = (await readPointer(home))?.snapshot ?? null;
  if (current === expected) return;
  throw new ChurnMcpError('SNAPSHOT_MOVED', 'Other data became current while rows were added.', {
    hint: 'Nothing was changed. A refresh begins again by itself; run an import --append again.',
  });
}

/** Makes a complete snapshot current: flushed, with its checksum, and in one step. */
export async function publish(build: Build, options: PublishOptions): Promise<void> {
  const { home, beforeFlip } = options;
  await writeChecksum(homeLayout(home).snapshot(build.snapshotId), build.file);
  await renameDurably(build.file, homeLayout(home).snapshot(build.snapshotId));
  await beforeFlip?.(build.snapshotId);
  await withFlipTurn(home, async () => {
    if (options.follows !== undefined) await requireCurrent(home, options.follows);
    await flipPointer(home, build.snapshotId);
  });
  await rm(build.folder, { recursive: true, force: true });
  await sweepOldSnapshots(home);
}
