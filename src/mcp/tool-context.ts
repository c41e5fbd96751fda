import type { CampaignList } from '../campaigns/campaign-home.ts';
import type { CampaignPlan, Campaign as PlannedCampaign } from '../campaigns/campaign-plan.ts';
import type { CampaignLook } from '../campaigns/course-of-results.ts';
import type { MeasuredCampaign } from '../campaigns/measure-campaign.ts';
import type { PlanCampaignRequest } from '../campaigns/plan-campaign.ts';
import type { StartCampaignRequest, StartOutcome } from '../campaigns/start-campaign.ts';
import type { MonthOfChurn } from '../customers/churn-by-month.ts';
import type { Cohort } from '../customers/cohort-retention.ts';
import type { CustomerFilter } from '../customers/customer-filter.ts';
import type { CustomerPage, FindCustomersRequest } from '../customers/find-customers.ts';
import type { GroupedCohorts } from '../customers/grouped-cohorts.ts';
import type { FreshnessReader } from '../data/data-freshness.ts';
import type { Id } from '../data/data-source.ts';
import type { DemoShopReport } from '../data/demo/create-demo-shop.ts';
import type {
  ImportTableReport,
  ImportTableRequest,
} from '../data/import/customer-table/import-feature-table.ts';
import type { ImportReport } from '../data/import/import-report.ts';
import type { ImportRequest } from '../data/import/import-request.ts';
import type { OutputColumn } from '../data/output-column.ts';
import type { TableFormat } from '../data/table-file.ts';
import type { ProgressListener } from '../progress.ts';
import type { RecommendedProduct } from '../recommend/customer-offers.ts';
import type { ProductBuyer, ProductBuyers, ProductBuyersRequest } from '../recommend/product-buyers.ts';
import type {
  ProductRecommendationRequest,
  ProductRecommendations,
} from '../recommend/product-recommendations.ts';
import type { ModelCard, RegisteredModel } from '../registry/model-card.ts';
import type { RegistrySurvey, VersionSummary } from '../registry/model-registry.ts';
import type { AtRiskCustomer, AtRiskOrder, AtRiskRequest, AtRiskResult } from '../scoring/at-risk-result.ts';
import type { Campaign } from '../scoring/campaign.ts';
import type { CustomerExplanation, ExplainCustomerRequest } from '../scoring/customer-explanation.ts';
import type { DriftReport } from '../scoring/drift-report.ts';
import type { TableExplanation } from '../scoring/explain-table-customer.ts';
import type { LiveAccuracy, Outcomes } from '../scoring/live-accuracy.ts';
import type { OverviewRequest, ShopOverview } from '../scoring/shop-overview.ts';
import type { TableAtRisk, TableRiskRequest } from '../scoring/table-at-risk.ts';
import type {
  TrainChurnRequest,
  TrainColumnRequest,
  TrainingOutcome,
  TrainRecommendationRequest,
} from '../training/training-request.ts';
import type { JobDesk } from './job.ts';
import type { ToolImage } from './tool-image.ts';

export type {
  AtRiskCustomer,
  AtRiskOrder,
  AtRiskRequest,
  AtRiskResult,
  Campaign,
  Cohort,
  CustomerFilter,
  CustomerPage,
  DriftReport,
  GroupedCohorts,
  LiveAccuracy,
  MonthOfChurn,
  ProductBuyer,
  ProductBuyers,
  ShopOverview,
  TrainChurnRequest,
  TrainColumnRequest,
  TrainingOutcome,
  TrainRecommendationRequest,
};

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Whether a missing model may be trained for the answer; true by default. */
  readonly mayTrain?: boolean;
}

export interface MeasureOptions extends CallOptions {
  /** Whether to read how it went, too: a second pass over all orders. */
  readonly withCourse?: boolean;
}

export interface CourseOfCampaign extends MeasuredCampaign {
  /** Oldest first; undefined if it was not asked for. */
  readonly course?: readonly CampaignLook[] | undefined;
}

export interface TrainOptions extends CallOptions {
  /** Whether to wait while another training runs in the home folder; if false, the call fails. */
  readonly wait?: boolean;
}

export interface ExplainRequest extends ExplainCustomerRequest {
  readonly version?: string;
}

