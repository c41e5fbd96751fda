import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openJobStorage } from '../../../../src/training/backend/ray/job-storage.ts';
import { startObjectStore, type TestObjectStore } from '../../../helpers/object-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-storage-'));
const rows = join(folder, 'rows.parquet');
const ROWS = 'PAR1 some rows PAR1';
let store: TestObjectStore;

beforeAll(async () => {
  writeFileSync(rows, ROWS);
  store = await startObjectStore('ours');
  vi.stubEnv('AWS_ENDPOINT_URL', store.address);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'ours');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('the storage of a job in a folder', () => {
  it('keeps the files of a job apart, and removes everything in its folder at the end', async () => {
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    const storage = await openJobStorage(shared, 'job-1');
    expect(storage.location).toBe(join(shared, 'job-1'));
    const there = await storage.put('train.parquet', rows);
    expect(there).toBe(join(shared, 'job-1', 'train.parquet'));
    expect(readFileSync(there, 'utf8')).toBe(ROWS);
    mkdirSync(join(storage.location, 'checkpoints'));
    await storage.remove();
    expect(readdirSync(shared)).toEqual([]);
  });

  it('is an error if the folder does not exist', async () => {
    await expect(openJobStorage(join(folder, 'none'), 'job-1')).rejects.toMatchObject({ code: 'STORAGE' });
  });
});

describe('the storage of a job in a bucket', () => {
  it.each([
    ['s3://shop', ''],
    ['s3://shop/', ''],
    ['s3://shop/churn/ray/', 'churn/ray/'],
  ])('keeps the files of a job apart, and removes them at the end: %s', async (address, prefix) => {
    store.objects.clear();
    store.objects.set(`shop/${prefix}job-10/train.parquet`, Buffer.from('of another job'));
    const storage = await openJobStorage(address, 'job-1');
    expect(storage.location).toBe(`s3://shop/${prefix}job-1`);
    expect(await storage.put('train.parquet', rows)).toBe(`s3://shop/${prefix}job-1/train.parquet`);
    expect(store.objects.get(`shop/${prefix}job-1/train.parquet`)?.toString()).toBe(ROWS);
    for (const round of [25, 50, 75]) {
      store.objects.set(`shop/${prefix}job-1/checkpoint_${round}/model.ubj`, Buffer.from('kept'));
    }
    await storage.remove();
    expect([...store.objects.keys()]).toEqual([`shop/${prefix}job-10/train.parquet`]);
  });

  it('is an error if the credentials are refused or the call is cancelled', async () => {
    store.objects.clear();
    const storage = await openJobStorage('s3://shop', 'job-1');
    await expect(storage.put('train.parquet', rows, AbortSignal.abort())).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'others');
    const refused = await openJobStorage('s3://shop', 'job-1');
    await expect(refused.put('train.parquet', rows)).rejects.toMatchObject({
      code: 'STORAGE',
      message: 'The rows of the training cannot be written for the cluster.',
    });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'ours');
    expect([...store.objects.keys()]).toEqual([]);
  });
});
