import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openDataHome } from '../../src/data/data-home.ts';
import { homeLayout, readPointer } from '../../src/data/home-layout.ts';
import { SERVING_TABLES } from '../../src/data/serving-tables.ts';
import { TABLES_BESIDE } from '../../src/data/shop-tables.ts';
import { SNAPSHOT_FORMAT } from '../../src/data/snapshot-format.ts';
import { packageRoot } from '../../src/package-root.ts';
import { readSnapshotSources, snapshotFormatOf } from '../../src/snapshot-format.mjs';
import { makeSnapshot } from '../helpers/snapshot.ts';

const sources: Readonly<Record<string, string>> = readSnapshotSources(packageRoot());
const formatWith = (path: string, change: (text: string) => string) =>
  snapshotFormatOf({ ...sources, [path]: change(sources[path]) });

describe('the format of snapshots', () => {
  it('is made from every statement that makes a table', () => {
    for (const file of [...TABLES_BESIDE, ...SERVING_TABLES.map((table) => table.file)]) {
      expect(Object.keys(sources)).toContain(`sql/${file}.sql`);
    }
    expect(SNAPSHOT_FORMAT).toBe(snapshotFormatOf(sources));
    expect(Number.isSafeInteger(SNAPSHOT_FORMAT)).toBe(true);
  });

  it.each(Object.keys(sources))('changes with %s', (path) => {
    const more = path.endsWith('.sql') ? '\nwhere 1 = 1' : '\nexport const MORE = 1;';
    expect(formatWith(path, (text) => text + more)).not.toBe(SNAPSHOT_FORMAT);
  });

  it('changes with a feature’s formula, a column of the shop and a text within quotes', () => {
    const changes = [
      formatWith('sql/portable/tables/churn_features.sql', (text) => text.replace('power(0.8', 'power(0.7')),
      formatWith('src/data/shop-tables.ts', (text) => text.replace("phone: 'varchar'", "phone: 'integer'")),
      formatWith('sql/portable/tables/churn_features.sql', (text) =>
        text.replace("'%return%'", "'%return  %'"),
      ),
    ];
    expect(new Set([...changes, SNAPSHOT_FORMAT]).size).toBe(4);
  });

  it('does not change with comments, types or white space', () => {
    const same = [
      formatWith(
        'sql/portable/tables/churn_features.sql',
        (text) => `-- it's new\n${text.replaceAll('\n', '\r\n  ')}`,
      ),
      formatWith(
        'src/data/shop-tables.ts',
        (text) => `/** New. */\nexport type New = string;\n\n${text.replaceAll('\n', '\r\n')}`,
      ),
    ];
    expect(same).toEqual([SNAPSHOT_FORMAT, SNAPSHOT_FORMAT]);
  });

  it('is checked when data is opened, and another format is refused with what to do', async () => {
    await using snapshot = await makeSnapshot({
      orders: [{ order_id: 'a', customer_id: 1, order_date: '2024-01-01', total_amount: 1 }],
    });
    const { pointer } = homeLayout(snapshot.home);
    // The last format that was counted by hand; files had no checksum of their own then.
    const { sha256: _, ...content } = JSON.parse(await readFile(pointer, 'utf8'));
    await writeFile(pointer, JSON.stringify({ ...content, format: 3 }));
    expect((await readPointer(snapshot.home))?.format).toBe(3);
    await using home = openDataHome(snapshot.home);
    await expect(home.current()).rejects.toMatchObject({
      code: 'NO_DATA',
      message: 'Another version of churn-mcp imported the data.',
      hint: 'If this is the newer version, bring it up to date with: churn-mcp refresh. If that is refused, import the orders again with: churn-mcp import --orders FILE, or run: churn-mcp demo. Otherwise use the version that imported it.',
    });
  });
});
