import type { LabelledDataset } from '../dataset/feature-matrix.ts';
import type { BoosterParams } from './params.ts';
import type { TreeEnsemble } from './tree.ts';

export interface BoosterRequest {
  readonly train: LabelledDataset;
  /** Needed for early stopping; otherwise only measured. */
  readonly validation?: LabelledDataset;
  readonly params: BoosterParams;
  readonly signal?: AbortSignal;
  /** Called after each tree, on the caller's thread. */
  readonly onTree?: (progress: TreeProgress) => void;
}

export interface TreeProgress {
  readonly tree: number;
  readonly total: number;
  readonly validationLogLoss?: number;
  /** By a sample of the validation rows, as of a moment ago: for people, not for decisions. */
  readonly validationRocAuc?: number;
}

export interface BoosterResult {
  /** Cut at the best iteration where early stopping was on. */
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
   * Trains several boosters side by side, each on a thread of its own, and gives their results in the order of the
   * requests. `isWanted` is asked before each begins; those no longer wanted have no result.
   */
  trainEach(requests: readonly BoosterRequest[], options?: TrainEachOptions): Promise<TrainEachResult>;
}

export interface TrainEachOptions {
  readonly isWanted?: (index: number) => boolean;
  /** Called after each booster. */
  readonly onDone?: (done: number) => void;
}

export type TrainEachResult = readonly (BoosterResult | undefined)[];
