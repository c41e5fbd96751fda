import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gradientScaleOf,
  MAX_QUANTIZED_GRADIENT,
  MAX_QUANTIZED_HESSIAN,
  quantizeGradients,
} from '../../src/gbdt/quantization.ts';

const size = fc
  .double({ min: 1e-30, max: 1e30, noNaN: true })
  .map(Math.fround)
  .filter((x) => x > 0);

function quantize(gradients: number[], hessians: number[]) {
  const largest = Math.max(...gradients.map((g) => Math.abs(Math.fround(g))));
  const scale = gradientScaleOf(largest, Math.max(...hessians.map(Math.fround)));
  const packedGradients = new Int32Array(gradients.length);
  quantizeGradients(
    { gradients: Float32Array.from(gradients), hessians: Float32Array.from(hessians), packedGradients },
    scale,
    { from: 0, to: gradients.length },
  );
  return {
    scale,
    gradients: [...packedGradients].map((word) => word >> 16),
    hessians: [...packedGradients].map((word) => word & 0xffff),
  };
}

describe('quantised gradients', () => {
  it('use the whole range and never leave it, whatever the largest gradient is', () => {
    fc.assert(
      fc.property(size, size, (g, h) => {
        const { gradients, hessians } = quantize([g, -g, g / 2], [h, h / 3, 0]);
        expect(gradients[0]).toBeLessThanOrEqual(MAX_QUANTIZED_GRADIENT);
        expect(gradients[0]).toBeGreaterThan(MAX_QUANTIZED_GRADIENT - 2);
        expect(gradients[1]).toBe(-gradients[0]);
        expect(hessians[0]).toBeLessThanOrEqual(MAX_QUANTIZED_HESSIAN);
        expect(hessians[0]).toBeGreaterThan(MAX_QUANTIZED_HESSIAN - 2);
        expect(hessians[2]).toBe(0);
      }),
    );
  });

  it('are at most half a step from the gradient', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (numbers) => {
          const { scale, gradients } = quantize(
            numbers,
            numbers.map((x) => Math.abs(x)),
          );
          for (const [i, number] of numbers.entries()) {
            if (scale.gradient === 1) continue;
            expect(Math.abs(gradients[i] / scale.gradient - number)).toBeLessThan(
              0.501 / scale.gradient + 1e-7,
            );
          }
        },
      ),
    );
  });

  it('fit into 32-bit sums over 65,536 rows, even at their largest', () => {
    const rows = 65_536;
    expect(MAX_QUANTIZED_GRADIENT * rows).toBeLessThan(2 ** 31);
    expect(MAX_QUANTIZED_HESSIAN * rows).toBeLessThan(2 ** 32);
  });
});
