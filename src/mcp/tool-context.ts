import type { Id } from '../data/data-source.ts';
import type { ProgressListener } from '../progress.ts';
import type { ModelCard, RegisteredModel } from '../registry/model-card.ts';
import type { VersionSummary } from '../registry/model-registry.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
}

export interface TrainChurnRequest {
  readonly label: 'inactivity' | 'forward';
  /** ISO date; nothing after it is seen. Defaults to the last order's date. */
  readonly asOf?: string;
  /** Inactivity label: churned = more than this many days since the last order. Default 7. */
  readonly churnThresholdDays?: number;
  /** Forward label: churned = no order in this many days after the cutoff. Default 90. */
  readonly horizonDays?: number;
  /** Overrides of booster parameters, by their XGBoost names. */
  readonly params?: Record<string, number>;
  readonly comment?: string;
}

/** A training's outcome: the registered card, and whether it became the champion. */
export interface TrainingOutcome {
  readonly card: ModelCard;
  readonly promoted: boolean;
  /** One sentence: why it was or was not promoted. */
  readonly promotion: string;
}

export interface AtRiskCustomer {
  readonly customerId: Id;
  readonly churnProbability: number;
  /** churnProbability × expected spend in the horizon. */
  readonly valueAtRisk: number;
  readonly totalSpent: number;
  readonly totalOrders: number;
  readonly lastOrderDate: string;
  readonly daysSinceLastOrder: number;
}

export interface AtRiskRequest {
  readonly limit: number;
  readonly asOf?: string;
  /** Only customers with at least this churn probability. */
  readonly minProbability?: number;
  readonly version?: string;
}

export interface AtRiskResult {
  readonly card: ModelCard;
  readonly asOf: string;
  /** True where no forward model existed and this call trained it. */
  readonly trainedNow: boolean;
  /** Highest value at risk first, then customer id. */
  readonly customers: readonly AtRiskCustomer[];
  /** Customers considered: those still active (an order within the horizon before `asOf`). */
  readonly activeCustomers: number;
}

export interface RecommendedProduct {
  readonly rank: number;
  readonly productId: Id;
  readonly productName: string;
  readonly productCategory: string | null;
  readonly purchaseProbability: number;
}

export interface RecommendationRequest {
  readonly nCustomers: number;
  readonly nProducts: number;
  /** As the caller wrote it: any case, spaces or dashes. */
  readonly segment: string;
  readonly asOf?: string;
  readonly version?: string;
}

export interface RecommendationResult {
  readonly segment: string;
  readonly customers: readonly {
    readonly customerId: Id;
    readonly recommendations: readonly RecommendedProduct[];
  }[];
  readonly card: ModelCard;
  readonly trainedNow: boolean;
  /** The stored procedure's text, to the character. */
  readonly text: string;
}

export interface TrainRecommendationRequest {
  readonly asOf?: string;
  readonly horizonDays?: number;
  readonly params?: Record<string, number>;
  readonly comment?: string;
}

/** What tools may do. Implemented by `server/create-context.ts`; faked in tests. */
export interface ToolContext {
  readonly signal: AbortSignal;
  readonly progress: ProgressListener;
  readonly churn: {
    train(request: TrainChurnRequest, options: CallOptions): Promise<TrainingOutcome>;
    atRisk(request: AtRiskRequest, options: CallOptions): Promise<AtRiskResult>;
  };
  readonly recommendations: {
    train(request: TrainRecommendationRequest, options: CallOptions): Promise<TrainingOutcome>;
    recommend(request: RecommendationRequest, options: CallOptions): Promise<RecommendationResult>;
  };
  readonly models: {
    card(model: RegisteredModel, version?: string): Promise<ModelCard>;
    list(model?: RegisteredModel): Promise<VersionSummary[]>;
    /** Points `champion` at a version; returns the card promoted and the version it replaced. */
    promote(
      model: RegisteredModel,
      version: string,
    ): Promise<{ card: ModelCard; replaced: string | undefined }>;
  };
}
