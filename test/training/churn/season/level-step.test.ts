import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seasonFactor } from '../../../../src/training/churn/season/season-factor.ts';
import { type WeeklyCount, weeklyIndex } from '../../../../src/training/churn/season/weekly-index.ts';
import { seededRandom } from '../../../helpers/random-trees.ts';

const TRAINING_AGES = [60, 90, 120, 150];

/** One class of 1,000 customers whose order days in a week are 100 times the factor of the week. */
function seasonOf(weeks: number, factorOf: (weeksAgo: number) => number) {
  const counts = Array.from(
    { length: weeks },
    (_, i): WeeklyCount => ({
      weeksAgo: i + 1,
      customerClass: 0,
      customers: 1000,
      orderDays: Math.round(100 * factorOf(i + 1)),
    }),
  );
  return seasonFactor({
    index: weeklyIndex(counts, 0),
    age: 0,
    horizonDays: 28,
    trainingAges: TRAINING_AGES,
    pastPeriods: [],
  });
}

const wave = (weeksAgo: number, height = 0.5) => Math.exp(height * Math.cos((2 * Math.PI * weeksAgo) / 52));

describe('a step in the level of a shop', () => {
  it('is no season: a shop whose customers began to come back nine months ago is no quieter in the coming weeks', () => {
    const season = seasonOf(110, (weeksAgo) => (weeksAgo > 40 ? 0 : 1));
    expect(season).toMatchObject({ isKnown: false, repeats: 0 });
    expect(season.logFactorAt(0)).toBe(0);
  });

  it('is none either if the weeks on both sides vary', () => {
    const random = seededRandom(3);
    const noise = Array.from({ length: 130 }, () => Math.exp(0.3 * (random() - 0.5)));
    for (const since of [20, 30, 40, 60]) {
      const season = seasonOf(130, (weeksAgo) => noise[weeksAgo - 1] * (weeksAgo > since ? 0.1 : 1));
      expect(season.logFactorAt(0)).toBe(0);
    }
  });

  it('leaves a season known once the shop has been on its new level for long enough', () => {
    const season = seasonOf(200, (weeksAgo) => wave(weeksAgo) * (weeksAgo > 110 ? 0.05 : 1));
    const alone = seasonOf(110, wave);
    expect(season.pairs).toBeLessThanOrEqual(alone.pairs + 4);
    expect(season.logFactorAt(0)).toBeCloseTo(alone.logFactorAt(0), 1);
  });

  it('is not seen in a season that repeats, grows, comes late or stays away', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 95, max: 220 }),
        fc.constantFrom('repeats', 'grows', 'comes late', 'stays away'),
        fc.integer({ min: 1, max: 1000 }),
        (weeks, kind, seed) => {
          const random = seededRandom(seed);
          const noise = Array.from({ length: weeks }, () => Math.exp(0.3 * (random() - 0.5)));
          const factors: Record<typeof kind, (weeksAgo: number) => number> = {
            repeats: wave,
            grows: (weeksAgo) => wave(weeksAgo) * Math.exp(-weeksAgo / 60),
            'comes late': (weeksAgo) => wave(weeksAgo < 52 ? weeksAgo + 4 : weeksAgo),
            'stays away': (weeksAgo) => (weeksAgo < 52 ? 1 : wave(weeksAgo)),
          };
          const season = seasonOf(weeks, (weeksAgo) => noise[weeksAgo - 1] * factors[kind](weeksAgo));
          expect(season.isKnown).toBe(true);
          expect(season.pairs).toBeGreaterThanOrEqual(weeks - 52 - 4);
        },
      ),
      { numRuns: 200 },
    );
  });
});
