import { mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tryLock } from '../../src/data/duckdb/file-lock.ts';
import { type Batch, IngestLog } from '../../src/ingest/ingest-log.ts';
import { ingestStream } from '../../src/ingest/ingest-stream.ts';
import { LogDestination } from '../../src/ingest/log-destination.ts';
import { listSegments, logLayout } from '../../src/ingest/log-layout.ts';
import { refresh } from '../../src/ingest/refresh.ts';
import { readFrames } from '../../src/ingest/segment-reader.ts';
import { rowsInLog } from '../helpers/log-rows.ts';
import { newTestHome } from '../helpers/snapshot.ts';

/** A batch of one customer, whose id is the token. */
function batch(channel: string, token: number, more: Partial<Batch> = {}): Batch {
  const lines = Buffer.from(`${JSON.stringify({ customer_id: `${channel}${token}` })}\n`);
  return { channel, token, parts: [{ kind: 'customers', rows: 1, lines }], ...more };
}

const idsIn = async (home: string) => (await rowsInLog(home)).map(({ customer_id }) => customer_id);

describe('the log of rows', () => {
  it('stores rows up to a token once, also if they are sent again to another process or at the same time', async () => {
    const home = await newTestHome();
    await using log = await IngestLog.open(home);
    expect(
      await Promise.all([log.append(batch('a', 1)), log.append(batch('a', 1)), log.append(batch('b', 5))]),
    ).toEqual(['stored', 'known', 'stored']);
    await using other = await IngestLog.open(home);
    expect(other.tokenOf('b')).toBe(5);
    expect(await other.append(batch('b', 4))).toBe('known');
    expect(await other.append(batch('a', 2))).toBe('stored');
    expect(await log.append(batch('a', 2))).toBe('known');
    expect(await idsIn(home)).toEqual(['a1', 'b5', 'a2']);
  });

  it('remembers no channel for an input without a name, whose rows are stored again if they are sent again', async () => {
    const home = await newTestHome();
    const channel = 'standard input';
    await using log = await IngestLog.open(home);
    await log.append(batch(channel, 1));
    const format = { format: 'ndjson', kind: 'customers', map: {} } as const;
    const destination = new LogDestination(log, home);
    const signal = new AbortController().signal;
    const options = { destination, channel, format, signal, onStored: () => {} };
    const send = async (isRemembered: boolean) => {
      const chunks = Readable.from([Buffer.from('{"customer_id":"x"}\n')]);
      await ingestStream({ chunks, position: 'line', endsLine: true }, { ...options, isRemembered });
    };
    await send(false);
    await send(false);
    expect(log.tokenOf(channel)).toBe(1);
    await send(true);
    expect(await idsIn(home)).toEqual(['standard input1', 'x', 'x']);
  });

  it('knows an event that is repeated, and refuses a sender that counts on a token of the past', async () => {
    const home = await newTestHome();
    await using log = await IngestLog.open(home);
    const event = { token: undefined, event: 'e1' };
    expect(await log.append(batch('hook', 1, event))).toBe('stored');
    expect(await log.append(batch('hook', 1, event))).toBe('known');
    await log.append(batch('a', 10));
    await expect(log.append(batch('a', 20, { after: 5 }))).rejects.toMatchObject({ code: 'CHANNEL_MOVED' });
    await expect(log.append(batch('a', 20, { after: 10 }))).resolves.toBe('stored');
    await expect(log.append(batch('\n', 1))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('says what to do if another process keeps the log to itself', async () => {
    const home = await newTestHome();
    await (await IngestLog.open(home))[Symbol.asyncDispose]();
    await using lock = await tryLock(logLayout(home).writerLock);
    expect(lock).toBeDefined();
    await expect(IngestLog.open(home, { longestWaitMs: 50 })).rejects.toMatchObject({
      code: 'LOG_BUSY',
      hint: expect.stringContaining('stopped (Ctrl-Z)'),
    });
  });

  it('goes on after the last whole batch if a killed process left a part of one, wherever it ends', async () => {
    const home = await newTestHome();
    const file = logLayout(home).segment(1);
    const sizes: number[] = [];
    await using log = await IngestLog.open(home);
    for (const token of [1, 2, 3]) {
      await log.append(batch('a', token));
      sizes.push((await readFile(file)).length);
    }
    const whole = await readFile(file);
    const [first = 0, , last = 0] = sizes;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: first, max: last }), async (end) => {
        await writeFile(file, whole);
        await truncate(file, end);
        const kept = sizes.filter((size) => size <= end).length;
        await using again = await IngestLog.open(home);
        expect(again.tokenOf('a')).toBe(kept);
        await again.append(batch('a', 9));
        expect(await idsIn(home)).toEqual([...['a1', 'a2', 'a3'].slice(0, kept), 'a9']);
      }),
      { numRuns: 12 },
    );
  });

  it('names the file and the byte if any one bit of stored rows is another, whatever it says then', async () => {
    const home = await newTestHome();
    const file = logLayout(home).segment(1);
    await (await IngestLog.open(home))[Symbol.asyncDispose]();
    const begin = (await readFile(file)).length;
    {
      await using log = await IngestLog.open(home);
      await log.append(batch('a', 1));
    }
    const bytes = await readFile(file);
    const read = async () => {
      for await (const _ of readFrames(file));
    };
    for (let bit = 8 * begin; bit < 8 * bytes.length; bit += 3) {
      const other = Buffer.from(bytes);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await writeFile(file, other);
      await expect(read(), `bit ${bit}`).rejects.toMatchObject({
        code: 'LOG_DAMAGED',
        message: `The file log/0000000000000001.log of the home folder is damaged at byte ${begin}.`,
      });
    }
    await expect(IngestLog.open(home)).rejects.toMatchObject({ code: 'LOG_DAMAGED' });
  });

  it('reads what an earlier version wrote, whose frames had no checksum of their own length', async () => {
    const home = await newTestHome();
    const rest = '{"frame":1,"channel":"a","token":4,"parts":[]}\n';
    await mkdir(logLayout(home).folder);
    await writeFile(logLayout(home).segment(1), `${crc32(rest).toString(16).padStart(8, '0')} ${rest}`);
    await using log = await IngestLog.open(home);
    expect(log.tokenOf('a')).toBe(4);
  });

  it('takes an empty file for damage: a segment is there with its first frame or not at all', async () => {
    const home = await newTestHome();
    await (await IngestLog.open(home))[Symbol.asyncDispose]();
    await truncate(logLayout(home).segment(1), 0);
    await expect(IngestLog.open(home)).rejects.toMatchObject({ code: 'LOG_DAMAGED' });
  });

  it('stores no row once its folder is gone, and begins a new log only in a new process', async () => {
    const home = await newTestHome();
    await using log = await IngestLog.open(home);
    await log.append(batch('a', 1));
    // It waits until the turn of the first is over.
    await (await IngestLog.open(home))[Symbol.asyncDispose]();
    await rm(logLayout(home).folder, { recursive: true });
    await expect(log.append(batch('a', 2))).rejects.toMatchObject({ code: 'STORAGE' });
    await using again = await IngestLog.open(home);
    expect(again.tokenOf('a')).toBeUndefined();
  });

  it('gives no number twice if its files are lost, so a refresh folds in what is sent again', async () => {
    const home = await newTestHome();
    const order = (token: number) => {
      const row = { order_id: `o${token}`, customer_id: 'c', order_date: '2026-01-01', total_amount: 1 };
      const lines = Buffer.from(`${JSON.stringify(row)}\n`);
      return { channel: 'a', token, parts: [{ kind: 'orders', rows: 1, lines }] } as const;
    };
    const send = async (...tokens: number[]) => {
      await using log = await IngestLog.open(home);
      for (const token of tokens) await log.append(order(token));
    };
    await send(1, 2, 3);
    await refresh({ home });
    await rm(logLayout(home).segment(1));
    await send(1);
    expect(await refresh({ home })).toMatchObject({ rows: 1, summary: { orders: 3 } });
    await send(4);
    expect(await refresh({ home })).toMatchObject({ rows: 1, summary: { orders: 4 } });
    // The batch that is not in the data yet is gone, and later ones are there.
    await send(5);
    const [first = 0] = await listSegments(home);
    await rename(logLayout(home).segment(first), logLayout(home).segment(first + 5));
    await expect(refresh({ home })).rejects.toMatchObject({
      code: 'LOG_DAMAGED',
      message: expect.stringMatching(
        /^(?:Batch \d+ is|The batches \d+ to \d+ are) missing in the log of the home folder\.$/,
      ),
    });
  });
});
