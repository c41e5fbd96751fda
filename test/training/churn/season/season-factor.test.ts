import { describe, expect, it } from 'vitest';
import { probabilityRange } from '../../../../src/scoring/forecast-trust.ts';
import { type SeasonRequest, seasonFactor } from '../../../../src/training/churn/season/season-factor.ts';
import { type WeeklyCount, weeklyIndex } from '../../../../src/training/churn/season/weekly-index.ts';
import { seededRandom } from '../../../helpers/random-trees.ts';

const HORIZON = 28;
const TRAINING_AGES = [56, 84, 112];

/** One class of 1,000 customers whose order days in a week are 100 times the factor of the week. */
function weeksOf(count: number, factorOf: (weeksAgo: number) => number): WeeklyCount[] {
  return Array.from({ length: count }, (_, i) => ({
    weeksAgo: i + 1,
    customerClass: 0,
    customers: 1000,
    orderDays: 100 * factorOf(i + 1),
  }));
}

function request(weeks: readonly WeeklyCount[], more: Partial<SeasonRequest> = {}): SeasonRequest {
  return {
    index: weeklyIndex(weeks, 0),
    age: 0,
    horizonDays: HORIZON,
    trainingAges: TRAINING_AGES,
    pastPeriods: [],
    ...more,
  };
}

/** A year of 52 weeks that repeats, so that the coming four weeks are those of 49 to 52 weeks ago. */
const wave = (weeksAgo: number) => Math.exp(0.5 * Math.cos((2 * Math.PI * weeksAgo) / 52));

/** The variance of the index of four weeks. */
function spreadOf(weeks: readonly WeeklyCount[]): number {
  const index = weeklyIndex(weeks, 0);
  const ratios = Array.from(
    { length: weeks.length - 3 },
    (_, i) => index.logRatio(HORIZON + 7 * i, HORIZON) ?? 0,
  );
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  return ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / (ratios.length - 1);
}

/** Steps 2 to 4 of the method, straight from its formulas, for years without pairs but the first. */
function naive(weeks: readonly WeeklyCount[]) {
  const all = weeks.length;
  const z = (age: number) => {
    const mean = weeks.reduce((sum, week) => sum + week.orderDays, 0) / all;
    const of = weeks.filter(({ weeksAgo }) => 7 * weeksAgo <= age && 7 * weeksAgo > age - HORIZON);
    const orderDays = of.reduce((sum, week) => sum + week.orderDays, 0);
    return Math.log((orderDays + 0.5) / (of.length * mean + 0.5));
  };
  const starts = Array.from({ length: all - 3 }, (_, i) => HORIZON + 7 * i);
  const year = starts.slice(0, 52).map(z);
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const V = year.reduce((sum, value) => sum + (value - meanOf(year)) ** 2, 0) / (year.length - 1);
  const differences = starts.filter((age) => age + 364 <= 7 * all).map((age) => z(age) - z(age + 364));
  const d = meanOf(differences);
  const mismatch =
    differences.reduce((sum, difference) => sum + (difference - d) ** 2 / 2, 0) * (7 / HORIZON);
  const n = differences.length * (7 / HORIZON);
  const variance = (mismatch * (1 + Math.sqrt(2 / (n + 2))) + V / 2) / (Math.max(n - 1, 0) + 2);
  const signal = Math.max(V - variance, 0);
  const kappa = signal / (signal + variance);
  const raw = z(364) + d - meanOf(TRAINING_AGES.map(z));
  const most = V * (1 + Math.sqrt(2 / ((year.length * 7) / HORIZON + 2)));
  return { kappa, logFactor: kappa * raw, deviation: Math.sqrt(Math.min(variance * (1 + kappa), most)) };
}

describe('the season of a shop', () => {
  it('is what the formulas give', () => {
    const random = seededRandom(3);
    for (const noise of [0, 0.1, 0.4]) {
      const factors = Array.from({ length: 95 }, (_, i) => wave(i + 1) * Math.exp(noise * (random() - 0.5)));
      const weeks = weeksOf(95, (weeksAgo) => factors[weeksAgo - 1]);
      const season = seasonFactor(request(weeks));
      const wanted = naive(weeks);
      expect(season.isKnown).toBe(true);
      expect(season.years).toBe(1);
      expect(season.repeats).toBeCloseTo(wanted.kappa, 9);
      expect(season.logFactorAt(0)).toBeCloseTo(wanted.logFactor, 9);
      expect(season.deviation).toBeCloseTo(wanted.deviation, 9);
    }
  });

  it('believes nearly all of a year that has repeated exactly in the one year there is to compare', () => {
    expect(seasonFactor(request(weeksOf(110, wave))).repeats).toBeGreaterThan(0.9);
  });

  it('believes a year the less, the less of it repeats', () => {
    const random = seededRandom(5);
    const repeats = [0, 0.5, 3].map((noise) => {
      const factors = Array.from({ length: 110 }, (_, i) => wave(i + 1) * Math.exp(noise * (random() - 0.5)));
      return seasonFactor(request(weeksOf(110, (weeksAgo) => factors[weeksAgo - 1]))).repeats;
    });
    expect(repeats[0]).toBeGreaterThan(repeats[1]);
    expect(repeats[1]).toBeGreaterThan(repeats[2]);
  });

  it('is no less sure after a year without any repeat than the last year alone makes it', () => {
    const random = seededRandom(7);
    const factors = Array.from({ length: 110 }, () => Math.exp(0.3 * (random() - 0.5)));
    const steady = weeksOf(52, (weeksAgo) => factors[weeksAgo - 1]);
    const silent = weeksOf(110, (weeksAgo) => (weeksAgo <= 56 ? factors[weeksAgo - 1] : 0));
    const season = seasonFactor(request(silent));
    expect(season.repeats).toBe(0);
    expect(season.deviation).toBeLessThan(2 * Math.sqrt(spreadOf(steady)));
    expect(season.deviation).toBeCloseTo(naive(silent).deviation, 9);
  });

  it('is unknown with less than about a year and a half of weeks', () => {
    const season = seasonFactor(request(weeksOf(60, wave)));
    expect(season).toMatchObject({ isKnown: false, repeats: 0, deviation: 0.35 });
    expect(season.logFactorAt(0)).toBe(0);
  });

  it('takes half of what the forecast got wrong of the same weeks a year ago, and asks about no other period', () => {
    const weeks = weeksOf(95, wave);
    const asked: number[] = [];
    const pastPeriods = [56, 84, 112, 280, 364].map((age) => ({
      age,
      logFactor() {
        asked.push(age);
        return (weeklyIndex(weeks, 0).logRatio(age, HORIZON) ?? 0) + (age === 364 ? 0.2 : 0);
      },
    }));
    const [with_, without] = [request(weeks, { pastPeriods }), request(weeks)].map(seasonFactor);
    expect(with_.logFactorAt(0) - without.logFactorAt(0)).toBeCloseTo(with_.repeats * 0.1, 9);
    expect(asked).not.toContain(280);
  });
});

describe('the interval of a probability', () => {
  it('holds the truth in nine of ten cases if the factor is as uncertain as it says', () => {
    const random = seededRandom(11);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    for (const [probability, deviation] of [
      [0.1, 0.1],
      [0.5, 0.35],
      [0.9, 0.8],
    ]) {
      const { low, high } = probabilityRange(probability, deviation);
      const draws = Array.from({ length: 20_000 }, () => probability ** Math.exp(deviation * normal()));
      const inside = draws.filter((truth) => low <= truth && truth <= high).length / draws.length;
      expect(Math.abs(inside - 0.9)).toBeLessThan(0.01);
    }
  });
});
