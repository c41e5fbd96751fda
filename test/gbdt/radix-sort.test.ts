import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortFloat32 } from '../../src/gbdt/radix-sort.ts';

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
