import { describe, expect, it } from 'vitest';
import { type Progress, timeLeft, withTimeLeft } from '../src/progress.ts';

describe('the time left', () => {
  it.each([
    [1, 100, 500, ''],
    [50, 100, 60_000, ', 60 s left'],
    [10, 100, 60_000, ', 9 min left'],
    [0, 0, 5_000, ''],
    [100, 100, 5_000, ''],
  ])('is estimated after %i of %i in %i ms: "%s"', (done, total, elapsed, expected) => {
    expect(timeLeft(done, total, elapsed)).toBe(expected);
  });

  it('is reported once per phase', () => {
    let now = 0;
    const messages: string[] = [];
    const listener = withTimeLeft(
      withTimeLeft(
        ({ message }) => messages.push(message),
        () => now,
      ),
      () => now,
    );
    const at = (phase: string, done: number): Progress => ({
      phase,
      done,
      total: 100,
      message: `${phase} ${done}`,
    });
    listener(at('read', 0));
    now = 50_000;
    listener(at('train', 0));
    now = 60_000;
    listener(at('train', 50));
    expect(messages).toEqual(['read 0', 'train 0', 'train 50, 10 s left']);
  });
});
