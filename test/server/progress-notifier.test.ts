import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProgressNotifier } from '../../src/server/progress-notifier.ts';

describe('the progress that a client sees', () => {
  it('always grows, over all phases, and never exceeds its total', () => {
    const report = fc.record({
      phase: fc.constantFrom('read', 'train', 'refit'),
      done: fc.nat(120),
      total: fc.constant(100),
    });
    fc.assert(
      fc.property(fc.array(report, { maxLength: 60 }), (reports) => {
        const sent: { progress: number; total: number }[] = [];
        const notifier = new ProgressNotifier((notification) => sent.push(notification));
        for (const one of reports) notifier.report({ ...one, message: 'm' });
        for (const [i, { progress, total }] of sent.entries()) {
          expect(progress).toBeLessThanOrEqual(total);
          if (i > 0) expect(progress).toBeGreaterThan(sent[i - 1].progress);
        }
      }),
    );
  });
});
