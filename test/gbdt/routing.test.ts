import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BinMapper, binOf, findBinThresholds, MAX_BINS, missingBin } from '../../src/gbdt/binning.ts';
import { GrowingTree } from '../../src/gbdt/growing-tree.ts';
import { leafOf } from '../../src/gbdt/predictor.ts';
import { childOf, leafOfRow } from '../../src/gbdt/routing.ts';
import { NO_SPLIT } from '../../src/gbdt/splitting.ts';

const FEATURES = 3;
const value = fc.oneof(
  fc.constant(Number.NaN),
  fc.integer({ min: -3, max: 3 }),
  fc.float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 99), max: 2 ** 99 }),
);
const rowsArbitrary = fc.array(fc.tuple(value, value, value), { minLength: 2, maxLength: 60 });
const splitsArbitrary = fc.array(
  fc.record({
    leaf: fc.nat(),
    feature: fc.integer({ min: 0, max: FEATURES - 1 }),
    bin: fc.nat(),
    defaultLeft: fc.boolean(),
  }),
  { maxLength: 12 },
);

function binRows(
  rows: readonly (readonly number[])[],
  maxBins: number,
): { mapper: BinMapper; bins: Uint8Array } {
  const mapper = {
    binThresholds: new Float32Array(FEATURES * MAX_BINS),
    thresholdCounts: new Int32Array(FEATURES),
  };
  for (let feature = 0; feature < FEATURES; feature++) {
    const values = Float32Array.from(rows, (row) => row[feature]);
    findBinThresholds({ feature, values }, maxBins, mapper);
  }
  const bins = Uint8Array.from(
    rows.flatMap((row) => row.map((one, feature) => binOf(Math.fround(one), mapper, feature))),
  );
  return { mapper, bins };
}

describe('routing rows by their bins', () => {
  it('sends a row to the leaf that its values lead to, in any tree', () => {
    fc.assert(
      fc.property(rowsArbitrary, splitsArbitrary, fc.constantFrom(2, 5, 256), (rows, splits, maxBins) => {
        const { mapper, bins } = binRows(rows, maxBins);
        const growing = new GrowingTree();
        const leaves = [growing.addLeaf()];
        for (const { leaf, feature, bin, defaultLeft } of splits) {
          const [node] = leaves.splice(leaf % leaves.length, 1);
          // The last of the value bins parts present values from missing ones, which then go right.
          const valueBins = missingBin(mapper, feature);
          const last = bin % valueBins;
          const isLast = last === valueBins - 1;
          const split = { ...NO_SPLIT, feature, bin: last, defaultLeft: defaultLeft && !isLast };
          const { left, right } = growing.split(node, split);
          leaves.push(left, right);
        }
        const nothing = new Float32Array(growing.nodeCount);
        const binTree = growing.finish(mapper, nothing, nothing);
        for (const [row, values] of rows.entries()) {
          const byValue = leafOf(binTree.tree, (feature) => Math.fround(values[feature]));
          expect(leafOfRow(binTree, bins, row * FEATURES)).toBe(byValue);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('sends a row to a child of its node, and all rows of a finished node to the left', () => {
    const rules = {
      parentCount: 2,
      features: Int32Array.of(1, 0),
      lastLeftBins: Uint8Array.of(4, 255),
      leftMissingBins: Uint8Array.of(9, 255),
    };
    const child = (node: number, bin: number) => childOf(rules, node, Uint8Array.of(0, bin), 0);
    expect([0, 4, 5, 8, 9].map((bin) => child(0, bin))).toEqual([0, 0, 1, 1, 0]);
    expect([0, 255].map((bin) => child(1, bin))).toEqual([2, 2]);
  });
});

describe('the covers of a growing tree', () => {
  it('are summed from the leaves to the root', () => {
    const tree = new GrowingTree();
    const root = tree.addLeaf();
    const { left, right } = tree.split(root, { ...NO_SPLIT, feature: 0 });
    const below = tree.split(left, { ...NO_SPLIT, feature: 1 });
    const leafCovers = new Float64Array(tree.nodeCount);
    leafCovers[right] = 4;
    leafCovers[below.left] = 1;
    leafCovers[below.right] = 2;
    const covers = tree.sumCovers(leafCovers);
    expect([root, left, right].map((node) => covers[node])).toEqual([7, 3, 4]);
  });
});
