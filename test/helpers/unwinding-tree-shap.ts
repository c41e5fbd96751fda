import type { TreeEnsemble } from '../../src/gbdt/tree.ts';

interface PathElement {
  readonly feature: number;
  readonly zero: number;
  readonly one: number;
  weight: number;
}

/**
 * Algorithm 2 of Lundberg, Erion and Lee (2018), line by line: the contributions of one row. Every inner node has a
 * cover above 0.
 */
export function unwindingTreeShap(ensemble: TreeEnsemble, row: readonly number[]): number[] {
  const contributions = ensemble.featureNames.map(() => 0);
  for (const tree of ensemble.trees) {
    const recurse = (node: number, above: PathElement[], zero: number, one: number, from: number): void => {
      let path = extend(above, zero, one, from);
      const feature = tree.splitFeatures[node];
      if (feature < 0) {
        for (let i = 1; i < path.length; i++) {
          const sum = unwind(path, i).reduce((total, { weight }) => total + weight, 0);
          contributions[path[i].feature] += sum * (path[i].one - path[i].zero) * tree.leafValues[node];
        }
        return;
      }
      const value = row[feature];
      const left = tree.leftChildren[node];
      const right = tree.rightChildren[node];
      const goesLeft = Number.isNaN(value) ? tree.defaultLeft[node] === 1 : value < tree.thresholds[node];
      const [hot, cold] = goesLeft ? [left, right] : [right, left];
      let incoming = { zero: 1, one: 1 };
      const known = path.findIndex((element, i) => i > 0 && element.feature === feature);
      if (known > 0) {
        incoming = path[known];
        path = unwind(path, known);
      }
      const both = tree.covers[left] + tree.covers[right];
      recurse(hot, path, (incoming.zero * tree.covers[hot]) / both, incoming.one, feature);
      recurse(cold, path, (incoming.zero * tree.covers[cold]) / both, 0, feature);
    };
    recurse(0, [], 1, 1, -1);
  }
  return contributions;
}

function extend(above: readonly PathElement[], zero: number, one: number, feature: number): PathElement[] {
  const length = above.length;
  const path = above.map((element) => ({ ...element }));
  path.push({ feature, zero, one, weight: length === 0 ? 1 : 0 });
  for (let i = length - 1; i >= 0; i--) {
    path[i + 1].weight += (one * path[i].weight * (i + 1)) / (length + 1);
    path[i].weight = (zero * path[i].weight * (length - i)) / (length + 1);
  }
  return path;
}

function unwind(extended: readonly PathElement[], index: number): PathElement[] {
  const last = extended.length - 1;
  const { zero, one } = extended[index];
  const weights = extended.map(({ weight }) => weight);
  let next = weights[last];
  for (let j = last - 1; j >= 0; j--) {
    if (one !== 0) {
      const weight = weights[j];
      weights[j] = (next * (last + 1)) / ((j + 1) * one);
      next = weight - (weights[j] * zero * (last - j)) / (last + 1);
    } else {
      weights[j] = (weights[j] * (last + 1)) / (zero * (last - j));
    }
  }
  return extended.filter((_, i) => i !== index).map((element, i) => ({ ...element, weight: weights[i] }));
}
