import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChurnMcpError } from '../../src/errors.ts';
import { replaceFile } from '../../src/files/durable-files.ts';
import { makeFolder } from '../../src/files/folders.ts';
import { type KeptFile, keepFile, keptFilePath, unlessDiskFails } from '../../src/files/kept-file.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const OLD = {
  folder: 'offers',
  version: 'v_20260101_000000',
  fingerprint: 'a'.repeat(64),
  ending: 'parquet',
} as const satisfies KeptFile;

const keep = (home: string, kept: KeptFile, text: string) =>
  keepFile(home, kept, (path) => replaceFile(path, text));

describe('a kept file', () => {
  it('replaces those of other data and other versions, and nothing else', async () => {
    const home = await newTestHome();
    await keep(home, OLD, 'old');
    await writeFile(`${keptFilePath(home, OLD)}.sha256`, 'its checksum');
    const json = { ...OLD, ending: 'json' } as const;
    await keep(home, json, 'beside it');
    const offers = join(home, 'offers');
    await writeFile(join(offers, 'mine.parquet'), 'of a person');
    expect(await readFile(keptFilePath(home, OLD), 'utf8')).toBe('old');

    const ofOtherData = { ...OLD, fingerprint: 'b'.repeat(64) };
    await keep(home, ofOtherData, 'new');
    expect((await readdir(offers)).sort()).toEqual([
      'mine.parquet',
      'v_20260101_000000_bbbbbbbbbbbbbbbb.parquet',
    ]);
    const ofOtherVersion = { ...ofOtherData, version: 'v_20260102_000000' };
    await keep(home, ofOtherVersion, 'newest');
    expect((await readdir(offers)).sort()).toEqual([
      'mine.parquet',
      'v_20260102_000000_bbbbbbbbbbbbbbbb.parquet',
    ]);
  });

  it('costs no answer if the disk cannot take it, and hides no other failure', async () => {
    const home = await newTestHome();
    const notAFolder = join(home, 'file');
    await writeFile(notAFolder, '');
    await unlessDiskFails(async () => {
      await makeFolder(join(notAFolder, 'offers'));
    });
    await unlessDiskFails(() => Promise.reject(new ChurnMcpError('STORAGE', 'The disk is full.')));
    const bug = new TypeError('a bug');
    await expect(unlessDiskFails(() => Promise.reject(bug))).rejects.toBe(bug);
    const cancelled = new ChurnMcpError('CANCELLED', 'Cancelled.');
    await expect(unlessDiskFails(() => Promise.reject(cancelled))).rejects.toBe(cancelled);
  });
});
