import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFeatureTable } from '../../../src/data/feature-table/feature-table-home.ts';
import { importFeatureTable } from '../../../src/data/import/customer-table/import-feature-table.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

async function importRows(home: string, rows: number): Promise<string> {
  const file = join(home, 'customers.csv');
  const lines = Array.from({ length: rows }, (_, i) => `c${i},${i % 7},${i % 2 ? 'yes' : 'no'}`);
  await writeFile(file, ['id,usage,churned', ...lines].join('\n'));
  await importFeatureTable({ features: file, id: 'id', target: 'churned' }, { home });
  const { file: name } = JSON.parse(await readFile(join(home, 'table', 'current.json'), 'utf8'));
  return join(home, 'table', name);
}

const corrupt = { code: 'SNAPSHOT_CORRUPT', hint: expect.stringContaining('churn-mcp import --features') };

describe('an imported table of customers', () => {
  it('is refused if one bit of its file has flipped or the file is gone', async () => {
    const home = await newTestHome();
    const file = await importRows(home, 40);
    expect((await readFeatureTable(home)).ids).toHaveLength(40);
    const bytes = await readFile(file);
    for (let bit = 5; bit < bytes.length * 8; bit += 997) {
      bytes[bit >> 3] ^= 1 << (bit & 7);
      await writeFile(file, bytes);
      await expect(readFeatureTable(home)).rejects.toMatchObject(corrupt);
      bytes[bit >> 3] ^= 1 << (bit & 7);
    }
    await rm(file);
    await expect(readFeatureTable(home)).rejects.toMatchObject(corrupt);
  });

  it('is replaced without touching files that somebody else put beside it', async () => {
    const home = await newTestHome();
    const first = await importRows(home, 20);
    const folder = join(home, 'table');
    await writeFile(join(folder, 'other.parquet'), 'mine');
    await symlink(join(home, 'customers.csv'), join(folder, '0123456789abcdef.parquet'));
    await importRows(home, 30);
    const names = await readdir(folder);
    expect(names).toContain('other.parquet');
    expect(names).toContain('0123456789abcdef.parquet');
    expect(names).not.toContain(first.slice(folder.length + 1));
    expect((await readFeatureTable(home)).ids).toHaveLength(30);
  });
});
