import type { Id } from '../../data/data-source.ts';
import {
  concatDatasets,
  selectRows,
  sharedColumn,
  thinLabelledRows,
  toFeatureMatrix,
} from '../../dataset/column-rows.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { stratifiedSplit } from '../../dataset/stratified-split.ts';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import { addDays, daysBetween } from '../../features/calendar-day.ts';
import { readChurnFeatures, readForwardLabels } from '../../features/read-churn-features.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import { type ChurnPlan, horizonOf } from './plan.ts';

const MIN_CUSTOMERS = 50;
const TEST_SHARE = 0.2;
/** The reference's seed of the split; the trees have a seed of their own. */
const SPLIT_SEED = 42;
/** Older cutoffs are not read once there are this many rows: they would cost time and teach little. */
const ENOUGH_ROWS = 400_000;
/** A forecast learns from as many rows at most, spread evenly over its slices: more made it slower and no better. */
const MOST_TRAINING_ROWS = 200_000;

/** Ordered by customer id. */
interface Slice extends DatedDataset {
  readonly ids: readonly Id[];
  /** The recency rule's score: not a feature of the inactivity model, but always the rule to beat. */
  readonly daysSinceLastOrder: Float32Array;
}

/** Customers as of a day, with what became of them. */
export interface DatedDataset {
  readonly cutoff: string;
  /** Days from the first order to the cutoff. */
  readonly historyDays: number;
  readonly dataset: LabelledDataset;
}

/** A forecast learns from this many slices at most. */
const MOST_TRAINING_SLICES = 8;

/**
 * What a forecast as of a day may learn from, of slices newest first: those whose labels had closed by then, but none
 * with less than half the history of the newest of them. Where orders have been kept for three months, half a year
 * without one looks like a week without one, and features of such a time teach the wrong thing.
 */
export function learnableSlices<Slice extends DatedDataset>(
  dated: readonly Slice[],
  asOf: string,
  horizonDays: number,
): readonly Slice[] {
  const closed = dated.filter(({ cutoff }) => cutoff <= addDays(asOf, -horizonDays));
  const [newest] = closed;
  return closed
    .filter(({ historyDays }) => newest !== undefined && historyDays >= newest.historyDays / 2)
    .slice(0, MOST_TRAINING_SLICES);
}

/** The slices' rows, one slice after the other, as many of them as a forecast learns from. */
export function joinSlices(slices: readonly DatedDataset[]): LabelledDataset {
  return thinLabelledRows(concatDatasets(slices.map(({ dataset }) => dataset)), MOST_TRAINING_ROWS);
}

/** What the story of training works with. Rows of `evaluation` never helped to fit the evaluated model. */
export interface ChurnSlices {
  readonly train: LabelledDataset;
  readonly trainCutoffs: readonly string[];
  /** All slices, newest first, the evaluation's included: `train` holds some. Empty for a random split. */
  readonly dated: readonly DatedDataset[];
  readonly evaluation: LabelledDataset;
  readonly evaluationRecency: Float32Array;
  readonly kind: 'random_split' | 'later_slice';
  /** Where set, the registered model is fitted again on these rows, the evaluation slice included. */
  readonly refit?: { readonly dataset: LabelledDataset; readonly cutoffs: readonly string[] };
}

/**
 * Reads the plan's slices.
 *
 * @throws TOO_FEW_CUSTOMERS, ONE_CLASS
 */
export async function readChurnSlices(plan: ChurnPlan, env: TrainingEnvironment): Promise<ChurnSlices> {
  const evaluation = await readSlice(plan, plan.evaluationCutoff, env);
  assertLearnable(plan, evaluation);
  if (plan.label.kind === 'inactivity') return randomSplit(evaluation);
  const dated = await readDatedSlices(plan, evaluation, env);
  const training = learnableSlices(dated, plan.evaluationCutoff, horizonOf(plan));
  return training.length > 0 ? laterSlice(plan, evaluation, training, dated) : randomSplit(evaluation);
}

/** Newest first, the evaluation's included. What there can be no evaluation without is read first. */
async function readDatedSlices(
  plan: ChurnPlan,
  evaluation: Slice,
  env: TrainingEnvironment,
): Promise<Slice[]> {
  const earlier = plan.cutoffs.slice(1);
  const closed = addDays(plan.evaluationCutoff, -horizonOf(plan));
  const newestClosed = earlier.find((cutoff) => cutoff <= closed);
  if (newestClosed === undefined) return [evaluation];
  const slices = [evaluation];
  let rows = evaluation.ids.length;
  const expected = Math.min(plan.cutoffs.length, Math.ceil(ENOUGH_ROWS / rows));
  for (const cutoff of [newestClosed, ...earlier.filter((other) => other !== newestClosed)]) {
    if (slices.length > 1 && rows >= ENOUGH_ROWS) break;
    const message = `Reading what customers did by ${cutoff}`;
    env.onProgress?.({ phase: 'read', done: Math.min(slices.length, expected), total: expected, message });
    const slice = await readSlice(plan, cutoff, env);
    // A cutoff too early to have customers is no reason to give up the later ones.
    if (slice.ids.length < MIN_CUSTOMERS || !hasBothClasses(slice.dataset.labels)) break;
    slices.push(slice);
    rows += slice.ids.length;
  }
  return slices.sort((one, other) => (one.cutoff < other.cutoff ? 1 : -1));
}

