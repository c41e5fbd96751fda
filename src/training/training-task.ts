import type { BoosterParams } from '../gbdt/params.ts';
import type { TreeEnsemble } from '../gbdt/tree.ts';
import type { CardDetails } from '../registry/card-details.ts';
import type { ClassificationMetrics, Season, Tuning, Warning } from '../registry/card-figures.ts';
import type { ModelCard, RegisteredModel } from '../registry/model-card.ts';
import type { RegisteredVersion } from '../registry/model-registry.ts';
import type { Comparison } from './promotion.ts';
import type { TrainingEnvironment } from './training-environment.ts';

/** What is decided before rows are read. */
export interface TrainingPlan {
  readonly asOf: string;
  /** As asked for, the defaults filled in. */
  readonly params: BoosterParams;
  readonly data: ModelCard['data'];
}

/** The parameters that are trained with, once searched for or settled. */
export interface Settled {
  readonly params: BoosterParams;
  readonly tuning?: Tuning | undefined;
}

/** The figures of a model on rows that it had not seen. */
export interface Evaluation {
  readonly kind: ModelCard['evaluation'];
  /** Rows that the evaluated model learnt from. */
  readonly trainingSamples: number;
  /** Of the rows it was judged on. */
  readonly labels: Float32Array;
  readonly probabilities: Float32Array;
  readonly metrics: ClassificationMetrics;
  readonly warnings: readonly Warning[];
}

/** What is registered. */
export interface FittedModel {
  readonly ensemble: TreeEnsemble;
  readonly featureImportance: readonly number[];
  /** As the card shows them. */
  readonly params: ModelCard['params'];
  /** Of a model of orders to come. */
  readonly season?: Season | undefined;
}

/** A training on its way: what each step adds for those that follow. */
export interface Training<Plan, Rows> {
  readonly plan: Plan;
  readonly rows: Rows;
  readonly settled: Settled;
}

export interface EvaluatedTraining<Plan, Rows, Judged> extends Training<Plan, Rows> {
  readonly evaluation: Judged;
}

/** One kind of model: its own part of each step of `run-training.ts`. A new label is one of these. */
export interface TrainingTask<
  Plan extends TrainingPlan,
  Rows,
  Judged extends Evaluation,
  Details extends CardDetails = CardDetails,
> {
  readonly model: RegisteredModel;
  readonly comment: string | undefined;
  /** @throws INVALID_ARGUMENT if the request cannot be met, and what the kind of model adds. */
  plan(env: TrainingEnvironment): Promise<Plan>;
  /** Reads the rows to learn from and to be judged on. */
  load(plan: Plan, env: TrainingEnvironment): Promise<Rows>;
  /** Searches for parameters, or settles those that the rows decide. */
  settle(plan: Plan, rows: Rows, env: TrainingEnvironment): Promise<Settled>;
  /** Fits without the rows to be judged on, and judges there. */
  evaluate(training: Training<Plan, Rows>, env: TrainingEnvironment): Promise<Judged>;
  /** The model to be registered: the evaluated recipe, fitted with the latest rows whose outcome is known. */
  refit(training: EvaluatedTraining<Plan, Rows, Judged>, env: TrainingEnvironment): Promise<FittedModel>;
  exportOnnx(ensemble: TreeEnsemble, rows: Rows): Uint8Array;
  /** What the card says of this kind of model alone. */
  details(training: EvaluatedTraining<Plan, Rows, Judged>, fitted: FittedModel): Details;
  /** How the champion does on the rows that the new version was judged on. */
  compare(
    challenger: { readonly card: ModelCard; readonly training: EvaluatedTraining<Plan, Rows, Judged> },
    champion: RegisteredVersion,
    env: TrainingEnvironment,
  ): Promise<Comparison>;
}
