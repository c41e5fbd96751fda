import { describe, expect, it } from 'vitest';
import type { DataSource } from '../../src/data/data-source.ts';
import { ChurnMcpError } from '../../src/errors.ts';
import { AnswerCache } from '../../src/server/answer-cache.ts';

/** A snapshot that must not be read. */
function snapshot(): DataSource {
  const unread = () => Promise.reject(new Error('not to be read'));
  return {
    summary: unread,
    rows: unread,
    columns: unread,
    withRelations: unread,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

describe('the answer cache', () => {
  it('finds an answer once per snapshot and key', async () => {
    const cache = new AnswerCache<number>();
    const [one, other] = [snapshot(), snapshot()];
    let asked = 0;
    const ask = (data: DataSource, ...key: unknown[]) => cache.findOnce(data, key, async () => ++asked);
    expect([await ask(one, 'v1', 3), await ask(one, 'v1', 3), await ask(one, 'v1', undefined)]).toEqual([
      1, 1, 2,
    ]);
    expect([await ask(other, 'v1', 3), await ask(one, 'v2', 3), await ask(one, 'v1', 3)]).toEqual([3, 4, 1]);
  });

  it('finds it once for callers that ask at the same time, and anew if the one who began was cancelled', async () => {
    const cache = new AnswerCache<number>();
    const data = snapshot();
    let asked = 0;
    const cancelled = new ChurnMcpError('CANCELLED', 'The work was cancelled.');
    const ask = (answer: () => Promise<number>) =>
      cache.findOnce(data, ['a'], async () => {
        asked++;
        await new Promise((resolve) => setImmediate(resolve));
        return await answer();
      });
    const first = ask(() => Promise.reject(cancelled));
    const others = [ask(async () => 2), ask(async () => 3), ask(async () => 4)];
    await expect(first).rejects.toBe(cancelled);
    expect(new Set(await Promise.all(others)).size).toBe(1);
    expect(asked).toBe(2);
    const failing = [1, 2].map(() => cache.findOnce(data, ['b'], () => Promise.reject(new Error('lost'))));
    for (const each of failing) await expect(each).rejects.toThrow('lost');
  });

  it('does not keep a failure', async () => {
    const cache = new AnswerCache<string>();
    const data = snapshot();
    await expect(cache.findOnce(data, ['a'], () => Promise.reject(new Error('lost')))).rejects.toThrow(
      'lost',
    );
    await expect(cache.findOnce(data, ['a'], async () => 'found')).resolves.toBe('found');
  });

  it('drops the answer that was unused for longest', async () => {
    const cache = new AnswerCache<number>();
    const data = snapshot();
    for (let i = 0; i < 256; i++) await cache.findOnce(data, [i], async () => i);
    await cache.findOnce(data, [0], async () => -1);
    await cache.findOnce(data, [256], async () => 256);
    await expect(cache.findOnce(data, [0], async () => -1)).resolves.toBe(0);
    await expect(cache.findOnce(data, [1], async () => -1)).resolves.toBe(-1);
  });
});
