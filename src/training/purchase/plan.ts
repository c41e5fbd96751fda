import type { DataSource, DataSummary } from '../../data/data-source.ts';
import { ChurnMcpError } from '../../errors.ts';
import { resolveLabelledAsOf } from '../../features/as-of-day.ts';
import { addDays, daysBetween } from '../../features/calendar-day.ts';
import {
  assertHasItems,
  candidatesPerCustomer,
  DEFAULT_CANDIDATES,
  type RecommendationCounts,
  readRecommendationCounts,
} from '../../features/recommendation-features.ts';
import { readBoosterParams } from '../../gbdt/params.ts';
import type { TrainRecommendationRequest } from '../training-request.ts';
import type { TrainingPlan } from '../training-task.ts';

const DEFAULT_HORIZON_DAYS = 30;

/**
 * Not the reference's (depth 20, learning rate 0.03, 100 trees): trees of depth 20 keep the customers they saw, and
 * rank later purchases worse. Shallower trees, more of them, with every leaf held to some evidence, were best on
 * three successive months of a gift shop. The reference's are accepted as parameters.
 */
const DEFAULT_PARAMS = {
  n_estimators: 300,
  max_depth: 6,
  learning_rate: 0.05,
  min_child_weight: 20,
  subsample: 0.8,
  colsample_bytree: 0.6,
  early_stopping_rounds: 20,
} as const;

const MIN_CUSTOMERS = 50;
const MIN_PRODUCTS = 2;
const MAX_HORIZON_DAYS = 365;
/** Windows learnt from, at most: four months rank and estimate better than the last two, of as many pairs in all. */
const MOST_WINDOWS = 4;
/** Customers looked at in the hold-out, at most. They are drawn whole, so the share of purchases stays what it is. */
const MAX_SAMPLED_CUSTOMERS = 20_000;
/** Customers of all windows learnt from, one who is in several counted in each, at most. */
const MAX_TAUGHT_CUSTOMERS = 40_000;
/** Pairs not bought that all windows keep to learn probabilities from, about. */
const NEGATIVES = 150_000;
/**
 * A list to rank holds so many times as many of a customer's pairs not bought: of a list of few, nearly all are among the
 * first ten, and nothing is learnt of the rest.
 */
const TIMES_IN_LISTS = 8;
/** Pairs not bought in the lists of all windows, at most, about. */
const NEGATIVES_IN_LISTS = 250_000;
/** What samples are counted in: as many draws as four hex digits of an MD5 can name. */
const ALL_DRAWS = 65_536;
/** Pairs of a window in memory at once, about. */
const BATCH_ROWS = 100_000;

/** How many of 65,536 pairs not bought are learnt from. */
export interface NegativeSampling {
  /** Of a customer with `usualOrders` or fewer, for probabilities; of one with more orders more, in proportion. */
  readonly drawn: number;
  /** Orders of a customer, on average. */
  readonly usualOrders: number;
  /** Of customers who bought something, for the order of their products. */
  readonly listed: number;
}

export interface RecommendationPlan extends TrainingPlan {
  readonly horizonDays: number;
  /** Latest first. Each one's window of `horizonDays` closes before the hold-out's begins. */
  readonly trainCutoffs: readonly [string, ...string[]];
  /** Features of the hold-out see orders up to this day; its truth is the horizon after, which ends at `asOf`. */
  readonly evaluationCutoff: string;
  /** What the model that is served learns from: the hold-out, and windows before it, as many in all as were measured. */
  readonly refitCutoffs: readonly [string, ...string[]];
  /** Customers of the hold-out, at most. */
  readonly sampledCustomers: number;
  /** Customers that are read of each window learnt from. */
  readonly taughtCustomers: readonly number[];
  readonly batchCustomers: number;
  readonly sampling: NegativeSampling;
  readonly summary: DataSummary;
}

/** @throws MISSING_TABLE, TOO_FEW_CUSTOMERS, HORIZON_TOO_LONG, INVALID_ARGUMENT */
export async function planRecommendationTraining(
  request: TrainRecommendationRequest,
  data: DataSource,
): Promise<RecommendationPlan> {
  const summary = await data.summary();
  await assertHasItems(data);
  const params = readBoosterParams({ ...DEFAULT_PARAMS, ...request.params });
  const asOf = await resolveLabelledAsOf(data, request.asOf);
  const horizonDays = readHorizon(request.horizonDays);
  const [evaluationCutoff, latest, ...earlier] = planCutoffs(asOf, horizonDays, summary);
  const { products, customers } = await readRecommendationCounts(data, latest);
  assertEnough({ products, customers }, latest);
  const known = [customers, ...(await customersByThen(data, earlier))];
  const trainCutoffs: RecommendationPlan['trainCutoffs'] = [latest, ...earlier.slice(0, known.length - 1)];
  const mostTaught = Math.floor(MAX_TAUGHT_CUSTOMERS / Math.max(2, known.length));
  const taughtCustomers = known.map((count) => Math.min(count, mostTaught));
  const taught = taughtCustomers.reduce((sum, count) => sum + count, 0);
  const perCustomer = candidatesPerCustomer(DEFAULT_CANDIDATES, products);
  return {
    asOf,
    horizonDays,
    evaluationCutoff,
    trainCutoffs,
    refitCutoffs: [evaluationCutoff, ...trainCutoffs.slice(0, Math.max(1, trainCutoffs.length - 1))],
    sampledCustomers: MAX_SAMPLED_CUSTOMERS,
    taughtCustomers,
    batchCustomers: Math.max(100, Math.floor(BATCH_ROWS / perCustomer)),
    sampling: planSampling(taught * perCustomer, horizonDays, summary),
    params,
    data: { fingerprint: summary.fingerprint, customers: summary.customers },
    summary,
  };
}

