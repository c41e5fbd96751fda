import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile, replaceWith } from '../../src/files/durable-files.ts';
import { isAbandoned, thisOwner } from '../../src/files/owner.ts';

const HOUR = 3_600_000;
const DEAD_PROCESS = 2 ** 22 + 1;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'churn-mcp-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('replacing a file', () => {
  it('leaves the old content, and nothing beside it, if writing fails', async () => {
    const file = join(folder, 'current.json');
    await replaceFile(file, 'old');
    const failing = replaceWith(file, async (aside) => {
      await writeFile(aside, 'half');
      throw new Error('the disk is full');
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['current.json']);
  });

  it('leaves the whole content of one writer if many write at once', async () => {
    const file = join(folder, 'current.json');
    const contents = Array.from({ length: 30 }, (_, writer) => `${writer}`.repeat(10_000));
    await Promise.all(contents.map((content) => replaceFile(file, content)));
    expect(contents).toContain(readFileSync(file, 'utf8'));
    expect(readdirSync(folder)).toEqual(['current.json']);
  });

  it('removes what a killed process left, and no file that is not ours', async () => {
    const { host } = thisOwner();
    const left = join(folder, `.churn-mcp-${host}-${DEAD_PROCESS}-00112233aabb.tmp`);
    const elsewhere = join(folder, `.churn-mcp-00000000-${DEAD_PROCESS}-00112233aabb.tmp`);
    const foreign = [join(folder, 'backup.tmp'), join(folder, '.churn-mcp-notes.tmp')];
    for (const path of [left, elsewhere, ...foreign]) writeFileSync(path, 'half');
    await replaceFile(join(folder, 'a'), 'content');
    expect([left, elsewhere, ...foreign].filter((path) => existsSync(path))).toEqual([elsewhere, ...foreign]);
    const longAgo = new Date(Date.now() - 49 * HOUR);
    await utimes(elsewhere, longAgo, longAgo);
    await replaceFile(join(folder, 'a'), 'content');
    expect(existsSync(elsewhere)).toBe(false);
  });
});

describe('an unfinished file', () => {
  const now = 1_000_000_000_000;
  const { host, pid } = thisOwner();

  it('belongs to this process if this process wrote it, whatever its age', () => {
    expect(isAbandoned({ host, pid }, now - process.uptime() * 1000, now)).toBe(false);
  });

  it('belongs to this process if the clock was set ahead or back since', () => {
    const [written, jump] = [Date.now(), 24 * HOUR];
    expect(isAbandoned({ host, pid }, written, written + jump)).toBe(false);
    expect(isAbandoned({ host, pid }, written - jump, written - jump)).toBe(false);
  });

  it('is abandoned if an earlier process with the same number wrote it, as in a restarted container', () => {
    expect(isAbandoned({ host, pid }, now - process.uptime() * 1000 - 60_000, now)).toBe(true);
  });

  it('is abandoned once the other process on this machine has ended', () => {
    expect(isAbandoned({ host, pid: process.ppid }, now - 100 * HOUR, now)).toBe(false);
    expect(isAbandoned({ host, pid: DEAD_PROCESS }, now, now)).toBe(true);
  });

  it('is abandoned after two days if another machine wrote it', () => {
    expect(isAbandoned({ host: 'ffffffff', pid }, now - 47 * HOUR, now)).toBe(false);
    expect(isAbandoned({ host: 'ffffffff', pid }, now - 49 * HOUR, now)).toBe(true);
  });
});
