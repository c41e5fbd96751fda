import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { seededRandom } from '../../src/dataset/seeded-random.ts';
import { compareQini, gainsAt, qiniCoefficient, qiniCurve } from '../../src/metrics/qini.ts';

const numbers = z.array(z.number());
const { trials } = z
  .object({
    trials: z.array(z.object({ contacted: numbers, outcomes: numbers, scores: numbers, qini: z.number() })),
  })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/uplift.json', import.meta.url), 'utf8')));

/** Every customer weighs as the inverse of the share of their group. */
function weighed(contacted: readonly number[]) {
  const share = contacted.filter((each) => each === 1).length / contacted.length;
  return contacted.map((each) => (each === 1 ? 1 / share : 1 / (1 - share)));
}

describe('the Qini coefficient', () => {
  it.each(trials.map((trial, i) => [i, trial] as const))(
    'is that of scikit-uplift, ties included: trial %i',
    (_, { contacted, outcomes, scores, qini }) => {
      const plain = { contacted, outcomes, weights: contacted.map(() => 1) };
      expect(qiniCurve(plain, scores).at(-1)?.gain).toBeDefined();
      expect(qiniCoefficient(plain, scores)).toBeCloseTo(qini, 10);
    },
  );

  it('is 1 for the best ranking in hindsight, and does not change with the order of the rows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.boolean(), fc.integer({ min: 0, max: 9 })), {
          minLength: 20,
          maxLength: 60,
        }),
        (rows) => {
          const contacted = rows.map(([isContacted]) => Number(isContacted));
          const outcomes = rows.map(([, hasOrdered]) => Number(hasOrdered));
          fc.pre(new Set(contacted).size === 2 && new Set(outcomes).size === 2);
          const trial = { contacted, outcomes, weights: weighed(contacted) };
          const best = outcomes.map((outcome, i) => (contacted[i] === 1 ? outcome : -outcome));
          const atBest = qiniCoefficient(trial, best);
          if (!Number.isNaN(atBest)) expect(atBest).toBeCloseTo(1, 10);
          const scores = rows.map(([, , score]) => score);
          const reversed = <Value>(values: readonly Value[]) => [...values].reverse();
          const turned = {
            contacted: reversed(contacted),
            outcomes: reversed(outcomes),
            weights: reversed(trial.weights),
          };
          const [one, other] = [qiniCoefficient(trial, scores), qiniCoefficient(turned, reversed(scores))];
          if (!Number.isNaN(one) && Number.isFinite(one)) expect(other).toBeCloseTo(one, 8);
        },
      ),
    );
  });

  it('ends its curve at what contacting everybody changes', () => {
    const [{ contacted, outcomes, scores }] = trials;
    const trial = { contacted, outcomes, weights: weighed(contacted) };
    const mean = (group: number) => {
      const rows = outcomes.filter((_, i) => contacted[i] === group);
      return rows.reduce((sum, outcome) => sum + outcome, 0) / rows.length;
    };
    const last = qiniCurve(trial, scores).at(-1);
    expect(last?.share).toBeCloseTo(1, 12);
    expect(last?.gain).toBeCloseTo(outcomes.length * (mean(1) - mean(0)), 8);
  });

  it('of a ranking by chance lies within its interval of 0 in about 19 of 20 trials', () => {
    const random = seededRandom(5);
    let holds = 0;
    const tries = 60;
    for (let i = 0; i < tries; i++) {
      const contacted = Array.from({ length: 400 }, () => Number(random() < 0.7));
      const outcomes = contacted.map((each) => Number(random() < 0.3 + 0.1 * each));
      const scores = contacted.map(() => random());
      const trial = { contacted, outcomes, weights: weighed(contacted) };
      const { one } = compareQini(trial, scores, scores);
      if (one.low <= 0 && one.high >= 0) holds++;
    }
    expect(holds / tries).toBeGreaterThanOrEqual(0.87);
  });

  it('is the same at every call, and a ranking is not ahead of itself', () => {
    const [, { contacted, outcomes, scores }] = trials;
    const trial = { contacted, outcomes, weights: weighed(contacted) };
    const compared = compareQini(trial, scores, scores);
    expect(compared).toEqual(compareQini(trial, scores, scores));
    expect(compared.difference).toEqual({ value: 0, low: 0, high: 0 });
  });
});

describe('what contacting the customers ranked highest brings', () => {
  /** Customers whose offer raises the chance to order by 30 points times their score, which is even between 0 and 1. */
  function simulate(seed: number) {
    const random = seededRandom(seed);
    const scores = Array.from({ length: 1000 }, () => random());
    const contacted = scores.map(() => Number(random() < 0.7));
    const spent = scores.map((score, i) => {
      const hasOrdered = random() < 0.2 + 0.3 * score * contacted[i];
      return hasOrdered ? 20 - 40 * Math.log(1 - random()) : 0;
    });
    const trial = { contacted, weights: weighed(contacted) };
    return {
      scores,
      orders: { ...trial, outcomes: spent.map((each) => Number(each > 0)) },
      spent: { ...trial, outcomes: spent },
    };
  }

  it('lies in its intervals in about 95 of 100 simulated campaigns, orders and money alike', () => {
    const shares = [0.3, 0.5, 1];
    // The mean score of the highest share is 1 - share / 2; an order is worth 60 on average.
    const truth = shares.map((share) => 1000 * share * 0.3 * (1 - share / 2));
    const held = { orders: [0, 0, 0], spent: [0, 0, 0] };
    const tries = 300;
    for (let i = 0; i < tries; i++) {
      const { scores, orders, spent } = simulate(100 + i);
      for (const [at, { low, high }] of gainsAt(orders, scores, shares).entries()) {
        if (low <= truth[at] && truth[at] <= high) held.orders[at]++;
      }
      for (const [at, { low, high }] of gainsAt(spent, scores, shares).entries()) {
        if (low <= 60 * truth[at] && 60 * truth[at] <= high) held.spent[at]++;
      }
    }
    // In 1,000 campaigns each held 935 to 944 times; 300 may be off by four points, the mean of the six by less.
    const covered = [...held.orders, ...held.spent].map((count) => count / tries);
    for (const share of covered) {
      expect(share).toBeGreaterThan(0.9);
      expect(share).toBeLessThan(0.98);
    }
    expect(covered.reduce((sum, share) => sum + share, 0) / covered.length).toBeGreaterThan(0.92);
  }, 120_000);

  it('is that of the curve, and its intervals do not depend on what other shares are asked for', () => {
    const { scores, orders } = simulate(1);
    const [, end] = gainsAt(orders, scores, [0.5, 1]);
    expect(end.value).toBeCloseTo(qiniCurve(orders, scores).at(-1)?.gain ?? Number.NaN, 9);
    expect(gainsAt(orders, scores, [1])).toEqual([end]);
  });
});
