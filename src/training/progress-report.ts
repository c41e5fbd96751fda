/** The progress reports of a training. */
import type { TreeProgress } from '../gbdt/booster.ts';
import type { TrainingEnvironment } from './training-environment.ts';

type Listener = Pick<TrainingEnvironment, 'onProgress'>;

/** The beginning of a step, or how much of it is done. */
export function reportStep(
  { onProgress }: Listener,
  phase: string,
  message: string,
  { done, total } = { done: 0, total: 1 },
): void {
  onProgress?.({ phase, done, total, message });
}

/** A listener that passes on each tree: "Training on 900 rows: tree 40 of 100, validation ROC-AUC 0.86". */
export function treeReporter(
  { onProgress }: Listener,
  phase: string,
  doing: string,
  { mayStopEarly = false } = {},
): (progress: TreeProgress) => void {
  return ({ tree, total, validationRocAuc }) => {
    const quality =
      validationRocAuc === undefined ? '' : `, validation ROC-AUC ${validationRocAuc.toFixed(2)}`;
    const message = `${doing}: tree ${tree} of ${mayStopEarly ? 'at most ' : ''}${total}${quality}`;
    onProgress?.({ phase, done: tree, total, message });
  };
}
