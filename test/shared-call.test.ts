import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sharedCall } from '../src/shared-call.ts';

describe('a shared call', () => {
  it('runs once for all callers that come while it runs, and runs again for later ones', async () => {
    let state = 0;
    let runs = 0;
    const read = sharedCall(async () => {
      runs++;
      const seen = state;
      await setImmediate();
      return seen;
    });
    const first = read();
    state = 1;
    const later = [read(), read(), read()];
    expect([await first, ...(await Promise.all(later))]).toEqual([0, 1, 1, 1]);
    expect(runs).toBe(2);
    state = 2;
    expect(await read()).toBe(2);
  });

  it('passes a failure on to its callers, and runs again for the next', async () => {
    let runs = 0;
    const fail = sharedCall(async () => {
      await setImmediate();
      throw new Error(`failure ${++runs}`);
    });
    const outcomes = await Promise.allSettled([fail(), fail(), fail()]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.message)).toEqual([
      'failure 1',
      'failure 2',
      'failure 2',
    ]);
    await expect(fail()).rejects.toThrow('failure 3');
  });
});
