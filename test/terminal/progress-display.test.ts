import { describe, expect, it } from 'vitest';
import { barText } from '../../src/terminal/progress-display.ts';

const at = (done: number, total = 100) => ({
  phase: 'train',
  done,
  total,
  message: `tree ${done} of ${total}`,
});

describe('the progress bar', () => {
  it('shows the share that is done and the current phase', () => {
    expect([barText(at(0)), barText(at(45)), barText(at(100))].join('\n')).toMatchInlineSnapshot(`
        "░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0%  tree 0 of 100
        ██████████████░░░░░░░░░░░░░░░░  45%  tree 45 of 100
        ██████████████████████████████ 100%  tree 100 of 100"
      `);
  });
});