/**
 * The evaluation slice lies wholly after the training labels. The registered model learns from all whose outcome is
 * known as of the plan's day, the evaluation slice and those just before it included.
 */
function laterSlice(
  plan: ChurnPlan,
  evaluation: Slice,
  training: readonly Slice[],
  dated: readonly Slice[],
): ChurnSlices {
  const known = learnableSlices(dated, plan.asOf, horizonOf(plan));
  return {
    kind: 'later_slice',
    train: joinSlices(training),
    trainCutoffs: training.map(({ cutoff }) => cutoff),
    dated,
    evaluation: evaluation.dataset,
    evaluationRecency: evaluation.daysSinceLastOrder,
    refit: {
      dataset: joinSlices(known),
      cutoffs: known.map(({ cutoff }) => cutoff),
    },
  };
}

/** One cutoff: a stratified fifth of the customers is held out. */
function randomSplit({ cutoff, ids, dataset, daysSinceLastOrder }: Slice): ChurnSlices {
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

async function readSlice(plan: ChurnPlan, cutoff: string, env: TrainingEnvironment): Promise<Slice> {
  throwIfAborted(env.signal);
  const signal = env.signal && { signal: env.signal };
  const table = await readChurnFeatures(env.data, { asOf: cutoff, features: plan.features, ...signal });
  const daysSinceLastOrder = table.float32('days_since_last_order');
  const labels =
    plan.label.kind === 'inactivity'
      ? inactivityLabels(daysSinceLastOrder, plan.label.churn_threshold_days)
      : (await readForwardLabels(env.data, { cutoff, horizonDays: horizonOf(plan), ...signal })).float32(
          'is_churned',
        );
  return {
    cutoff,
    historyDays: daysBetween((await env.data.summary()).firstOrderDate, cutoff),
    ids: table.ids('customer_id'),
    dataset: { ...toFeatureMatrix(table, plan.features), labels },
    daysSinceLastOrder,
  };
}

function inactivityLabels(
  daysSinceLastOrder: Float32Array,
  threshold: number,
): Float32Array<SharedArrayBuffer> {
  const labels = sharedColumn(daysSinceLastOrder.length);
  for (let row = 0; row < labels.length; row++) labels[row] = daysSinceLastOrder[row] > threshold ? 1 : 0;
  return labels;
}

function assertLearnable(plan: ChurnPlan, { ids, dataset, cutoff }: Slice): void {
  if (ids.length < MIN_CUSTOMERS) {
    throw new ChurnMcpError(
      'TOO_FEW_CUSTOMERS',
      `Too few customers had ordered by ${cutoff}: ${ids.length}, and training needs at least ${MIN_CUSTOMERS}.`,
      {
        hint:
          plan.label.kind === 'forward'
            ? 'Import more customers, choose a later as_of, or a shorter horizon_days.'
            : 'Import more customers, or choose a later as_of.',
      },
    );
  }
  const churned = dataset.labels.reduce((sum, label) => sum + label, 0);
  if (churned >= 2 && ids.length - churned >= 2) return;
  throw oneClass(plan, churned > ids.length / 2);
}

function oneClass(plan: ChurnPlan, mostChurned: boolean): ChurnMcpError {
  const everybody = mostChurned ? 'All customers count as churned' : 'No customer counts as churned';
  return plan.label.kind === 'inactivity'
    ? new ChurnMcpError(
        'ONE_CLASS',
        `${everybody} at ${plan.label.churn_threshold_days} days as of ${plan.asOf}, so there is nothing to learn.`,
        { hint: `Choose a ${mostChurned ? 'longer' : 'shorter'} churn_threshold_days, or another as_of.` },
      )
    : new ChurnMcpError(
        'ONE_CLASS',
        `${everybody} within ${horizonOf(plan)} days after ${plan.evaluationCutoff}, so there is nothing to learn.`,
        { hint: `Choose a ${mostChurned ? 'longer' : 'shorter'} horizon_days, or another as_of.` },
      );
}

function hasBothClasses(labels: Float32Array): boolean {
  return labels.includes(0) && labels.includes(1);
}
