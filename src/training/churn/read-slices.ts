/** Reads customers as of the days of a plan, with their outcomes. */
import { availableParallelism } from 'node:os';
import type { DataSource, Id } from '../../data/data-source.ts';
import { selectRows, toFeatureMatrix } from '../../dataset/column-rows.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { stratifiedSplit } from '../../dataset/stratified-split.ts';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import { addDays, daysBetween } from '../../features/calendar-day.ts';
import { readChurnFeatures } from '../../features/read-churn-features.ts';
import type { CameBack } from '../../registry/card-figures.ts';
import { reportStep } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { DatedDataset } from './dated-dataset.ts';
import type { ShopPlan } from './plan.ts';
import { type ChurnRows, joinSlices, learnableSlices } from './slices.ts';

/** Fewer customers of a day teach nothing. */
export const MIN_CUSTOMERS = 50;
const TEST_SHARE = 0.2;
/** The reference's seed of the split; the trees have a seed of their own. */
const SPLIT_SEED = 42;
/** Older cutoffs are not read once there are this many rows: they would cost time and teach little. */
const ENOUGH_ROWS = 400_000;
/** Each runs on one core: a statement's steps are too short to be shared, which takes a third more processor time. */
const READ_AT_ONCE = Math.min(4, Math.max(2, availableParallelism()));

export interface Outcomes {
  /** 1 for those who churned. */
  readonly labels: LabelledDataset['labels'];
  /** Of a label that looks ahead: what was spent in the horizon. */
  readonly spent?: Float64Array | undefined;
}

/** What a label makes of a shop's customers. */
export interface ShopLabel {
  /** What became of the customers of the day, in their order, which is that of their ids. */
  outcomesAt(
    cutoff: string,
    daysSinceLastOrder: Float32Array,
    signal: AbortSignal | undefined,
  ): Promise<Outcomes>;
  /** What to do if too few customers had ordered. */
  readonly moreCustomersHint: string;
  /** What to say if all customers, or none, count as churned. */
  oneClass(plan: ShopPlan, haveAllChurned: boolean): ChurnMcpError;
}

/** Where slices are read from. */
export interface SliceSource {
  readonly data: DataSource;
  readonly plan: ShopPlan;
  readonly label: ShopLabel;
}

/** A shop's rows, with the days that they are of. */
export interface ShopRows extends ChurnRows {
  /** Of `train`, newest first. */
  readonly trainCutoffs: readonly string[];
  readonly refitCutoffs?: readonly string[] | undefined;
  /** Days since the last order, of the evaluation's rows. */
  readonly evaluationRecency: Float32Array;
  /** Of a forecast with a later period: what the evaluation's customers spent in the horizon. */
  readonly evaluationSpent?: Float64Array | undefined;
  /** Of a forecast: how many of those who left an earlier time came back later. */
  readonly cameBack?: CameBack | undefined;
}

/** Customers of one day, ordered by their ids. */
interface Slice extends DatedDataset {
  readonly ids: readonly Id[];
  /** The recency rule's score: not a feature of the inactivity model, but always the rule to beat. */
  readonly daysSinceLastOrder: Float32Array;
  readonly spent: Outcomes['spent'];
}

/**
 * Customers of the plan's cutoffs; those of the newest are held out. If the orders are too short for that, the same as
 * a random split.
 *
 * @throws TOO_FEW_CUSTOMERS, ONE_CLASS
 */
export async function readPeriods(source: SliceSource, env: TrainingEnvironment): Promise<ShopRows> {
  const evaluation = await readEvaluationSlice(source, env);
  const dated = await readDatedSlices(source, evaluation, env);
  const training = learnableSlices(dated, evaluation.cutoff, source.plan.horizonDays);
  return training.length > 0 ? laterSlice(source.plan, evaluation, training, dated) : randomSplit(evaluation);
}

/**
 * Customers of the plan's newest cutoff.
 *
 * @throws TOO_FEW_CUSTOMERS, ONE_CLASS
 */
export async function readEvaluationSlice(source: SliceSource, env: TrainingEnvironment): Promise<Slice> {
  const [cutoff] = source.plan.cutoffs;
  reportStep(env, 'read', `Reading features and labels as of ${cutoff}`);
  const slice = await readSlice(source, cutoff, env);
  assertLearnable(source, slice);
  return slice;
}

