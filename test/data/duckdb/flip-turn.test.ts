import { describe, expect, it } from 'vitest';
import { tryLock } from '../../../src/data/duckdb/file-lock.ts';
import { withFlipTurn } from '../../../src/data/duckdb/flip-turn.ts';
import { homeLayout } from '../../../src/data/home-layout.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

describe('the turn to make a snapshot current', () => {
  it('is never taken from a process that was stopped while it had it: it would go on with what is old by then', async () => {
    const home = await newTestHome();
    let done = 0;
    const work = async () => {
      done++;
    };
    {
      await using lock = await tryLock(homeLayout(home).flipLock);
      expect(lock).toBeDefined();
      await expect(withFlipTurn(home, work, 30)).rejects.toMatchObject({
        code: 'HOME_BUSY',
        hint: expect.stringContaining('kill -CONT'),
      });
      expect(done).toBe(0);
    }
    await withFlipTurn(home, work);
    expect(done).toBe(1);
  });
});
