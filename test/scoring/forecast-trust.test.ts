import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trustWarnings } from '../../src/mcp/trust-text.ts';
import { bandsOf, probabilityRange, trustOf } from '../../src/scoring/forecast-trust.ts';
import {
  forwardDetails,
  inactivityCard,
  judgedCard,
  misjudgedCard,
  sampleCard,
} from '../helpers/sample-cards.ts';

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

describe('the trust in a forecast', () => {
  it('names the direction of the latest error if it was more than five points', () => {
    expect(trustOf(judgedCard).isOff).toBeUndefined();
    expect(trustOf(misjudgedCard).isOff).toBe('too high');
  });

  it('names no direction if groups of equal chance were off, some above and some below', () => {
    const { rolling_calibration: rolling } = forwardDetails;
    const periods = [{ ...PERIOD, said: 0.81, happened: 0.82, calibration_error: 0.07 }];
    const details = { ...forwardDetails, rolling_calibration: { ...rolling, periods, bands: [] } };
    expect(trustOf({ ...judgedCard, details }).isOff).toBe('off both ways');
    expect(trustWarnings({ ...judgedCard, details })).toMatchInlineSnapshot(`
      [
        "When last tested, these probabilities were off both ways: as of 2025-10-02 active customers were given 81% on average, and 82% left, but groups with the same chance were off by 7% on average. Use the order of the list; take amounts as ranges.",
      ]
    `);
  });

  it('is unknown for a card without past periods, and stays unsure if the season is unknown', () => {
    for (const card of [sampleCard, inactivityCard]) {
      expect(trustOf(card)).toEqual({
        latest: undefined,
        isOff: undefined,
        uncheckedDays: undefined,
        bands: [],
        deviation: 0.35,
      });
    }
  });

  it('names the horizon of a forecast that was judged on a random split, and of no other model', () => {
    const split = { evaluation: 'random_split' } as const;
    expect(trustOf({ ...sampleCard, ...split }).uncheckedDays).toBe(forwardDetails.horizon_days);
    expect(trustOf({ ...inactivityCard, ...split }).uncheckedDays).toBeUndefined();
  });

  it('has a range that includes the latest outcome, however far that was off', () => {
    fc.assert(
      fc.property(share, share, (said, happened) => {
        const { rolling_calibration: rolling } = forwardDetails;
        const latest = { said, happened, calibration_error: Math.abs(said - happened) };
        const period = { ...PERIOD, ...latest };
        const { deviation } = trustOf({
          evaluation: 'later_slice',
          metrics: sampleCard.metrics,
          details: {
            ...forwardDetails,
            season: { is_known: true, factor: 1, repeats: 0, years: 1, pairs: 60, deviation: 0 },
            rolling_calibration: { ...rolling, periods: [period], bands: [] },
          },
        });
        const { low, high } = probabilityRange(said, deviation);
        expect(happened).toBeGreaterThanOrEqual(low - 1e-9);
        expect(happened).toBeLessThanOrEqual(high + 1e-9);
      }),
    );
  });

  it('shows the bands that hold most of the given probabilities, without overlap', () => {
    const bands = [0, 0.5].map((from) => ({ from, to: from + 0.5, customers: 9, said: from, happened: 0 }));
    expect(bandsOf([0.1, 0.5, 0.7, 1], bands).map(({ from }) => from)).toEqual([0.5, 0]);
    expect(bandsOf([0.5], bands).map(({ from }) => from)).toEqual([0.5]);
    expect(bandsOf([], bands)).toEqual([]);
  });
});

const PERIOD = {
  cutoff: '2025-10-02',
  customers: 700,
  low: 0,
  high: 1,
  value_said: 1,
  value_low: 0,
  value_high: 2,
  value_lost: 1,
};
