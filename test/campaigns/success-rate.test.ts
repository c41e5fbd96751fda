import { describe, expect, it } from 'vitest';
import { assumedSuccessRate, measuredSuccessRate, successRateOf } from '../../src/campaigns/success-rate.ts';

const measured = (band: number, difference: number, standardError: number) => ({
  band,
  difference,
  standardError,
  leavingShare: 0.5,
});

describe('the success rate of past campaigns', () => {
  it('is the assumption until something was measured', () => {
    expect(measuredSuccessRate([])).toEqual(assumedSuccessRate());
    expect(measuredSuccessRate([[{ ...measured(1, 0.1, 0.02), leavingShare: 0 }]]).source).toBe('assumed');
  });

  it('is what was measured where that is sure, and its difference over the share that was leaving', () => {
    const rates = measuredSuccessRate([[measured(2, 0.15, 0.001)]]);
    expect(rates.bands[2].rate).toBeCloseTo(0.3, 2);
    expect(rates.source).toBe('measured');
  });

  it('stays near the other bands and the assumption where it was measured little', () => {
    const rates = measuredSuccessRate([[measured(2, 0.25, 0.5)]]);
    expect(rates.bands[2].rate).toBeLessThan(0.12);
    const both = measuredSuccessRate([[measured(1, 0.1, 0.002), measured(3, 0.4, 1)]]);
    expect(both.bands[3].rate).toBeLessThan(0.25);
    expect(both.bands[1].rate).toBeCloseTo(0.2, 2);
  });

  it('becomes surer with every campaign', () => {
    const one = [measured(0, 0.1, 0.05)];
    const deviations = [1, 2, 4].map(
      (count) => measuredSuccessRate(Array.from({ length: count }, () => one)).overall.deviation,
    );
    expect(deviations).toEqual([...deviations].sort((a, b) => b - a));
  });

  it('never leaves 0 to 1', () => {
    const rates = measuredSuccessRate([[measured(0, -0.4, 0.001), measured(3, 0.9, 0.001)]]);
    for (const probability of [0.1, 0.9]) {
      const { rate } = successRateOf(rates, probability);
      expect(rate).toBeGreaterThanOrEqual(0);
      expect(rate).toBeLessThanOrEqual(1);
    }
  });
});
