import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expectedOrderValue,
  fitGammaGamma,
  logLikelihoodOf,
  type OrderValues,
} from '../../src/baselines/gamma-gamma.ts';
import { logGamma } from '../../src/baselines/log-gamma.ts';
import { customersUntil, readOrderDays, sampleOfCdnow } from '../helpers/order-days.ts';
import { seededRandom } from '../helpers/random-trees.ts';
import { sharedData } from '../helpers/shared-data.ts';

const valuesOf = (rows: readonly (readonly [orders: number, meanValue: number])[]): OrderValues => ({
  orders: Float64Array.from(rows, ([orders]) => orders),
  meanValue: Float64Array.from(rows, ([, meanValue]) => meanValue),
});

/** Order values by the model's own story, for whole shapes: a gamma variate is then a sum of exponentials. */
function simulate(customers: number, { p, q, gamma }: { p: number; q: number; gamma: number }): OrderValues {
  const random = seededRandom(5);
  const draw = (shape: number, rate: number) => {
    let sum = 0;
    for (let i = 0; i < shape; i++) sum -= Math.log(1 - random());
    return sum / rate;
  };
  return valuesOf(
    Array.from({ length: customers }, () => {
      const rate = draw(q, gamma);
      const orders = 1 + Math.floor(4 * random());
      return [orders, draw(p * orders, rate) / orders] as const;
    }),
  );
}

describe('the gamma-gamma model', () => {
  it('finds the parameters that order values were drawn with', () => {
    const fitted = fitGammaGamma(simulate(8000, { p: 3, q: 4, gamma: 20 }));
    expect(fitted.hasConverged).toBe(true);
    expect(fitted.p / 3).toBeCloseTo(1, 0);
    expect(fitted.q / 4).toBeCloseTo(1, 0);
    expect((fitted.p * fitted.gamma) / (fitted.q - 1) / 20).toBeCloseTo(1, 1);
  });

  it('computes the likelihood as the note does', () => {
    const [p, q, gamma] = [2.5, 3.2, 11];
    const rows = [
      [1, 30],
      [4, 7.5],
    ] as const;
    const g = (x: number) => Math.exp(logGamma(x));
    const expected = rows.reduce((sum, [x, z]) => {
      const constant = g(p * x + q) / (g(p * x) * g(q));
      return (
        sum +
        Math.log((constant * gamma ** q * z ** (p * x - 1) * x ** (p * x)) / (gamma + x * z) ** (p * x + q))
      );
    }, 0);
    expect(logLikelihoodOf(valuesOf(rows), { p, q, gamma })).toBeCloseTo(expected, 9);
  });

  it('expects an order between the customer’s own mean and everybody’s, nearer to their own the more orders there are', () => {
    const positive = fc.double({ min: 0.1, max: 50, noNaN: true });
    const shapes = fc.record({ p: positive, q: positive.map((q) => q + 1.1), gamma: positive });
    fc.assert(
      fc.property(shapes, positive, fc.integer({ min: 1, max: 40 }), (parameters, own, orders) => {
        const everybody = (parameters.p * parameters.gamma) / (parameters.q - 1);
        const expected = expectedOrderValue(
          parameters,
          valuesOf([
            [0, 0],
            [orders, own],
            [orders + 1, own],
          ]),
        );
        expect(expected[0]).toBeCloseTo(everybody, 9);
        const distances = [...expected].map((value) => Math.abs(value - own));
        expect(distances[1]).toBeLessThanOrEqual(distances[0] + 1e-9);
        expect(distances[2]).toBeLessThanOrEqual(distances[1] + 1e-9);
      }),
    );
  });

  it('does not depend on the currency, and gives the same digits every time', () => {
    const values = simulate(500, { p: 2, q: 3, gamma: 10 });
    const inCents = { ...values, meanValue: values.meanValue.map((value) => value * 100) };
    const [fitted, scaled] = [fitGammaGamma(values), fitGammaGamma(inCents)];
    expect(fitGammaGamma(values)).toEqual(fitted);
    expect(scaled.p).toBeCloseTo(fitted.p, 4);
    expect(scaled.gamma / 100).toBeCloseTo(fitted.gamma, 3);
    expect(scaled.logLikelihood).toBeCloseTo(fitted.logLikelihood - 500 * Math.log(100), 3);
  });

  it('expects the same of everybody if customers are alike', () => {
    const random = seededRandom(3);
    const rows = Array.from({ length: 300 }, () => {
      const orders = 1 + Math.floor(random() * 12);
      const values = Array.from({ length: orders }, () => 10 + 90 * random());
      return [orders, values.reduce((sum, value) => sum + value, 0) / orders] as const;
    });
    const values = valuesOf(rows);
    const fitted = fitGammaGamma(values);
    expect(fitted.hasConverged).toBe(true);
    for (const expected of expectedOrderValue(fitted, values)) {
      expect(expected).toBeGreaterThan(52);
      expect(expected).toBeLessThan(58);
    }
  });

  it('gives no estimate for few customers or orders worth nothing, and the value itself if all are equal', () => {
    const equal = Array.from({ length: 100 }, () => [2, 10] as const);
    const fitted = fitGammaGamma(valuesOf(equal));
    expect(fitted.hasConverged).toBe(true);
    for (const expected of expectedOrderValue(fitted, valuesOf(equal))) expect(expected).toBeCloseTo(10, 2);
    for (const rows of [[], [[1, 3]], equal.map(() => [2, 0]), equal.map(() => [0, 5])] as [
      number,
      number,
    ][][]) {
      expect(fitGammaGamma(valuesOf(rows)).hasConverged).toBe(false);
    }
  });

  it.skipIf(sharedData('cdnow') === undefined)(
    'finds the published estimate on the tenth of CDNOW that the note used',
    () => {
      // The note takes the orders after the first one.
      const repeats = customersUntil(sampleOfCdnow(readOrderDays(sharedData('cdnow') ?? '')), '1997-09-30')
        .map(({ days }) => days.slice(1).map(([, amount]) => amount))
        .filter((amounts) => amounts.length > 0)
        .map(
          (amounts) => [amounts.length, amounts.reduce((sum, one) => sum + one, 0) / amounts.length] as const,
        );
      expect(repeats).toHaveLength(946);
      const { p, q, gamma } = fitGammaGamma(valuesOf(repeats));
      expect(p).toBeCloseTo(6.25, 2);
      expect(q).toBeCloseTo(3.74, 2);
      expect(gamma).toBeCloseTo(15.44, 2);
    },
  );
});