export interface ChurnExplanation extends CustomerExplanation {
  /** Whether this call found no model and trained this one. */
  readonly trainedNow: boolean;
}

export interface TableRisk extends TableAtRisk {
  /** True if no model of the table existed and this call trained it. */
  readonly trainedNow: boolean;
}

export interface TableCustomerExplanation extends TableExplanation {
  readonly trainedNow: boolean;
}

/** What a person answered; `not asked` if the client cannot ask one. */
export type Answer = 'yes' | 'no' | 'not asked';

export interface RecommendationRequest extends ProductRecommendationRequest {
  readonly version?: string;
}

export interface RecommendationResult extends ProductRecommendations {
  readonly trainedNow: boolean;
}

/** An import by tool: files by path, which the configuration has to allow, or pasted rows. */
export interface ShopImportRequest extends Omit<ImportRequest, 'mode'> {
  /** The text of a CSV file, as the table named. */
  readonly pasted?: { readonly table: 'orders' | 'orderItems'; readonly csv: string } | undefined;
  readonly mode?: ImportRequest['mode'];
  readonly dryRun: boolean;
}

export type TableImportReport = ImportTableReport;

/** The same of a table of customers; `features` is empty if the rows are pasted. */
export interface TableImportRequest extends ImportTableRequest {
  readonly pasted?: string | undefined;
}

/** What a list says of each customer besides its own columns. */
export interface CustomerColumns {
  /** Names and emails; none unless the configuration shows contacts. */
  readonly contacts: readonly OutputColumn[];
  /** The segments, and what the import kept, such as the country. */
  readonly groups: readonly OutputColumn[];
  /** None without a model of recommendations. */
  readonly offers: readonly OutputColumn[];
}

export interface ExportedFile {
  readonly name: string;
  readonly rows: number;
  /** Where it is, for callers on this machine. */
  readonly path?: string | undefined;
  /** The resource to read, for all others. */
  readonly uri?: string | undefined;
}

/** How customers come back and lapse, by month. */
export interface ShopRetention {
  readonly asOf: string;
  /** A customer without an order for so long has lapsed. */
  readonly horizonDays: number;
  readonly cohorts: readonly Cohort[];
  readonly churn: readonly MonthOfChurn[];
}

export interface CohortRequest {
  readonly filter: CustomerFilter;
  readonly asOf?: string | undefined;
  /** Months at most. */
  readonly most: number;
}

