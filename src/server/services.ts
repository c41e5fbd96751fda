import type { DataSourceProvider, DataSummary } from '../data/data-source.ts';
import type { TableSummary } from '../data/feature-table/feature-table.ts';
import type { TableWriting } from '../data/feature-table/table-cells.ts';
import type { SegmentThresholds } from '../data/segment-thresholds.ts';
import type { BoosterTrainer } from '../gbdt/booster.ts';
import type { JobDesk } from '../mcp/job.ts';
import type { CallOptions, ToolContext, TrainOptions } from '../mcp/tool-context.ts';
import type { ProgressListener } from '../progress.ts';
import type { OfferRules } from '../recommend/offer-rules.ts';
import type { RecommendationList } from '../recommend/recommend-for-everyone.ts';
import type { SegmentSummary } from '../recommend/segment-summary.ts';
import type { RegisteredModel } from '../registry/model-card.ts';
import type { ModelRegistry } from '../registry/model-registry.ts';
import type { TableScores } from '../scoring/score-table.ts';
import type { ScoredList } from '../scoring/scored-list.ts';
import type { SnowflakeConfig } from '../snowflake/snowflake-config.ts';
import type { RayOptions } from '../training/backend/ray/ray-job.ts';
import type { ImportModelRequest } from '../training/import-request.ts';
import type { RolledDay, RollingRequest } from '../training/rolling-origin.ts';
import type { TrainingOutcome } from '../training/training-request.ts';
import type { HomeWatcher } from './home-watcher.ts';

export interface ServicesOptions {
  readonly home: string;
  /** Training threads; as many as the machine has cores by default. */
  readonly threads?: number;
  /** Whether trainings let questions go first that are answered meanwhile. */
  readonly trainingYields?: boolean;
  /** The Ray cluster for engine "ray". */
  readonly ray?: RayOptions | undefined;
  /** Whether answers may hold customers' names and emails. */
  readonly showContacts?: boolean;
  /** Folders whose files may be imported by path; none by default. */
  readonly importFolders?: readonly string[];
  /** Where exported lists are written; the folder `exports` of the home by default. */
  readonly exportFolder?: string | undefined;
  /** Where the segments of shops that are imported begin; by default those of the stored procedure. */
  readonly segmentThresholds?: SegmentThresholds | undefined;
  /** Whether callers fetch exported lists as resources, rather than open the files. */
  readonly exportsAreFetched?: boolean;
  /** Where the orders are, if Snowflake holds them and not the home folder. */
  readonly snowflake?: SnowflakeConfig;
  readonly now?: () => Date;
}

export interface ScoreRequest {
  readonly model: RegisteredModel;
  readonly version?: string;
  readonly asOf?: string;
  /** Whether the list says why: it takes most of the time. */
  readonly withReasons?: boolean;
}

export interface RecommendEveryoneRequest {
  readonly nProducts: number;
  readonly asOf?: string;
  readonly includePurchased: boolean;
  readonly version?: string;
  readonly rules?: OfferRules | undefined;
}

/** The imported data, which all answers are based on. */
export interface ShopService {
  /** Each is undefined if it has not been imported. */
  describe(): Promise<{ summary: DataSummary | undefined; table: TableSummary | undefined }>;
  segments(): Promise<{ segments: readonly SegmentSummary[]; asOf: string }>;
}

/** Work for all customers at once, which only commands do. */
export interface BatchService {
  /** Churn probability of every customer who has ordered by the day. The model must have been trained. */
  score(request: ScoreRequest, options: CallOptions): Promise<ScoredList>;
  /** Churn probability of every row of a customer table: of a file or of the imported table. */
  scoreTable(
    request: {
      readonly version?: string;
      readonly file?: string;
      readonly writing?: TableWriting | undefined;
    },
    options: CallOptions,
  ): Promise<TableScores>;
  /** What a list says of each customer besides its own columns. */
  describeCustomers: ToolContext['exports']['describe'];
  /** Registers a model that was trained elsewhere, and evaluates it on the current data. */
  importModel(request: ImportModelRequest, options: TrainOptions): Promise<TrainingOutcome>;
  /** The best products of every customer, some customers after others; trains the model first if there is none. */
  recommendInBatches(
    request: RecommendEveryoneRequest,
    options: CallOptions,
  ): AsyncIterable<RecommendationList>;
  /** How recommendations would have done on earlier days: trains anew for each, and registers nothing. */
  rollRecommendations(request: RollingRequest, options: CallOptions): Promise<readonly RolledDay[]>;
}

/** Everything that tools and commands work with, assembled over one home folder. */
export interface Services extends BatchService, AsyncDisposable {
  readonly home: string;
  readonly data: DataSourceProvider;
  readonly registry: ModelRegistry;
  readonly trainer: BoosterTrainer;
  readonly watcher: HomeWatcher;
  readonly shop: ShopService;
  /** The bytes of an exported list that a caller was told to fetch; undefined if there is none of that name. */
  readExport(name: string): Promise<Uint8Array | undefined>;
  /** The context of one tool call. */
  context(call: {
    signal: AbortSignal;
    progress: ProgressListener;
    jobs: JobDesk;
    /** Whether a question may train the model that it needs. */
    mayTrain: boolean;
    ask: ToolContext['ask'];
  }): ToolContext;
}
