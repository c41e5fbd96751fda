import type { DataSource } from '../../data/data-source.ts';
import { ChurnMcpError } from '../../errors.ts';
import type { ShopSeason } from '../churn/season/seasoned-forecast.ts';
import { readWeeklyCounts } from '../churn/season/weekly-counts.ts';
import { reportStep } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { RecommendationPlan } from './plan.ts';
import { purchaseShareOf } from './purchase-share.ts';
import { joinRows, keptRows, type RecommendationRows, readWindow } from './rows.ts';
import { openTaughtDay } from './taught-day.ts';

/** Rows by window, the latest first. */
export type Windows = readonly RecommendationRows[];

/** What recommendations learn from, and the shop's weeks, which tell the season. */
export interface PurchaseRows {
  readonly windows: Windows;
  readonly shop: ShopSeason;
}

/** @throws ONE_CLASS if nobody bought anything in them */
export async function readPurchaseRows(
  data: DataSource,
  plan: RecommendationPlan,
  env: TrainingEnvironment,
): Promise<PurchaseRows> {
  const windows: RecommendationRows[] = [];
  const total = plan.trainCutoffs.length;
  for (const [done, cutoff] of plan.trainCutoffs.entries()) {
    reportStep(env, 'read', `Reading what customers did by ${cutoff}`, { done, total });
    const customers = plan.taughtCustomers[done];
    windows.push(await readTaught(data, plan, { cutoff, customers }, env.signal));
  }
  if (baseRateOf(windows) === 0) throw nothingBought('learnt from');
  const { asOf, horizonDays } = plan;
  const weeks = await readWeeklyCounts(data, asOf, env.signal);
  return { windows, shop: { weeks, asOf, horizonDays, dated: [] } };
}

/** Some customers after others: the pairs of all at once are gigabytes, and take longer. */
async function readTaught(
  data: DataSource,
  plan: RecommendationPlan,
  { cutoff, customers }: { readonly cutoff: string; readonly customers: number },
  signal: AbortSignal | undefined,
): Promise<RecommendationRows> {
  const batches: RecommendationRows[] = [];
  const { horizonDays } = plan;
  await using day = await openTaughtDay(data, { cutoff, customers, horizonDays }, signal);
  for (let first = 1; first <= customers; first += plan.batchCustomers) {
    const last = Math.min(customers, first + plan.batchCustomers - 1);
    const table = await readWindow(day, plan, { cutoff, first, last, allRows: false }, signal);
    batches.push(keptRows(table, plan.sampling));
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
