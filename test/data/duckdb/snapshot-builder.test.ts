import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newSnapshotId } from '../../../src/data/duckdb/snapshot-build.ts';
import { buildSnapshot } from '../../../src/data/duckdb/snapshot-builder.ts';
import { SNAPSHOT_FILE_NAME } from '../../../src/data/home-layout.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

const moment = fc.date({
  min: new Date('2000-01-01T00:00:00.000Z'),
  max: new Date('2099-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

describe('an id of a snapshot', () => {
  it('sorts by the time at which its import began, even within one second', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 5000 }), (first, later) => {
        const second = new Date(first.getTime() + later);
        expect([newSnapshotId(second), newSnapshotId(first)].sort()[0].slice(0, 19)).toBe(
          newSnapshotId(first).slice(0, 19),
        );
      }),
    );
  });

  it('differs between imports that begin in the same millisecond, and is a file name of ours', () => {
    const now = new Date('2026-01-02T03:04:05.999Z');
    const ids = Array.from({ length: 2 }, () => newSnapshotId(now));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(SNAPSHOT_FILE_NAME.exec(`${id}.duckdb`)?.groups?.id).toBe(id);
  });
});

describe('a snapshot that is being built', () => {
  it('has no log on the disk, which each of its hundreds of statements would wait for', async () => {
    const files: string[] = [];
    await buildSnapshot({
      home: await newTestHome(),
      fill: async ({ connection, createTables, workFolder }) => {
        await createTables({ customerId: 'integer', productId: 'integer' });
        await connection.run(
          "insert into raw.orders by name select 1 as order_id, 1 as customer_id, date '2024-01-01' as order_date, 5 as total_amount",
        );
        files.push(...(await readdir(workFolder)));
      },
    });
    expect(files).toContain('next.duckdb');
    expect(files.filter((name) => name.endsWith('.wal'))).toEqual([]);
  });
});
