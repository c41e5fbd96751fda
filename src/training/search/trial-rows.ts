import { selectRows } from '../../dataset/column-rows.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { stratifiedSplit } from '../../dataset/stratified-split.ts';
import { type ChurnRows, joinSlices, learnableSlices } from '../churn/slices.ts';

const VALIDATION_SHARE = 0.25;
const SPLIT_SEED = 7;

/** Rows to try parameters on, none of them of the evaluation. */
export interface TrialRows {
  readonly train: LabelledDataset;
  readonly validation: LabelledDataset;
}

/** The newest training slice, and what was known before it; undefined if nothing was. */
export function laterRows({ dated }: ChurnRows, horizonDays: number): TrialRows | undefined {
  const [evaluation] = dated;
  if (evaluation === undefined) return undefined;
  const [newest] = learnableSlices(dated, evaluation.cutoff, horizonDays);
  const known = newest ? learnableSlices(dated, newest.cutoff, horizonDays) : [];
  if (newest === undefined || known.length === 0) return undefined;
  return { train: joinSlices(known), validation: newest.dataset };
}

/** The same, or a quarter of the training rows if there is no later slice. */
export function trialRows(rows: ChurnRows, horizonDays: number): TrialRows {
  const later = laterRows(rows, horizonDays);
  if (later) return later;
  const { train } = rows;
  // Rows of a single slice stand for customers, in the order of their ids.
  const ids = Array.from({ length: train.rowCount }, (_, row) => row);
  const split = stratifiedSplit({ ids, labels: train.labels, testShare: VALIDATION_SHARE, seed: SPLIT_SEED });
  return { train: selectRows(train, split.train), validation: selectRows(train, split.test) };
}
