import { readFile, truncate, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tryLock } from '../../src/data/duckdb/file-lock.ts';
import { type Batch, IngestLog } from '../../src/ingest/ingest-log.ts';
import { ingestStream } from '../../src/ingest/ingest-stream.ts';
import { LogDestination } from '../../src/ingest/log-destination.ts';
import { logLayout } from '../../src/ingest/log-layout.ts';
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

  it('names the file and the byte if one bit of stored rows is another', async () => {
    const home = await newTestHome();
    const file = logLayout(home).segment(1);
    await (await IngestLog.open(home))[Symbol.asyncDispose]();
    const begin = (await readFile(file)).length;
    {
      await using log = await IngestLog.open(home);
      await log.append(batch('a', 1));
    }
    const bytes = await readFile(file);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: begin, max: bytes.length - 2 }), fc.nat(7), async (at, bit) => {
        const other = Buffer.from(bytes);
        other[at] = (other[at] ?? 0) ^ (1 << bit);
        await writeFile(file, other);
        await expect(IngestLog.open(home)).rejects.toMatchObject({
          code: 'LOG_DAMAGED',
          message: `The file log/0000000000000001.log of the home folder is damaged at byte ${begin}.`,
        });
      }),
      { numRuns: 12 },
    );
  });
});