/** What tools may do. Implemented by `server/create-services.ts`; faked in tests. */
export interface ToolContext {
  readonly signal: AbortSignal;
  readonly progress: ProgressListener;
  readonly churn: {
    train(request: TrainChurnRequest | TrainColumnRequest, options: TrainOptions): Promise<TrainingOutcome>;
    atRisk(request: AtRiskRequest, options: CallOptions): Promise<AtRiskResult>;
    explain(request: ExplainRequest, options: CallOptions): Promise<ChurnExplanation>;
    /** How far today's customers have moved from those on the day a churn model was trained; undefined if that is unknown. */
    drift(card: ModelCard, options: CallOptions): Promise<DriftReport | undefined>;
    /** How a forecast's own predictions turned out; undefined if no horizon has passed yet. */
    outcomes(card: ModelCard, options: CallOptions): Promise<Outcomes | undefined>;
  };
  /** The customers of an imported table, which has no orders. */
  readonly tables: {
    /** Whether there is a table and there are no orders: then questions that name neither are about the table. */
    isOnlyData(): Promise<boolean>;
    atRisk(request: TableRiskRequest, options: CallOptions): Promise<TableRisk>;
    explain(
      request: { readonly customerId: Id; readonly version?: string | undefined },
      options: CallOptions,
    ): Promise<TableCustomerExplanation>;
  };
  readonly shop: {
    /** Trains nothing: without a forecast the overview has no risk. */
    overview(request: OverviewRequest, options: CallOptions): Promise<ShopOverview>;
    /** Trains nothing: without a forecast, a customer lapses after the default horizon. */
    cohorts(request: CohortRequest, options: CallOptions): Promise<ShopRetention>;
    /** The same for each group of customers, the largest first; `by`: segment, customer_segment, or an attribute. */
    cohortsBy(
      request: CohortRequest & { readonly by: string },
      options: CallOptions,
    ): Promise<{ asOf: string; groups: GroupedCohorts[] }>;
    find(request: FindCustomersRequest, options: CallOptions): Promise<CustomerPage>;
  };
  readonly data: {
    /** Shows what an import would give, or makes it. */
    importShop(request: ShopImportRequest, options: CallOptions): Promise<ImportReport>;
    importTable(request: TableImportRequest, options: CallOptions): Promise<ImportTableReport>;
    makeDemoShop(request: { customers: number }, options: CallOptions): Promise<DemoShopReport>;
    /** Whether there are orders that nobody invented: a demo shop takes their place. */
    holdsOwnShop(): Promise<boolean>;
  };
  /** How fresh the data is that an answer is given from. */
  readonly freshness: FreshnessReader;
  readonly exports: {
    /** Writes a list into a new file. `name` is the file's, without its ending. */
    write(
      list: { readonly name: string; readonly columns: readonly OutputColumn[] },
      format: TableFormat,
      options: CallOptions,
    ): Promise<ExportedFile>;
    /** One row per id, which may repeat. */
    describe(
      customerIds: readonly Id[],
      request: { readonly asOf: string; readonly withOffers: boolean },
      options: CallOptions,
    ): Promise<CustomerColumns>;
  };
  readonly recommendations: {
    train(request: TrainRecommendationRequest, options: TrainOptions): Promise<TrainingOutcome>;
    recommend(request: RecommendationRequest, options: CallOptions): Promise<RecommendationResult>;
    /** The same for every customer of the segment, or all who are named, with no text: for a file. */
    recommendToAll(
      request: Omit<RecommendationRequest, 'nCustomers' | 'offset'>,
      options: CallOptions,
    ): Promise<RecommendationResult>;
    /** Who would buy a product; trains the model first if there is none. */
    buyers(
      request: ProductBuyersRequest & { readonly version?: string | undefined },
      options: CallOptions,
    ): Promise<ProductBuyers & { readonly trainedNow: boolean }>;
    /** Offers to a customer; none if there is no model yet, as a question about something else trains none. */
    offersIfAny(
      customerId: Id,
      request: { readonly nProducts: number; readonly asOf: string },
      options: CallOptions,
    ): Promise<readonly RecommendedProduct[]>;
  };
  readonly campaigns: {
    /** Plans a campaign and keeps the plan; trains the forecast first if there is none. */
    plan(
      request: PlanCampaignRequest,
      options: CallOptions,
    ): Promise<{ plan: CampaignPlan; trainedNow: boolean }>;
    /** A planned campaign, if it can be started now. */
    startable(request: StartCampaignRequest): Promise<PlannedCampaign>;
    start(request: StartCampaignRequest, options: CallOptions): Promise<StartOutcome>;
    measure(campaignId: string, options: MeasureOptions): Promise<CourseOfCampaign>;
    /** Learns whom the offers of campaigns that are over persuaded. */
    trainUplift(options: TrainOptions): Promise<TrainingOutcome>;
    /** `today`: the last day with orders, undefined if there are none. */
    list(): Promise<CampaignList & { readonly today: string | undefined }>;
  };
  /** Asks the person at the client to agree to something. */
  readonly ask: (question: string) => Promise<Answer>;
  /** Whether this caller's questions may train the model that they need. */
  readonly mayTrain: boolean;
  /** Calls that go on after they have been answered. */
  readonly jobs: JobDesk;
  readonly charts: {
    /** What past forecasts said and what happened, and the curves: those of the two that the card has figures for. */
    pictures(card: ModelCard): Promise<readonly ToolImage[]>;
  };
  readonly models: {
    card(model: RegisteredModel, version?: string): Promise<ModelCard>;
    /** The versions that can be read. */
    list(model?: RegisteredModel): Promise<readonly VersionSummary[]>;
    /** Those, and the ones that cannot be read. */
    survey(model?: RegisteredModel): Promise<RegistrySurvey>;
    /** Points `champion` at a version; returns the card promoted and the version it replaced. */
    promote(
      model: RegisteredModel,
      version: string,
    ): Promise<{ card: ModelCard; replaced: string | undefined }>;
  };
}