/** Newest first, the evaluation's included. What there can be no evaluation without is read first. */
async function readDatedSlices(
  source: SliceSource,
  evaluation: Slice,
  env: TrainingEnvironment,
): Promise<Slice[]> {
  const { cutoffs, horizonDays } = source.plan;
  const earlier = cutoffs.slice(1);
  const closed = addDays(evaluation.cutoff, -horizonDays);
  const newestClosed = earlier.find((cutoff) => cutoff <= closed);
  if (newestClosed === undefined) return [evaluation];
  const slices = [evaluation];
  let rows = evaluation.ids.length;
  const total = Math.min(cutoffs.length, Math.ceil(ENOUGH_ROWS / rows));
  const wanted = [newestClosed, ...earlier.filter((other) => other !== newestClosed)];
  while (wanted.length > 0 && (slices.length === 1 || rows < ENOUGH_ROWS)) {
    const missing = Math.ceil((ENOUGH_ROWS - rows) / evaluation.ids.length);
    const some = wanted.splice(0, Math.max(1, Math.min(READ_AT_ONCE, missing)));
    const done = Math.min(slices.length, total);
    reportStep(env, 'read', `Reading what customers did by ${some.join(' and ')}`, { done, total });
    const read = await Promise.all(some.map((cutoff) => readSlice(source, cutoff, env, true)));
    // If a cutoff is too early to have customers, the later ones still count.
    const unusable = read.findIndex(
      ({ ids, dataset }) => ids.length < MIN_CUSTOMERS || !hasBothClasses(dataset.labels),
    );
    const usable = unusable < 0 ? read : read.slice(0, unusable);
    slices.push(...usable);
    if (unusable >= 0) break;
    rows += usable.reduce((sum, { ids }) => sum + ids.length, 0);
  }
  return slices.sort((one, other) => (one.cutoff < other.cutoff ? 1 : -1));
}

/**
 * The evaluation slice lies wholly after the training labels. The registered model learns from all whose outcome is
 * known as of the plan's day, the evaluation slice and those just before it included.
 */
function laterSlice(
  { asOf, horizonDays }: ShopPlan,
  evaluation: Slice,
  training: readonly Slice[],
  dated: readonly Slice[],
): ShopRows {
  const known = learnableSlices(dated, asOf, horizonDays);
  return {
    kind: 'later_slice',
    train: joinSlices(training),
    trainCutoffs: training.map(({ cutoff }) => cutoff),
    dated,
    evaluation: evaluation.dataset,
    evaluationRecency: evaluation.daysSinceLastOrder,
    evaluationSpent: evaluation.spent,
    refit: joinSlices(known),
    refitCutoffs: known.map(({ cutoff }) => cutoff),
  };
}

/** One cutoff: a stratified fifth of the customers is held out. */
export function randomSplit({ cutoff, ids, dataset, daysSinceLastOrder }: Slice): ShopRows {
  const split = stratifiedSplit({ ids, labels: dataset.labels, testShare: TEST_SHARE, seed: SPLIT_SEED });
  return {
    kind: 'random_split',
    train: selectRows(dataset, split.train),
    trainCutoffs: [cutoff],
    dated: [],
    evaluation: selectRows(dataset, split.test),
    evaluationRecency: Float32Array.from(split.test, (row) => daysSinceLastOrder[row]),
  };
}

async function readSlice(
  { data, plan, label }: SliceSource,
  cutoff: string,
  { signal }: TrainingEnvironment,
  isOneOfSeveral = false,
): Promise<Slice> {
  throwIfAborted(signal);
  const table = await readChurnFeatures(data, {
    asOf: cutoff,
    features: plan.features,
    isOneOfSeveral,
    signal,
  });
  const daysSinceLastOrder = table.float32('days_since_last_order');
  const { labels, spent } = await label.outcomesAt(cutoff, daysSinceLastOrder, signal);
  return {
    cutoff,
    historyDays: daysBetween(plan.summary.firstOrderDate, cutoff),
    ids: table.ids('customer_id'),
    dataset: { ...toFeatureMatrix(table, plan.features), labels },
    daysSinceLastOrder,
    spent,
  };
}

function assertLearnable({ plan, label }: SliceSource, { ids, dataset, cutoff }: Slice): void {
  if (ids.length < MIN_CUSTOMERS) {
    throw new ChurnMcpError(
      'TOO_FEW_CUSTOMERS',
      `Too few customers had ordered by ${cutoff}: ${ids.length}, and training needs at least ${MIN_CUSTOMERS}.`,
      { hint: label.moreCustomersHint },
    );
  }
  const churned = dataset.labels.reduce((sum, one) => sum + one, 0);
  if (churned >= 2 && ids.length - churned >= 2) return;
  throw label.oneClass(plan, churned > ids.length / 2);
}

export function hasBothClasses(labels: Float32Array): boolean {
  return labels.includes(0) && labels.includes(1);
}
