import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeNewExport } from '../../src/files/export-folder.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const LIST = { name: 'list_2026-01-31', ending: 'csv', isFetched: false, now: new Date() };

async function exportTo(folder: string, content = 'new'): Promise<string> {
  return basename(await writeNewExport(folder, LIST, (file) => writeFile(file, content)));
}

describe('a list that is exported again', () => {
  it('gets the next number, and replaces nothing', async () => {
    const folder = await newTestHome();
    expect(await exportTo(folder, 'one')).toBe('list_2026-01-31.csv');
    expect(await exportTo(folder, 'two')).toBe('list_2026-01-31_2.csv');
    writeFileSync(join(folder, 'list_2026-01-31_old.csv'), '');
    writeFileSync(join(folder, 'list_2026-01-31_7.xlsx'), '');
    expect(await exportTo(folder)).toBe('list_2026-01-31_3.csv');
    expect(readFileSync(join(folder, 'list_2026-01-31.csv'), 'utf8')).toBe('one');
    expect(readFileSync(join(folder, 'list_2026-01-31_2.csv'), 'utf8')).toBe('two');
  });

  it('gets one after 10,000 others of the same name and day', async () => {
    const folder = await newTestHome();
    for (let i = 2; i <= 10_000; i++) writeFileSync(join(folder, `list_2026-01-31_${i}.csv`), '');
    expect(await exportTo(folder)).toBe('list_2026-01-31_10001.csv');
    expect(await exportTo(folder)).toBe('list_2026-01-31_10002.csv');
  });

  it('gets a number of its own beside others that are exported at the same time', async () => {
    const folder = await newTestHome();
    const names = await Promise.all(Array.from({ length: 20 }, (_, i) => exportTo(folder, String(i))));
    expect(new Set(names).size).toBe(20);
    const written = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(new Set(written).size).toBe(20);
  });
});
