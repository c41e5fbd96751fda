import type { TreeProgress } from '../gbdt/booster.ts';

/** "tree 40 of 100, validation ROC-AUC 0.86". */
export function treeProgressText(
  { tree, total, validationRocAuc }: TreeProgress,
  { mayStopEarly = false } = {},
): string {
  const quality = validationRocAuc === undefined ? '' : `, validation ROC-AUC ${validationRocAuc.toFixed(2)}`;
  return `tree ${tree} of ${mayStopEarly ? 'at most ' : ''}${total}${quality}`;
}
