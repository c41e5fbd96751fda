import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafSumScale, readLeafSums, sumLeafGradients } from '../../src/gbdt/leaf-sums.ts';

const gradient = fc.double({ min: -1, max: 1, noNaN: true }).map(Math.fround);

/** Sums over nodes 0 and 1, the rows shared among `threads`. */
function sumOf(rows: readonly (readonly [number, number])[], threads: number) {
  const scales = { gradient: leafSumScale(1), hessian: leafSumScale(1) };
  const leafSumStride = 4;
  const leafSums = new BigInt64Array(leafSumStride * threads);
  const gradients = Float32Array.from(rows, ([value]) => value);
  const hessians = gradients.map(Math.abs);
  const nodes = Uint8Array.from(rows, ([, node]) => node);
  for (let thread = 0; thread < threads; thread++) {
    const from = Math.floor((rows.length * thread) / threads);
    const to = Math.floor((rows.length * (thread + 1)) / threads);
    const own = leafSums.subarray(thread * leafSumStride, (thread + 1) * leafSumStride);
    sumLeafGradients({ gradients, hessians, nodes }, own, scales, { from, to });
  }
  return [0, 1].map((node) => readLeafSums({ leafSums, leafSumStride }, node, threads, scales));
}

describe('the sums of a leaf', () => {
  const rows = fc.array(fc.tuple(gradient, fc.integer({ min: 0, max: 1 })), { maxLength: 300 });

  it('are the same bits whatever the order of the rows and the threads that share them', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 7 }), (sample, threads) => {
        const once = sumOf(sample, 1);
        expect(sumOf([...sample].reverse(), threads)).toEqual(once);
      }),
    );
  });

  it('are as exact as a double sum', () => {
    fc.assert(
      fc.property(rows, (sample) => {
        for (const [node, { gradients, hessians }] of sumOf(sample, 2).entries()) {
          const own = sample.filter(([, at]) => at === node).map(([value]) => value);
          expect(gradients).toBeCloseTo(
            own.reduce((sum, value) => sum + value, 0),
            8,
          );
          expect(hessians).toBeCloseTo(
            own.reduce((sum, value) => sum + Math.abs(value), 0),
            8,
          );
        }
      }),
    );
  });
});
