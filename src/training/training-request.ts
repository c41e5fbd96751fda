import type { ModelCard } from '../registry/model-card.ts';
import type { ImportModelRequest } from './import-request.ts';

/** What grows the trees: the threads of this machine, or XGBoost on a Ray cluster. */
export interface TrainingEngine {
  readonly engine?: 'local' | 'ray' | undefined;
  /** Of engine "ray"; as configured by default. */
  readonly numWorkers?: number | undefined;
}

export interface TrainChurnRequest extends TrainingEngine {
  readonly label: 'inactivity' | 'forward';
  /** ISO date; nothing after it is seen. Defaults to the last order's date. */
  readonly asOf?: string | undefined;
  /** Inactivity label: churned = more than this many days since the last order. Default 7. */
  readonly churnThresholdDays?: number | undefined;
  /** Forward label: churned = no order in this many days after the cutoff. Chosen from the gaps between orders by default. */
  readonly horizonDays?: number | undefined;
  /** Overrides of booster parameters, by their XGBoost names. */
  readonly params?: Record<string, number> | undefined;
  /** Search for parameters first. */
  readonly tune?: TuneRequest | undefined;
  readonly comment?: string | undefined;
}

/** A model of the imported table of customers. */
export interface TrainColumnRequest extends TrainingEngine {
  readonly label: 'column';
  readonly params?: Record<string, number> | undefined;
  readonly tune?: TuneRequest | undefined;
  readonly comment?: string | undefined;
}

export interface TuneRequest {
  /** Sets of parameters to try, those given or the defaults among them. */
  readonly trials: number;
  /** No trial begins after this many seconds. */
  readonly timeBudgetSeconds?: number | undefined;
}

export interface TrainRecommendationRequest extends TrainingEngine {
  readonly asOf?: string | undefined;
  readonly horizonDays?: number | undefined;
  readonly params?: Record<string, number> | undefined;
  readonly comment?: string | undefined;
}

/** A model of the campaigns that are over. */
export interface TrainUpliftRequest extends TrainingEngine {
  readonly params?: Record<string, number> | undefined;
  readonly comment?: string | undefined;
}

/** What each kind of training is asked with; there is a file in `tasks` for each. The kind of a churn model is its label. */
export interface TrainingRequests {
  readonly forward: TrainChurnRequest;
  readonly inactivity: TrainChurnRequest;
  readonly column: TrainColumnRequest;
  readonly purchase: TrainRecommendationRequest;
  readonly uplift: TrainUpliftRequest;
  readonly imported: ImportModelRequest;
}
export type TrainingKind = keyof TrainingRequests;
export type TrainingRequest = TrainingRequests[TrainingKind];

/** A training's outcome: the registered card, and whether it became the champion. */
export interface TrainingOutcome {
  readonly card: ModelCard;
  readonly promoted: boolean;
  /** One sentence: why it was or was not promoted. */
  readonly promotion: string;
}
