import { expect, it } from 'vitest';
import { gaussLegendre } from '../../src/explain/gauss-legendre.ts';

it.each([1, 2, 3, 5, 10, 20, 50])(
  'the Gauss-Legendre rule integrates polynomials of degree below 2 * %i exactly',
  (size) => {
    const { points, weights } = gaussLegendre(size);
    for (let degree = 0; degree < 2 * size; degree++) {
      const integral = points.reduce((sum, t, index) => sum + weights[index] * t ** degree, 0);
      expect(Math.abs(integral - 1 / (degree + 1))).toBeLessThan(1e-14);
    }
  },
);

it('the Gauss-Legendre rule has rising points within the interval', () => {
  const { points } = gaussLegendre(7);
  expect([0, ...points, 1]).toEqual([0, ...points, 1].sort((a, b) => a - b));
  expect(new Set([0, ...points, 1]).size).toBe(9);
});
