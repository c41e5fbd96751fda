import type { LabelledDataset } from '../../dataset/feature-matrix.ts';

/** Customers as of a day, with what became of them. */
export interface DatedDataset {
  readonly cutoff: string;
  /** Days from the first order to the cutoff. */
  readonly historyDays: number;
  readonly dataset: LabelledDataset;
}
