import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absenceProbability,
  fitBgNbd,
  logLikelihoodOf,
  ordersIfStaying,
  type PurchaseHistory,
} from '../../src/baselines/bg-nbd.ts';
import { logGamma } from '../../src/baselines/log-gamma.ts';
import { customersUntil, readOrderDays, sampleOfCdnow, spendHistoryOf } from '../helpers/order-days.ts';
import { seededRandom } from '../helpers/random-trees.ts';
import { sharedData } from '../helpers/shared-data.ts';

const history = (rows: readonly (readonly [number, number, number])[]): PurchaseHistory => ({
  repeats: Float64Array.from(rows, ([x]) => x),
  recency: Float64Array.from(rows, ([, recency]) => recency),
  age: Float64Array.from(rows, ([, , age]) => age),
});

describe('logGamma', () => {
  it('is the logarithm of factorials, and of the square root of pi', () => {
    for (let n = 1, factorial = 1; n < 20; n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 10);
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    expect(logGamma(1e-3)).toBeCloseTo(6.907178885383853, 10);
    expect(logGamma(1e5)).toBeCloseTo(1_051_287.7089736538, 4);
  });
});

/** Orders by the model's own story: rates that differ, and a chance to leave after each. */
function simulate(customers: number, { r, alpha, a, b }: { r: number; alpha: number; a: number; b: number }) {
  const random = seededRandom(11);
  // A gamma variate of a whole shape is a sum of exponentials; a beta one a share of two gammas.
  const gamma = (shape: number) => {
    let sum = 0;
    for (let i = 0; i < shape; i++) sum -= Math.log(1 - random());
    return sum;
  };
  return history(
    Array.from({ length: customers }, () => {
      const rate = gamma(r) / alpha;
      const [one, other] = [gamma(a), gamma(b)];
      const dropout = one / (one + other);
      const age = 20 + 30 * random();
      let [time, last, repeats] = [0, 0, 0];
      for (;;) {
        time -= Math.log(1 - random()) / rate;
        if (time > age) break;
        last = time;
        repeats++;
        if (random() < dropout) break;
      }
      return [repeats, last, age] as const;
    }),
  );
}

