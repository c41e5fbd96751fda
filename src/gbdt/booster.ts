import type { LabelledDataset } from '../dataset/feature-matrix.ts';
import type { BoosterParams } from './params.ts';
import type { TreeEnsemble } from './tree.ts';

export interface BoosterRequest {
  readonly train: LabelledDataset;
  /** Needed for early stopping; otherwise only measured. */
  readonly validation?: LabelledDataset;
  /**
   * The row that each list begins at, the first at 0, if trees are to rank the rows of each list (LambdaRank) and not to
   * give probabilities. Such trees start from 0, and there is no validation of them.
   */
  readonly listStarts?: Uint32Array<SharedArrayBuffer> | undefined;
  readonly params: BoosterParams;
  readonly signal?: AbortSignal | undefined;
  /** Called after each tree, on the caller's thread. */
  readonly onTree?: (progress: TreeProgress) => void;
}

export interface TreeProgress {
  readonly tree: number;
  readonly total: number;
  readonly validationLogLoss?: number;
  /** Of a sample of the validation rows, a moment ago: to show to people, not to decide by. */
  readonly validationRocAuc?: number;
}

export interface BoosterResult {
  /** Cut at the best iteration if early stopping was on. */
  readonly ensemble: TreeEnsemble;
  /** Number of trees kept. */
  readonly bestIteration: number;
  /** Validation log-loss after each tree; empty without a validation set. */
  readonly validationLogLoss: readonly number[];
  /** Gain by feature, summing to 1 (all zeros when no split was made), in feature order. */
  readonly featureImportance: readonly number[];
}

/** Trains a booster off the main thread. `training/` implements it over a pool of workers. */
export interface BoosterTrainer extends AsyncDisposable {
  train(request: BoosterRequest): Promise<BoosterResult>;
  /**
   * Trains several boosters side by side, each on a thread of its own or by the cluster, all on the same rows, and gives
   * their results in the order of the requests. A booster that is no longer wanted, or that a cluster lost, has no result.
   */
  trainEach(requests: readonly BoosterRequest[], options?: TrainEachOptions): Promise<TrainEachResult>;
  /** A logistic regression of the rows, as trees, off the main thread; absent if the trainer has no threads here. */
  regress?(train: LabelledDataset): Promise<TreeEnsemble>;
  /** Versions of libraries beyond our own that the last training was done with. */
  libraries?(): Record<string, string>;
}

export interface TrainEachOptions {
  /** Asked before each booster begins, if the trainer sees when it begins. */
  readonly isWanted?: (index: number) => boolean;
  /** After so many seconds only the first booster may still begin: for a cluster, which cannot call `isWanted`. */
  readonly secondsLeft?: number;
  /** Called after each booster; with the best ROC-AUC so far if it is known. */
  readonly onDone?: (done: number, bestRocAuc?: number) => void;
}

/** How a booster did on the validation rows. Its trees are not sent back. */
export type TrialResult = Pick<BoosterResult, 'bestIteration' | 'validationLogLoss'>;

export type TrainEachResult = readonly (TrialResult | undefined)[];
