import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fitSigmoid } from '../../src/metrics/sigmoid-calibration.ts';
import { packageRoot } from '../../src/package-root.ts';

const fixtureSchema = z.array(
  z.object({
    scores: z.array(z.number()),
    labels: z.array(z.number()),
    slope: z.number(),
    intercept: z.number(),
  }),
);

describe('the sigmoid of a calibration', () => {
  it('has the coefficients that scikit-learn finds', () => {
    const file = join(packageRoot(), 'test', 'fixtures', 'sigmoid-calibration.json');
    for (const { scores, labels, slope, intercept } of fixtureSchema.parse(
      JSON.parse(readFileSync(file, 'utf8')),
    )) {
      const found = fitSigmoid(labels, scores);
      expect(found.slope).toBeCloseTo(slope, 3);
      expect(found.intercept).toBeCloseTo(intercept, 3);
    }
  });

  it('stays finite if the classes part cleanly or all scores are the same', () => {
    const clean = fitSigmoid([0, 0, 0, 1, 1, 1], [-3, -2, -1, 1, 2, 3]);
    expect(clean.slope).toBeGreaterThan(0);
    expect(clean.slope).toBeLessThan(10);
    const same = fitSigmoid([0, 1, 1, 1], [2, 2, 2, 2]);
    const probability = 1 / (1 + Math.exp(-(same.slope * 2 + same.intercept)));
    expect(probability).toBeCloseTo((3 * (4 / 5) + 1 / 3) / 4, 4);
  });

  it('never turns the order of the scores round', () => {
    expect(fitSigmoid([1, 1, 0, 0], [-2, -1, 1, 2])).toEqual({ slope: 1, intercept: 0 });
  });
});
