import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tree } from '../../src/gbdt/tree.ts';
import { exportOnnx } from '../../src/onnx/export-onnx.ts';
import { readTrees } from '../../src/onnx/read-trees.ts';
import { arbitraryEnsemble, boostedEnsemble, treeOf } from '../helpers/random-trees.ts';

const MODEL = { model: 'test' };
/** A file does not hold them. */
const withoutFigures = (tree: Tree): Tree => ({
  ...tree,
  gains: tree.gains.map(() => 0),
  covers: tree.covers.map(() => 0),
});

describe('reading the trees of a model file', () => {
  it('finds the trees that were exported, after the base score', () => {
    fc.assert(
      fc.property(arbitraryEnsemble(), (ensemble) => {
        expect(readTrees(exportOnnx(ensemble, MODEL))).toEqual({
          input: 'features',
          rawScore: [treeOf({ leaf: ensemble.baseScore }), ...ensemble.trees].map(withoutFigures),
          ranking: undefined,
        });
      }),
    );
  });

  it('finds the trees to rank by', () => {
    const ensemble = boostedEnsemble({ trees: 2, depth: 2, featureCount: 2 });
    const rankingTrees = boostedEnsemble({ trees: 3, depth: 3, featureCount: 2 }, 2).trees;
    const found = readTrees(exportOnnx({ ...ensemble, rankingTrees }, MODEL));
    expect(found?.rawScore).toHaveLength(3);
    expect(found?.ranking).toEqual([treeOf({ leaf: 0 }), ...rankingTrees].map(withoutFigures));
  });

  it('finds none in bytes that are no model, wherever they are cut or changed', () => {
    expect(readTrees(new Uint8Array())).toBeUndefined();
    const onnx = exportOnnx(boostedEnsemble({ trees: 2, depth: 2, featureCount: 2 }), MODEL);
    for (let length = 0; length < onnx.length - 200; length += 7) {
      expect(readTrees(onnx.slice(0, length))).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.nat({ max: onnx.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const changed = onnx.with(at, byte);
        const found = readTrees(changed);
        for (const { splitFeatures, leftChildren, rightChildren } of found?.rawScore ?? []) {
          for (const [node, feature] of splitFeatures.entries()) {
            if (feature < 0) continue;
            expect(leftChildren[node]).toBeGreaterThan(node);
            expect(rightChildren[node]).toBeLessThan(splitFeatures.length);
          }
        }
      }),
    );
  });
});
