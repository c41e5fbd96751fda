import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { descendingOrder, nthSmallest, sortFloat32 } from '../../src/dataset/radix-sort.ts';

describe('sorting float32 numbers by their bits', () => {
  it('sorts as a comparison sort does', () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 1, maxLength: 50 }),
        fc.constantFrom(1, 200),
        (some, times) => {
          const values = Float32Array.from({ length: some.length * times }, (_, i) => some[i % some.length]);
          expect(sortFloat32(values.slice())).toEqual(values.slice().sort());
        },
      ),
    );
  });
});

describe('the nth smallest of float32 numbers', () => {
  it('is the number that a sort has there, missing numbers left out', () => {
    const number = fc.float({ noDefaultInfinity: true }).map((value) => value + 0);
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 50 }), fc.nat(), (some, draw) => {
        const values = Float32Array.from(some);
        const present = values.filter((value) => !Number.isNaN(value)).sort();
        fc.pre(present.length > 0);
        const rank = draw % present.length;
        expect(nthSmallest(values, rank)).toBe(present[rank]);
      }),
    );
  });
});

describe('the descending order of float32 scores', () => {
  it('is that of a comparison sort, and equal scores keep their order', () => {
    const number = fc.float({ noNaN: true });
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 1, maxLength: 50 }),
        fc.constantFrom(1, 200),
        (some, times) => {
          const scores = Float32Array.from({ length: some.length * times }, (_, i) => some[i % some.length]);
          const expected = [...scores.keys()].sort((a, b) =>
            scores[a] > scores[b] ? -1 : scores[a] < scores[b] ? 1 : a - b,
          );
          expect([...descendingOrder(scores)]).toEqual(expected);
        },
      ),
    );
  });
});
