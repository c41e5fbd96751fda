import { z } from 'zod';
import { ChurnMcpError } from '../../errors.ts';
import type { DataSource, DataSourceProvider } from '../data-source.ts';
import { DEMO_CALENDAR } from './demo-calendar.ts';

/** The best ranking of a demo shop's customers that any model can reach from the data it may see. */
export interface BestReachable {
  readonly customers: number;
  /** Share of customers who churned, by the label in question. */
  readonly churnRate: number;
  /** Mean of the true probabilities of that label. It differs from `churnRate` only by chance. */
  readonly expectedChurnRate: number;
  readonly rocAuc: number;
}

export interface BestReachableForward extends BestReachable {
  /** The same if each customer's own rates are known too, but not who has already left. */
  readonly rocAucTrueRates: number;
}

/**
 * The ceiling for the forward label: no order in the `horizonDays` after `cutoff`, among all customers with an order
 * up to it.
 *
 * The forecaster knows the laws that the shop was made by (how rates and dropout probabilities are distributed, the
 * season) and every order up to the cutoff, and applies Bayes' rule: the posterior of BG/NBD. No model that learns from
 * orders can do better in expectation, so compare a model's ROC-AUC with `rocAuc`; on a small evaluation sample it
 * may be higher by chance. The realised dropout dates are not used, because they cannot be observed.
 *
 * @throws MISSING_TABLE if the current data is no demo shop, HORIZON_TOO_LONG if the horizon ends after the last order.
 */
export async function bestReachableForward(
  data: DataSource,
  window: { readonly cutoff: string; readonly horizonDays: number },
): Promise<BestReachableForward> {
  await requireDemoShop(data);
  await requireWindowInside(data, window);
  const [row] = await data.rows(
    { file: 'duckdb/demo/best_forward', values: [window.cutoff, window.horizonDays] },
    forwardRowSchema,
  );
  if (row === undefined) throw new ChurnMcpError('INTERNAL', 'The best reachable forecast gave no result.');
  return { ...reachableOf(row), rocAucTrueRates: row.roc_auc_true_rates };
}

/**
 * The ceiling for the inactivity label ("more than `thresholdDays` since the last order", as of the last order) for
 * a model that sees the reference's six features, computed on at most 10,000 customers.
 *
 * With the date of the last order the label is arithmetic and the ceiling is 1, so the figure says nothing about
 * foresight: it says how much of that date tenure and the number of orders give away. They give away nearly all.
 *
 * @throws MISSING_TABLE if the current data is no demo shop.
 */
export async function bestReachableInactivity(data: DataSource, thresholdDays = 7): Promise<BestReachable> {
  await requireDemoShop(data);
  const { launchDays, launchShare } = DEMO_CALENDAR;
  const [row] = await data.rows(
    { file: 'duckdb/demo/best_inactivity', values: [thresholdDays, launchDays, launchShare] },
    inactivityRowSchema,
  );
  if (row === undefined) throw new ChurnMcpError('INTERNAL', 'The best reachable ranking gave no result.');
  return reachableOf(row);
}

const inactivityRowSchema = z.object({
  customers: z.coerce.number(),
  churn_rate: z.number(),
  expected_churn_rate: z.number(),
  roc_auc: z.number(),
});
const forwardRowSchema = inactivityRowSchema.extend({ roc_auc_true_rates: z.number() });

function reachableOf(row: z.infer<typeof inactivityRowSchema>): BestReachable {
  return {
    customers: row.customers,
    churnRate: row.churn_rate,
    expectedChurnRate: row.expected_churn_rate,
    rocAuc: row.roc_auc,
  };
}

/** True if `createDemoShop` made the current data. */
export async function isDemoShop(data: DataSource): Promise<boolean> {
  const [row] = await data.rows(
    { file: 'duckdb/demo/is_demo_shop', values: [] },
    z.object({ truth_tables: z.coerce.number() }),
  );
  return row !== undefined && row.truth_tables > 0;
}

/** Whether there are orders that nobody invented, which a demo shop would replace. */
export async function holdsOwnShop(provider: Pick<DataSourceProvider, 'borrow'>): Promise<boolean> {
  try {
    await using borrowed = await provider.borrow();
    return !(await isDemoShop(borrowed.data));
  } catch (error) {
    // No data, or data that cannot be read: replacing it loses nothing.
    if (error instanceof ChurnMcpError) return false;
    throw error;
  }
}

async function requireDemoShop(data: DataSource): Promise<void> {
  if (await isDemoShop(data)) return;
  throw new ChurnMcpError('MISSING_TABLE', 'The true probabilities are known for the demo shop only.', {
    hint: 'Make the demo shop with "churn-mcp demo".',
  });
}

async function requireWindowInside(
  data: DataSource,
  { cutoff, horizonDays }: { readonly cutoff: string; readonly horizonDays: number },
): Promise<void> {
  const { firstOrderDate, lastOrderDate } = await data.summary();
  const windowEnd = new Date(Date.parse(cutoff) + horizonDays * 86_400_000).toISOString().slice(0, 10);
  if (cutoff >= firstOrderDate && horizonDays >= 1 && windowEnd <= lastOrderDate) return;
  throw new ChurnMcpError('HORIZON_TOO_LONG', 'The window is partly outside the history of the demo shop.', {
    hint: `Choose a cutoff from ${firstOrderDate} on, and a horizon that ends by ${lastOrderDate}.`,
  });
}
