import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawOfRows, isDrawn, sampleFeatures } from '../../src/gbdt/sampling.ts';

describe('subsampling', () => {
  it('draws about the given share of rows, another set for every tree and seed', () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => row);
    const drawnOf = (from: readonly number[], seed: number, tree: number) => {
      const draw = drawOfRows(seed, tree, 0.3);
      return from.filter((row) => draw === undefined || isDrawn(draw, row));
    };
    const first = drawnOf(rows, 42, 0);
    const second = drawnOf(rows, 42, 1);
    const both = drawnOf(first, 42, 1);
    expect(first.length / rows.length).toBeCloseTo(0.3, 1.5);
    expect(second.length / rows.length).toBeCloseTo(0.3, 1.5);
    expect(both.length / rows.length).toBeCloseTo(0.09, 1.5);
    expect(drawnOf(rows, 43, 0)).not.toEqual(first);
    expect(drawOfRows(42, 0, 1)).toBeUndefined();
  });

  it('draws the given share of features, ascending, at least one', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (seed, tree, count, share) => {
          const features = sampleFeatures(seed, tree, count, share);
          expect(features).toHaveLength(Math.max(1, Math.round(count * share)));
          expect(features).toEqual([...new Set(features)].sort((a, b) => a - b));
          expect(features.every((feature) => feature >= 0 && feature < count)).toBe(true);
        },
      ),
    );
  });
});