function readHorizon(horizonDays = DEFAULT_HORIZON_DAYS): number {
  if (Number.isInteger(horizonDays) && horizonDays >= 1 && horizonDays <= MAX_HORIZON_DAYS)
    return horizonDays;
  throw new ChurnMcpError('INVALID_ARGUMENT', 'horizon_days is out of range.', {
    hint: `Use a whole number of days from 1 to ${MAX_HORIZON_DAYS}.`,
  });
}

/**
 * The hold-out is the last horizon; of the windows before it those teach that have a horizon of orders before them. Latest
 * first.
 */
function planCutoffs(
  asOf: string,
  horizonDays: number,
  { firstOrderDate }: DataSummary,
): [evaluation: string, latest: string, ...earlier: string[]] {
  const history = daysBetween(firstOrderDate, asOf) + 1;
  if (history < 3 * horizonDays) {
    const longest = Math.floor(history / 3);
    throw new ChurnMcpError(
      'HORIZON_TOO_LONG',
      `A horizon of ${horizonDays} days needs ${3 * horizonDays} days of orders; there are ${Math.max(0, history)}.`,
      {
        hint:
          longest >= 1
            ? `Use horizon_days of at most ${longest}, or import a longer history.`
            : 'Use a later as_of, or import a longer history.',
      },
    );
  }
  const cutoff = (windows: number) => addDays(asOf, -windows * horizonDays);
  const earlier = Math.min(MOST_WINDOWS, Math.floor(history / horizonDays) - 2) - 1;
  return [cutoff(1), cutoff(2), ...Array.from({ length: earlier }, (_, window) => cutoff(window + 3))];
}

/** How many customers had ordered by each day, until there were too few to teach. */
async function customersByThen(data: DataSource, cutoffs: readonly string[]): Promise<number[]> {
  const known: number[] = [];
  for (const cutoff of cutoffs) {
    const { customers } = await readRecommendationCounts(data, cutoff);
    if (customers < MIN_CUSTOMERS) break;
    known.push(customers);
  }
  return known;
}

function assertEnough(counts: RecommendationCounts, cutoff: string): void {
  if (counts.customers < MIN_CUSTOMERS) {
    throw new ChurnMcpError(
      'TOO_FEW_CUSTOMERS',
      `Too few customers had ordered by ${cutoff}: ${counts.customers}, and training needs at least ${MIN_CUSTOMERS}.`,
      { hint: 'Use a shorter horizon_days or a later as_of, or import more orders.' },
    );
  }
  if (counts.products < MIN_PRODUCTS) {
    throw new ChurnMcpError('TOO_FEW_CUSTOMERS', `Recommendations need at least ${MIN_PRODUCTS} products.`, {
      hint: 'Import order items of more than one product.',
    });
  }
}

/** Of a customer, on average: of all customers, those who buy something are no larger a share. */
function ordersPerHorizon(
  { orders, customers, firstOrderDate, lastOrderDate }: DataSummary,
  horizonDays: number,
): number {
  return (orders * horizonDays) / (customers * (daysBetween(firstOrderDate, lastOrderDate) + 1));
}

/** @param rows pairs of all windows learnt from, about. */
function planSampling(rows: number, horizonDays: number, summary: DataSummary): NegativeSampling {
  const mostBuyers = Math.min(1, ordersPerHorizon(summary, horizonDays));
  const drawn = Math.min(ALL_DRAWS, Math.max(1, Math.floor((ALL_DRAWS * NEGATIVES) / rows)));
  const listed = Math.floor((ALL_DRAWS * NEGATIVES_IN_LISTS) / (rows * mostBuyers));
  return {
    drawn,
    usualOrders: summary.orders / summary.customers,
    listed: Math.min(ALL_DRAWS, Math.max(drawn, Math.min(drawn * TIMES_IN_LISTS, listed))),
  };
}
