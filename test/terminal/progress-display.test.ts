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
    expect([barText(at(0), 80), barText(at(45), 80), barText(at(100), 80)].join('\n')).toMatchInlineSnapshot(`
        "░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0%  tree 0 of 100
        ██████████████░░░░░░░░░░░░░░░░  45%  tree 45 of 100
        ██████████████████████████████ 100%  tree 100 of 100"
      `);
  });

  it.each([1, 5, 20, 40, 60, 80, 200])('is one line that fits a terminal of %i columns', (columns) => {
    const message = 'Comparing with what was bought after 2010-10-31: product 12,000 of 1,145,886, 55 s left';
    const text = barText({ phase: 'x', done: 45, total: 100, message }, columns);
    expect([...text].length).toBeLessThan(Math.max(columns, 1));
    expect(text).not.toContain('\n');
  });
});
