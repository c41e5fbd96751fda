import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededHash } from '../../src/dataset/seeded-hash.ts';
import { stratifiedSplit } from '../../src/dataset/stratified-split.ts';

const customers = fc
  .uniqueArray(fc.integer({ min: 1, max: 100_000 }), { minLength: 10, maxLength: 200 })
  .chain((ids) =>
    fc.record({
      ids: fc.constant(ids),
      labels: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: ids.length, maxLength: ids.length }),
    }),
  );

function split(ids: readonly number[], labels: readonly number[], seed = 42) {
  return stratifiedSplit({ ids, labels: Float32Array.from(labels), testShare: 0.2, seed });
}

it('the stratified split puts every row on one side, and a fifth of each class into the test part', () => {
  fc.assert(
    fc.property(customers, ({ ids, labels }) => {
      const { train, test } = split(ids, labels);
      expect([...train, ...test].toSorted((a, b) => a - b)).toEqual([...ids.keys()]);
      for (const label of [0, 1]) {
        const inClass = labels.filter((value) => value === label).length;
        expect([...test].filter((row) => labels[row] === label)).toHaveLength(Math.round(inClass * 0.2));
      }
    }),
  );
});

it('the stratified split depends on the ids alone, not on the order of rows', () => {
  fc.assert(
    fc.property(customers, ({ ids, labels }) => {
      const idsOf = (order: readonly number[], rows: Uint32Array) =>
        [...rows].map((row) => order[row]).toSorted();
      const reversed = split(ids.toReversed(), labels.toReversed());
      expect(idsOf(ids.toReversed(), reversed.test)).toEqual(idsOf(ids, split(ids, labels).test));
    }),
  );
});

it('the stratified split changes with the seed', () => {
  const ids = Array.from({ length: 100 }, (_, index) => index);
  const labels = ids.map((id) => id % 2);
  expect(split(ids, labels, 1).test).not.toEqual(split(ids, labels, 2).test);
});

it('the stratified split takes the smallest hashes of a class, and of equal ones the first id as text', () => {
  const [asText, asNumber] = [1_081_800, 56_742];
  const hashOf = (id: number) => seededHash(String(id), 42);
  expect(hashOf(asText)).toBe(hashOf(asNumber));
  const others = Array.from({ length: 1000 }, (_, id) => id);
  const below = others.filter((id) => hashOf(id) < hashOf(asText)).slice(0, 2);
  const above = others.filter((id) => hashOf(id) > hashOf(asText)).slice(0, 11);
  // Of fifteen, three are the test part: the two below, and one of the pair.
  const ids = [...above, asNumber, asText, ...below];
  const labels = ids.map(() => 1);
  expect([...split(ids, labels).test].map((row) => ids[row])).toEqual([asText, ...below]);
});
