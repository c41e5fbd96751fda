import type { Tree, TreeEnsemble } from './tree.ts';

const { fround } = Math;

/** One ensemble whose raw score is the mean of the raw scores of several over the same features. */
export function meanOfEnsembles(ensembles: readonly TreeEnsemble[]): TreeEnsemble {
  const [first] = ensembles;
  if (first === undefined) throw new RangeError('no ensembles to take the mean of');
  const share = 1 / ensembles.length;
  return {
    featureNames: first.featureNames,
    baseScore: fround(ensembles.reduce((sum, { baseScore }) => sum + baseScore * share, 0)),
    trees: ensembles.flatMap(({ trees }) => trees.map((tree) => scaleTree(tree, share))),
  };
}

/** The ensemble whose raw score is `slope · rawScore + intercept`. */
export function rescaleEnsemble(
  { featureNames, baseScore, trees }: TreeEnsemble,
  { slope, intercept }: { readonly slope: number; readonly intercept: number },
): TreeEnsemble {
  return {
    featureNames,
    baseScore: fround(slope * baseScore + intercept),
    trees: trees.map((tree) => scaleTree(tree, slope)),
  };
}

function scaleTree(tree: Tree, factor: number): Tree {
  return { ...tree, leafValues: tree.leafValues.map((value) => value * factor) };
}
