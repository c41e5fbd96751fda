import type { Id } from '../data/data-source.ts';
import { concatDatasets, selectRows, sharedColumn, toFeatureMatrix } from '../dataset/column-rows.ts';
import type { LabelledDataset } from '../dataset/feature-matrix.ts';
import { stratifiedSplit } from '../dataset/stratified-split.ts';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import { readChurnFeatures, readForwardLabels } from '../features/read-churn-features.ts';
import type { ChurnPlan } from './churn-plan.ts';
import type { TrainingEnvironment } from './training-environment.ts';

const MIN_CUSTOMERS = 50;
const TEST_SHARE = 0.2;
/** The reference's seed of the split; the trees have a seed of their own. */
const SPLIT_SEED = 42;
/** Older cutoffs are left out once there are this many rows: they would cost time and teach little. */
const ENOUGH_TRAINING_ROWS = 150_000;

/** Customers as of one cutoff, ordered by id. */
interface Slice {
  readonly cutoff: string;
  readonly ids: readonly Id[];
  readonly dataset: LabelledDataset;
  /** The recency rule's score: not a feature of the inactivity model, but always the rule to beat. */
  readonly daysSinceLastOrder: Float32Array;
}

/** What the story of training works with. Rows of `evaluation` never helped to fit the evaluated model. */
export interface ChurnSlices {
  readonly train: LabelledDataset;
  readonly trainCutoffs: readonly string[];
  readonly evaluation: LabelledDataset;
  readonly evaluationRecency: Float32Array;
  readonly kind: 'random_split' | 'later_slice';
  /** Where set, the registered model is fitted again on these rows, the evaluation slice included. */
  readonly refit?: { readonly dataset: LabelledDataset; readonly cutoffs: readonly string[] };
}

/**
 * Reads the plan's slices, newest first.
 *
 * @throws TOO_FEW_CUSTOMERS, ONE_CLASS
 */
export async function readChurnSlices(plan: ChurnPlan, env: TrainingEnvironment): Promise<ChurnSlices> {
  const evaluation = await readSlice(plan, plan.evaluationCutoff, env);
  assertLearnable(plan, evaluation);
  const training = await readTrainingSlices(plan, evaluation.ids.length, env);
  return training.length > 0 ? laterSlice(evaluation, training) : randomSplit(evaluation);
}

async function readTrainingSlices(
  plan: ChurnPlan,
  refitRows: number,
  env: TrainingEnvironment,
): Promise<Slice[]> {
  const slices: Slice[] = [];
  let rows = refitRows;
  for (const cutoff of plan.trainCutoffs) {
    if (slices.length > 0 && rows >= ENOUGH_TRAINING_ROWS) break;
    const slice = await readSlice(plan, cutoff, env);
    // A cutoff too early to have customers is no reason to give up the later ones.
    if (slice.ids.length < MIN_CUSTOMERS || !hasBothClasses(slice.dataset.labels)) break;
    slices.push(slice);
    rows += slice.ids.length;
  }
  return slices;
}

/** The evaluation slice lies wholly after the training labels; the registered model then learns from it too. */
function laterSlice(evaluation: Slice, training: readonly Slice[]): ChurnSlices {
  const cutoffs = training.map(({ cutoff }) => cutoff);
  const datasets = training.map(({ dataset }) => dataset);
  return {
    kind: 'later_slice',
    train: concatDatasets(datasets),
    trainCutoffs: cutoffs,
    evaluation: evaluation.dataset,
    evaluationRecency: evaluation.daysSinceLastOrder,
    refit: {
      dataset: concatDatasets([evaluation.dataset, ...datasets]),
      cutoffs: [evaluation.cutoff, ...cutoffs],
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
      : (
          await readForwardLabels(env.data, { cutoff, horizonDays: plan.label.horizon_days, ...signal })
        ).float32('is_churned');
  return {
    cutoff,
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
        `${everybody} within ${plan.label.horizon_days} days after ${plan.evaluationCutoff}, so there is nothing to learn.`,
        { hint: `Choose a ${mostChurned ? 'longer' : 'shorter'} horizon_days, or another as_of.` },
      );
}

function hasBothClasses(labels: Float32Array): boolean {
  return labels.includes(0) && labels.includes(1);
}
