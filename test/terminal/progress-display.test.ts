import { describe, expect, it } from 'vitest';
import { barText, timeLeft } from '../../src/terminal/progress-display.ts';

const at = (done: number, total = 100) => ({
  phase: 'train',
  done,
  total,
  message: `tree ${done} of ${total}`,
});

describe('the progress bar', () => {
  it('shows the share done, the phase and the time left', () => {
    expect(
      [barText(at(0), 0), barText(at(45), 9_000), barText(at(100), 20_000)].join('\n'),
    ).toMatchInlineSnapshot(`
        "░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0%  tree 0 of 100
        ██████████████░░░░░░░░░░░░░░░░  45%  tree 45 of 100, 11 s left
        ██████████████████████████████ 100%  tree 100 of 100"
      `);
  });

  it.each([
    [at(1), 500, ''],
    [at(50), 60_000, ', 60 s left'],
    [at(10), 60_000, ', 9 min left'],
    [at(0, 0), 5_000, ''],
  ])('estimates %j after %i ms as "%s"', (progress, elapsed, expected) => {
    expect(timeLeft(progress, elapsed)).toBe(expected);
  });
});
