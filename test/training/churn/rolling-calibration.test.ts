import { describe, expect, it } from 'vitest';
import { boosterParamsSchema } from '../../../src/gbdt/params.ts';
import {
  earlierForecasts,
  type PastForecast,
  rollingCalibration,
} from '../../../src/training/churn/rolling-calibration.ts';
import { unknownSeason } from '../../../src/training/churn/season/season-factor.ts';
import { createInProcessTrainer } from '../../helpers/in-process-trainer.ts';
import { shared } from '../../helpers/learner.ts';

const HORIZON = 90;
const logOdds = (probability: number) => Math.log(probability / (1 - probability));

/** Customers by days since the last order, probability and outcome; each spent 300 in 100 days. */
function forecast(cutoff: string, rows: readonly (readonly [number, number, 0 | 1])[]): PastForecast {
  const columns = {
    days_since_last_order: rows.map(([recency]) => recency),
    total_spent: rows.map(() => 300),
    days_since_first_order: rows.map(() => 99),
  };
  return {
    cutoff,
    rawScores: Float32Array.from(rows, ([, probability]) => logOdds(probability)),
    season: unknownSeason(0),
    dataset: {
      featureNames: Object.keys(columns),
      rowCount: rows.length,
      columns: Object.values(columns).map((values) => shared(values)),
      labels: shared(rows.map(([, , label]) => label)),
    },
  };
}

describe('how past forecasts turned out', () => {
  const newest = forecast('2025-10-02', [
    [10, 0.22, 0],
    [20, 0.24, 1],
    [30, 0.66, 1],
    [400, 0.99, 1],
  ]);
  const older = forecast('2025-07-04', [
    [5, 0.62, 0],
    [89, 0.28, 0],
    [90, 0.9, 1],
  ]);
  const { periods, bands } = rollingCalibration([newest, older], {
    horizonDays: HORIZON,
    customersPerRow: 1,
  });

  it('is told of active customers alone, period by period', () => {
    expect(periods.map(({ cutoff, customers }) => [cutoff, customers])).toEqual([
      ['2025-10-02', 3],
      ['2025-07-04', 2],
    ]);
    expect(periods[0].said).toBeCloseTo((0.22 + 0.24 + 0.66) / 3, 6);
    expect(periods[0].happened).toBeCloseTo(2 / 3, 6);
    // Bands 0.2 to 0.3 and 0.6 to 0.7: |0.23 − 0.5| for two customers, |0.66 − 1| for one.
    expect(periods[0].calibration_error).toBeCloseTo((2 * 0.27 + 0.34) / 3, 6);
    expect(periods[1].low).toBeLessThan(periods[1].said);
    expect(periods[1].high).toBeGreaterThan(periods[1].said);
  });

  it('counts money by what each customer spends in a horizon', () => {
    const spend = (300 / 100) * HORIZON;
    expect(periods[0].value_said).toBeCloseTo(spend * (0.22 + 0.24 + 0.66), 3);
    expect(periods[0].value_lost).toBeCloseTo(spend * 2, 3);
    expect(periods[0].value_low).toBeLessThan(periods[0].value_said);
  });

  it('is told by what customers were given, over all periods', () => {
    expect(bands.map(({ from, to, customers }) => [from, to, customers])).toEqual([
      [0.2, 0.3, 3],
      [0.6, 0.7, 2],
    ]);
    expect(bands[0].said).toBeCloseTo((0.22 + 0.24 + 0.28) / 3, 6);
    expect(bands[0].happened).toBeCloseTo(1 / 3, 6);
  });
});

describe('forecasts of earlier days by BG/NBD alone', () => {
  it('end at the first day by which nobody had come back', async () => {
    const columns = {
      active_days: 1,
      customer_tenure_days: 0,
      days_since_first_order: 50,
      days_since_last_order: 50,
    };
    const dated = ['2025-10-01', '2025-06-01', '2025-02-01'].map((cutoff, i) => ({
      cutoff,
      historyDays: 400 - 100 * i,
      dataset: {
        featureNames: Object.keys(columns),
        rowCount: 60,
        columns: Object.values(columns).map((value) => shared(Array(60).fill(value))),
        labels: shared(Array.from({ length: 60 }, (_, row) => row % 2)),
      },
    }));
    const shop = { weeks: [], asOf: '2026-01-01', horizonDays: HORIZON, dated };
    const request = {
      recipe: 'bg_nbd',
      params: boosterParamsSchema.parse({}),
      horizonDays: HORIZON,
    } as const;
    expect(await earlierForecasts(shop, { ...request, trainer: createInProcessTrainer() })).toEqual([]);
  });
});
