import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absenceProbability, ordersIfStaying } from '../../src/baselines/bg-nbd.ts';
import { outlookOf } from '../../src/baselines/customer-outlook.ts';
import { type SpendHistory, type SpendModel, spendIfStaying } from '../../src/baselines/spend-model.ts';
import { spendOf } from '../../src/scoring/customer-value.ts';
import { seededRandom } from '../helpers/random-trees.ts';

const fitted = { logLikelihood: 0, hasConverged: true };
/** Whole shapes, so that a gamma variate is a sum of exponentials and a beta variate one of two. */
const MODEL: SpendModel = {
  orders: { r: 2, alpha: 20, a: 1, b: 3, ...fitted },
  value: { p: 3, q: 5, gamma: 60, ...fitted },
};
const YEAR = 52;
const WITHIN = 13;

interface Simulated {
  readonly history: SpendHistory;
  /** What each then spent in a year, and when they next ordered: infinite if they do not. */
  readonly spent: readonly number[];
  readonly nextOrder: readonly number[];
}

/** Customers who live by the models' own story for up to two years, and for one more that nobody has seen. */
function simulate(customers: number, seed: number): Simulated {
  const random = seededRandom(seed);
  const exponential = (rate: number) => -Math.log(1 - random()) / rate;
  const gamma = (shape: number, rate: number) =>
    Array.from({ length: shape }, () => exponential(rate)).reduce((sum, one) => sum + one, 0);
  const { r, alpha, a, b } = MODEL.orders;
  const { p, q, gamma: scale } = MODEL.value;
  const people = Array.from({ length: customers }, () => {
    const age = 104 * random();
    const rate = gamma(r, alpha);
    const [left, stayed] = [gamma(a, 1), gamma(b, 1)];
    const worth = gamma(q, scale);
    const times = [0];
    for (let time = exponential(rate); time < age + YEAR; time += exponential(rate)) {
      times.push(time);
      if (random() < left / (left + stayed)) break;
    }
    const orders = times.map((time) => ({ time, amount: gamma(p, worth) }));
    const seen = orders.filter(({ time }) => time <= age);
    const later = orders.filter(({ time }) => time > age);
    const sum = (some: typeof orders) => some.reduce((total, { amount }) => total + amount, 0);
    return {
      repeats: seen.length - 1,
      recency: seen[seen.length - 1].time,
      age,
      orders: seen.length,
      meanValue: sum(seen) / seen.length,
      spent: sum(later),
      nextOrder: (later[0]?.time ?? Number.POSITIVE_INFINITY) - age,
    };
  });
  const column = (name: 'repeats' | 'recency' | 'age' | 'orders' | 'meanValue') =>
    Float64Array.from(people, (person) => person[name]);
  return {
    history: {
      purchases: { repeats: column('repeats'), recency: column('recency'), age: column('age') },
      values: { orders: column('orders'), meanValue: column('meanValue') },
    },
    spent: people.map(({ spent }) => spent),
    nextOrder: people.map(({ nextOrder }) => nextOrder),
  };
}

/** What is said if the forecast says what BG/NBD says. */
function outlooksOf(history: SpendHistory) {
  const away = absenceProbability(MODEL.orders, history.purchases, WITHIN);
  return Array.from(away, (probability, row) => {
    const outlook = outlookOf(MODEL, history, row, {
      absence: { probability, within: WITHIN },
      horizon: YEAR,
    });
    return { ...outlook, ...spendOf(outlook) };
  });
}

describe('the outlook of a customer', () => {
  const { history, spent, nextOrder } = simulate(6000, 11);
  const outlooks = outlooksOf(history);

  it('holds the spend of eight of ten simulated customers in its interval', () => {
    const within = outlooks.filter(({ low, high }, i) => low <= spent[i] && spent[i] <= high);
    const above = outlooks.filter(({ high }, i) => spent[i] > high);
    // An interval that begins with 0 has the lower tail in it as well.
    expect(within.length / spent.length).toBeGreaterThan(0.79);
    expect(above.length / spent.length).toBeCloseTo(0.1, 1.6);
  });

  it('holds the next order of eight of ten simulated customers who order again, half of them after the median', () => {
    const back = [...nextOrder.keys()].filter((i) => nextOrder[i] <= YEAR);
    const share = (isSo: (i: number) => boolean) => back.filter(isSo).length / back.length;
    expect(back.length).toBeGreaterThan(2000);
    const { length } = back;
    const near = 3 * Math.sqrt(0.16 / length);
    expect(Math.abs(share((i) => nextOrder[i] <= outlooks[i].nextOrder.median) - 0.5)).toBeLessThan(near);
    expect(
      Math.abs(
        share(
          (i) => outlooks[i].nextOrder.early <= nextOrder[i] && nextOrder[i] <= outlooks[i].nextOrder.late,
        ) - 0.8,
      ),
    ).toBeLessThan(near);
  });

  it('sums to what they spend, within its variance, in eight of ten simulated shops', () => {
    let covered = 0;
    const shops = 400;
    for (let shop = 0; shop < shops; shop++) {
      const simulated = simulate(200, 1000 + shop);
      const said = outlooksOf(simulated.history);
      const expected = said.reduce((sum, { expected }) => sum + expected, 0);
      const deviation = Math.sqrt(said.reduce((sum, { variance }) => sum + variance, 0));
      const real = simulated.spent.reduce((sum, one) => sum + one, 0);
      if (Math.abs(real - expected) <= 1.2816 * deviation) covered++;
    }
    expect(covered / shops).toBeGreaterThan(0.76);
    expect(covered / shops).toBeLessThan(0.84);
  });

  it('is that of the spend model if the forecast says what BG/NBD says', () => {
    const staying = spendIfStaying(MODEL, history, YEAR);
    const away = absenceProbability(MODEL.orders, history.purchases, YEAR);
    for (const row of [0, 17, 400, 5999]) {
      // Nearly everybody's: the two differ only where an expected number of orders below 1 was raised to 1.
      expect(outlooks[row].expected / ((1 - away[row]) * staying[row])).toBeCloseTo(1, 2);
    }
    expect(ordersIfStaying(MODEL.orders, history.purchases, YEAR).every((orders) => orders >= 1)).toBe(true);
  });

  it('is worth more and comes sooner the surer the forecast is that they order', () => {
    const probability = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    const row = fc.integer({ min: 0, max: 5999 });
    fc.assert(
      fc.property(probability, probability, row, (one, other, at) => {
        const [surer, less] = [Math.min(one, other), Math.max(one, other)].map((chance) =>
          outlookOf(MODEL, history, at, {
            absence: { probability: chance, within: WITHIN },
            horizon: YEAR,
          }),
        );
        const [spendOfSurer, spendOfLess] = [surer, less].map(spendOf);
        expect(spendOfSurer.expected).toBeGreaterThanOrEqual(spendOfLess.expected - 1e-9);
        expect(surer.chance).toBeGreaterThanOrEqual(less.chance - 1e-12);
        for (const { low, high } of [spendOfSurer, spendOfLess]) expect(low).toBeLessThanOrEqual(high);
        for (const { nextOrder: next, chance } of [surer, less]) {
          expect(next.early).toBeGreaterThanOrEqual(0);
          expect(next.early).toBeLessThanOrEqual(next.median);
          expect(next.median).toBeLessThanOrEqual(next.late);
          expect(next.late).toBeLessThanOrEqual(YEAR);
          expect(chance).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
