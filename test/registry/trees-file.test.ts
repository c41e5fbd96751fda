import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTrees, parseTrees } from '../../src/registry/trees-file.ts';
import { AWKWARD_VALUES, arbitraryEnsemble, boostedEnsemble, treeOf } from '../helpers/random-trees.ts';

describe('trees.json', () => {
  test('gives back any ensemble bit for bit', () => {
    fc.assert(
      fc.property(arbitraryEnsemble(), (ensemble) => {
        expect(parseTrees(formatTrees(ensemble))).toEqual(ensemble);
      }),
    );
  });

  test('gives back ranking trees, and none if there are none', () => {
    const { trees: rankingTrees } = boostedEnsemble({ trees: 3, depth: 2, featureCount: 2 });
    const ensemble = { ...boostedEnsemble({ trees: 2, depth: 3, featureCount: 2 }), rankingTrees };
    expect(parseTrees(formatTrees(ensemble))).toEqual(ensemble);
    expect(parseTrees(formatTrees({ ...ensemble, rankingTrees: undefined }))).not.toHaveProperty(
      'rankingTrees',
    );
  });

  test('gives back values that decimals or JSON would lose, -0 and infinities included', () => {
    for (const value of AWKWARD_VALUES) {
      const tree = treeOf({
        feature: 0,
        threshold: value,
        defaultLeft: true,
        left: { leaf: value },
        right: { leaf: 1 },
      });
      const ensemble = { featureNames: ['a'], baseScore: value, trees: [tree] };
      const back = parseTrees(formatTrees(ensemble));
      expect(back.baseScore).toBe(value);
      expect(back.trees[0].thresholds[0]).toBe(value);
      expect(back.trees[0].leafValues[1]).toBe(value);
    }
  });

  test('has the documented format', () => {
    const tree = treeOf({
      feature: 0,
      threshold: 1.5,
      defaultLeft: true,
      left: { leaf: -1 },
      right: { leaf: 1 },
    });
    expect(formatTrees({ featureNames: ['days'], baseScore: 0.25, trees: [tree] })).toMatchInlineSnapshot(`
      "{"schema":1,"feature_names":["days"],"base_score":"AACAPg==","node_counts":[3],"split_features":"AAAAAP//////////","thresholds":"AADAPwAAAAAAAAAA","left_children":"AQAAAP//////////","right_children":"AgAAAP//////////","default_left":"AQAA","leaf_values":"AAAAAAAAgL8AAIA/","gains":"AACAPwAAAAAAAAAA","covers":"AACAPwAAgD8AAIA/"}
      "
    `);
  });

  test.each([
    ['no JSON', '{'],
    ['another format', '{"schema": 2}'],
    ['an array cut short', edited((file) => ({ ...file, thresholds: '' }))],
    ['a child outside of its tree', edited((file) => ({ ...file, left_children: file.node_counts }))],
    ['a loop', edited((file) => ({ ...file, left_children: file.split_features }))],
    ['a feature that is not there', edited((file) => ({ ...file, feature_names: [] }))],
    ['an unknown key', edited((file) => ({ ...file, weights: '' }))],
  ])('is refused if damaged: %s', (_, text) => {
    expect(() => parseTrees(text)).toThrow();
  });
});

function edited(edit: (file: Record<string, unknown>) => Record<string, unknown>): string {
  const text = formatTrees(boostedEnsemble({ trees: 2, depth: 2, featureCount: 2 }));
  return JSON.stringify(edit(JSON.parse(text)));
}
