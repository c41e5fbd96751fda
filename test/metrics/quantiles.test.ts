import { describe, expect, it } from 'vitest';
import { normalQuantile, studentQuantile } from '../../src/metrics/quantiles.ts';

describe('quantiles', () => {
  it.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.01, -2.3263478740408408],
    [0.9999, 3.719016485455709],
  ])('of the normal distribution at %d are those of the tables', (p, expected) => {
    expect(normalQuantile(p)).toBeCloseTo(expected, 6);
  });

  it.each([
    [0.975, 3, 3.182446305],
    [0.975, 10, 2.228138852],
    [0.975, 30, 2.042272456],
    [0.995, 8, 3.355387331],
    [0.9999, 20, 4.538521],
    [0.975, 1e6, 1.959966],
  ])("of Student's t at %d with %d degrees of freedom are those of the tables", (p, df, expected) => {
    expect(studentQuantile(p, df)).toBeCloseTo(expected, 3);
  });
});
