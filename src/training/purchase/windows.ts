import type { DataSource } from '../../data/data-source.ts';
import { ChurnMcpError } from '../../errors.ts';
import type { ShopSeason } from '../churn/season/seasoned-forecast.ts';
import { readWeeklyCounts } from '../churn/season/weekly-counts.ts';
import { reportStep } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { RecommendationPlan } from './plan.ts';
import { purchaseShareOf } from './purchase-share.ts';
import { joinRows, keptRows, type RecommendationRows, readWindow } from './rows.ts';
import { openSpans, openTaughtDay, type TaughtDayRequest } from './taught-day.ts';

/** Some steps of a window's statements run on one core, so two windows are read at once. */
const READ_AT_ONCE = 2;
/** In a larger shop the tables of a window fill the memory, and its statements all cores. */
const MOST_CUSTOMERS_AT_ONCE = 50_000;

/** Rows by window, the latest first. */
export type Windows = readonly RecommendationRows[];

/** What recommendations learn from, and the shop's weeks, which tell the season. */
export interface PurchaseRows {
  readonly windows: Windows;
  readonly shop: ShopSeason;
  /** What the hold-out's day is read from, too; the caller disposes of it. */
  readonly spans: DataSource;
}

/** @throws ONE_CLASS if nobody bought anything in them */
export async function readPurchaseRows(
  data: DataSource,
  plan: RecommendationPlan,
  env: TrainingEnvironment,
): Promise<PurchaseRows> {
  const { asOf, horizonDays } = plan;
  const spans = await openSpans(data, plan, env.signal);
  try {
    const [windows, weeks] = await Promise.all([
      readWindows(spans, plan, env),
      readWeeklyCounts(data, asOf, env.signal),
    ]);
    if (baseRateOf(windows) === 0) throw nothingBought('learnt from');
    return { windows, shop: { weeks, asOf, horizonDays, dated: [] }, spans };
  } catch (error) {
    await spans[Symbol.asyncDispose]();
    throw error;
  }
}

async function readWindows(
  spans: DataSource,
  plan: RecommendationPlan,
  env: TrainingEnvironment,
): Promise<RecommendationRows[]> {
  const windows: RecommendationRows[] = [];
  const requests = plan.trainCutoffs.map((cutoff, window) => ({
    cutoff,
    customers: plan.taughtCustomers[window],
  }));
  const atOnce = plan.summary.customers > MOST_CUSTOMERS_AT_ONCE ? 1 : READ_AT_ONCE;
  while (windows.length < requests.length) {
    const next = requests.slice(windows.length, windows.length + atOnce);
    const progress = { done: windows.length, total: requests.length };
    reportStep(env, 'read', `Reading what customers did by ${next[0].cutoff}`, progress);
    windows.push(...(await Promise.all(next.map((request) => readTaught(spans, plan, request, env.signal)))));
  }
  return windows;
}

/** Some customers after others: the pairs of all at once are gigabytes, and take longer. */
async function readTaught(
  spans: DataSource,
  plan: RecommendationPlan,
  { cutoff, customers }: TaughtDayRequest,
  signal: AbortSignal | undefined,
): Promise<RecommendationRows> {
  const batches: RecommendationRows[] = [];
  await using day = await openTaughtDay(spans, plan, { cutoff, customers }, signal);
  for (let first = 1; first <= customers; first += plan.batchCustomers) {
    const last = Math.min(customers, first + plan.batchCustomers - 1);
    const table = await readWindow(day, plan, { cutoff, first, last, allRows: false }, signal);
    batches.push(keptRows(table));
  }
  return joinRows(batches);
}

/** If every product is sold only once, as in a shop of antiques, there is nothing to recommend. */
export function nothingBought(period: string): ChurnMcpError {
  return new ChurnMcpError(
    'ONE_CLASS',
    `In the periods that would be ${period}, nobody bought any of the products that could have been recommended.`,
    { hint: 'Recommendations need products that several customers buy. Nothing was registered.' },
  );
}

/** Share of purchases in the windows learnt from, pairs that were left out counted. */
export function baseRateOf(windows: Windows): number {
  return purchaseShareOf(windows.map(({ dataset }) => dataset));
}
