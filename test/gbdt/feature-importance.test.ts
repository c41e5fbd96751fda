import { describe, expect, it } from 'vitest';
import { featureImportanceOf } from '../../src/gbdt/feature-importance.ts';
import { type Node, treeOf } from '../helpers/random-trees.ts';

const split = (feature: number, left: Node, right: Node): Node => ({
  feature,
  threshold: 0,
  defaultLeft: false,
  left,
  right,
});
const leaf: Node = { leaf: 1 };

describe('feature importance', () => {
  it('is the mean gain of the splits on a feature, as a share of all', () => {
    const tree = treeOf(split(0, split(2, leaf, leaf), split(0, leaf, leaf)));
    // In the order of the nodes: the root, its left child and leaves, its right child and leaves.
    const gains = Float32Array.of(8, 3, 0, 0, 4, 0, 0);
    const ensemble = { featureNames: ['a', 'b', 'c'], baseScore: 0, trees: [{ ...tree, gains }] };
    // Feature 0: (8 + 4) / 2 = 6; feature 2: 3.
    expect(featureImportanceOf(ensemble)).toEqual([6 / 9, 0, 3 / 9]);
  });

  it('is 0 for every feature of an ensemble without splits', () => {
    const ensemble = { featureNames: ['a', 'b'], baseScore: 0, trees: [treeOf(leaf)] };
    expect(featureImportanceOf(ensemble)).toEqual([0, 0]);
    expect(featureImportanceOf({ ...ensemble, trees: [] })).toEqual([0, 0]);
  });
});
