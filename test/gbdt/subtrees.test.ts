import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafOf } from '../../src/gbdt/predictor.ts';
import { withSubtrees } from '../../src/gbdt/subtrees.ts';
import type { Tree } from '../../src/gbdt/tree.ts';
import { arbitraryEnsemble, probingMatrix, treeOf } from '../helpers/random-trees.ts';

const leavesOf = ({ splitFeatures }: Tree) =>
  [...splitFeatures.keys()].filter((node) => splitFeatures[node] < 0);

describe('a tree with subtrees for leaves', () => {
  it('gives each row what the subtree of its leaf gives it', () => {
    fc.assert(
      fc.property(arbitraryEnsemble(), fc.nat(), (ensemble, seed) => {
        const [tree, ...others] = ensemble.trees;
        fc.pre(tree !== undefined && others.length > 0);
        const subtreeOf = (leaf: number) => others[leaf % others.length];
        const joined = withSubtrees(tree, subtreeOf);
        const { columns, rowCount } = probingMatrix(ensemble, 40, seed);
        for (let row = 0; row < rowCount; row++) {
          const featureOf = (feature: number) => columns[feature][row];
          const subtree = subtreeOf(leafOf(tree, featureOf));
          expect(joined.leafValues[leafOf(joined, featureOf)]).toBe(
            subtree.leafValues[leafOf(subtree, featureOf)],
          );
        }
      }),
    );
  });

  it('shares the cover of a leaf among the nodes of its subtree as the subtree does', () => {
    const stump = treeOf({
      feature: 0,
      threshold: 0,
      defaultLeft: false,
      left: { leaf: 1 },
      right: { leaf: 2 },
    });
    const tree = { ...stump, covers: Float32Array.of(40, 30, 10) };
    const joined = withSubtrees(tree, () => ({ ...stump, covers: Float32Array.of(4, 1, 3) }));
    expect(leavesOf(joined).map((leaf) => joined.covers[leaf])).toEqual([7.5, 22.5, 2.5, 7.5]);
    expect(joined.covers[0]).toBe(40);
  });
});