describe('BG/NBD', () => {
  it('finds the parameters that histories were drawn with', () => {
    const fitted = fitBgNbd(simulate(8000, { r: 2, alpha: 10, a: 1, b: 3 }));
    expect(fitted.hasConverged).toBe(true);
    expect(fitted.r).toBeGreaterThan(1.7);
    expect(fitted.r).toBeLessThan(2.3);
    expect(fitted.alpha / fitted.r).toBeCloseTo(5, 0);
    expect(fitted.a / (fitted.a + fitted.b)).toBeCloseTo(0.25, 1);
  });

  it('computes the likelihood as the paper does, factor by factor', () => {
    const gamma = (x: number) => Math.exp(logGamma(x));
    const beta = (x: number, y: number) => (gamma(x) * gamma(y)) / gamma(x + y);
    const [r, alpha, a, b] = [0.7, 3, 0.9, 2.1];
    const rows = [
      [0, 0, 12],
      [3, 9.5, 14],
      [1, 0.5, 30],
    ] as const;
    const expected = rows.map(([x, tx, T]) => {
      const still = (gamma(r + x) * alpha ** r) / (gamma(r) * (alpha + T) ** (r + x));
      const left = x === 0 ? 0 : (gamma(r + x) * alpha ** r) / (gamma(r) * (alpha + tx) ** (r + x));
      return Math.log(
        (beta(a, b + x) / beta(a, b)) * still + (x > 0 ? beta(a + 1, b + x - 1) / beta(a, b) : 0) * left,
      );
    });
    const sum = expected.reduce((total, one) => total + one, 0);
    expect(logLikelihoodOf(history(rows), { r, alpha, a, b })).toBeCloseTo(sum, 9);
  });

  it('gives probabilities of no order that fall as the horizon grows', () => {
    const positive = fc.double({ min: 0.05, max: 50, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ r: positive, alpha: positive, a: positive, b: positive }),
        fc.nat(30),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        (rates, x, share, age) => {
          const one = history([[x, x === 0 ? 0 : share * age, age]]);
          const absent = [0, 1, 10, 1000].map((horizon) => absenceProbability(rates, one, horizon)[0]);
          expect(absent.every((probability) => probability >= 0 && probability <= 1)).toBe(true);
          expect(absent).toEqual(absent.toSorted((p, q) => q - p));
          expect(absent[0]).toBeCloseTo(1, 12);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives no estimate if no customer came back, and accepts few and equal customers', () => {
    const nobody = Array.from({ length: 50 }, () => [0, 0, 10] as const);
    expect(fitBgNbd(history(nobody)).hasConverged).toBe(false);
    for (const rows of [[[1, 2, 3]], Array.from({ length: 40 }, () => [4, 30, 31])] as [
      number,
      number,
      number,
    ][][]) {
      const fitted = fitBgNbd(history(rows));
      const [probability] = absenceProbability(fitted, history(rows), 5);
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(probability).toBeLessThanOrEqual(1);
    }
  });

  it.each([
    { r: 0.25, alpha: 4.4, a: 0.8, b: 2.4, x: 0, age: 0, horizon: 13 },
    { r: 0.25, alpha: 4.4, a: 0.8, b: 2.4, x: 2, age: 38, horizon: 39 },
    { r: 1.3, alpha: 9, a: 1, b: 3, x: 7, age: 50, horizon: 4 },
    { r: 2, alpha: 0.3, a: 2.5, b: 7, x: 300, age: 120, horizon: 52 },
    // Nearly nobody leaves: what Online Retail's first year gives.
    { r: 0.908, alpha: 10.71, a: 4002.3, b: 2_881_899.5, x: 9, age: 50, horizon: 12.9 },
    { r: 0.908, alpha: 10.71, a: 4002.3, b: 2_881_899.5, x: 0, age: 1, horizon: 52 },
    { r: 3, alpha: 2, a: 900, b: 5, x: 1, age: 3, horizon: 13 },
  ])('expects as many days with orders as numeric integration over dropout gives: %o', (sample) => {
    const { r, alpha, a, b, x, age, horizon } = sample;
    const shape = r + x;
    const absentFor = (time: number) => ((alpha + age) / (alpha + age + time)) ** shape;
    // Over p = u²: a beta density has its pole at 0.
    const steps = 200_000;
    const logDensity = (u: number) => (2 * a - 1) * Math.log(u) + (b + x - 1) * Math.log1p(-u * u);
    const nodes = Array.from({ length: steps }, (_, step) => (step + 0.5) / steps);
    const greatest = nodes.reduce((most, u) => Math.max(most, logDensity(u)), Number.NEGATIVE_INFINITY);
    let [weight, orders] = [0, 0];
    for (const u of nodes) {
      const density = Math.exp(logDensity(u) - greatest);
      weight += density;
      orders += (density * (1 - absentFor(u * u * horizon))) / (u * u);
    }
    const expected = orders / weight / (1 - absentFor(horizon));
    expect(
      ordersIfStaying(sample, history([[x, x === 0 ? 0 : age, age]]), horizon)[0] / expected,
    ).toBeCloseTo(1, 4);
  });

  it('expects a finite number of days with orders, one at least, whatever the parameters and the history', () => {
    const log = fc.double({ min: -15, max: 15, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(log, log, log, log),
        fc.integer({ min: 0, max: 2000 }),
        fc.double({ min: 0, max: 2000, noNaN: true }),
        fc.double({ min: 0.1, max: 500, noNaN: true }),
        (logs, x, age, horizon) => {
          const [r, alpha, a, b] = logs.map(Math.exp);
          const one = history([[x, x === 0 ? 0 : age, age]]);
          const [orders] = ordersIfStaying({ r, alpha, a, b }, one, horizon);
          expect(orders).toBeGreaterThanOrEqual(1);
          expect(orders).toBeLessThan(Number.POSITIVE_INFINITY);
        },
      ),
      { numRuns: 300 },
    );
  });

  describe.skipIf(sharedData('cdnow') === undefined)('on the tenth of CDNOW that the paper used', () => {
    it('finds the published estimate', () => {
      const sample = customersUntil(sampleOfCdnow(readOrderDays(sharedData('cdnow') ?? '')), '1997-09-30');
      expect(sample).toHaveLength(2357);
      const { purchases } = spendHistoryOf(sample, '1997-09-30');
      const { r, alpha, a, b, logLikelihood } = fitBgNbd(purchases);
      expect(r).toBeCloseTo(0.243, 3);
      expect(alpha).toBeCloseTo(4.414, 2);
      expect(a).toBeCloseTo(0.793, 2);
      expect(b).toBeCloseTo(2.426, 1);
      expect(logLikelihood).toBeCloseTo(-9582.4, 1);
    });
  });
});
