import { expect, it } from 'vitest';
import { pooledBands, saidAndBought } from '../../src/metrics/said-and-bought.ts';

const pairs = (count: number, probability: number, bought: number) =>
  Array.from({ length: count }, (_, i) => ({ probability, label: i < bought ? 1 : 0 }));

function bandsOf(rows: ReturnType<typeof pairs>) {
  return saidAndBought(
    rows.map(({ label }) => label),
    rows.map(({ probability }) => probability),
  );
}

it('bands of probability, certainty among them, add up what was said and what happened', () => {
  const bands = bandsOf([
    ...pairs(100, 0.03, 5),
    ...pairs(10, 0.7, 4),
    ...pairs(2, 1, 2),
    ...pairs(8, 0.02, 1),
  ]);
  expect(bands.map(({ from }) => from)).toEqual([0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]);
  expect(bands[4]).toMatchObject({ from: 0.02, to: 0.05, bought: 6 });
  expect(bands[4].said).toBeCloseTo(3.16);
  expect(bands[8]).toMatchObject({ from: 0.5, to: 1, said: 9, bought: 6 });
});

it('bands of several days are pooled, and joined until each has 100 purchases', () => {
  const day = bandsOf([
    ...pairs(400, 0.001, 60),
    ...pairs(400, 0.03, 130),
    ...pairs(100, 0.3, 70),
    ...pairs(20, 0.9, 15),
  ]);
  const pooled = pooledBands([day, day]);
  expect(pooled.map(({ from, to, bought }) => [from, to, bought])).toEqual([
    [0, 0.002, 120],
    [0.002, 0.05, 260],
    [0.05, 1, 170],
  ]);
  const total = (bands: typeof day) => bands.reduce((sum, { said }) => sum + said, 0);
  expect(total(pooled)).toBeCloseTo(2 * total(day));
});

it('a day with few purchases is one band', () => {
  const few = bandsOf([...pairs(30, 0.1, 3), ...pairs(30, 0.5, 12)]);
  expect(pooledBands([few])).toMatchObject([{ from: 0, to: 1, bought: 15 }]);
  expect(pooledBands([])).toEqual([]);
});
