import type { ColumnTable, DataSource } from '../../../data/data-source.ts';
import { DAYS_A_WEEK, type WeeklyCount } from './weekly-index.ts';

/** As many customers tell a week's ups and downs to a fraction of a percent. */
const MOST_CUSTOMERS = 15_000;
/** Weeks begin so long after the shop's first order, when customers of every class can be there. */
const FIRST_WEEK_DAYS = 90;
/** Nineteen years. */
const MOST_WEEKS = 1_000;
/** A customer of the first band ordered within a week, of the last not for half a year. */
const RECENCY_BANDS = [7, 14, 30, 60, 90, 180];
const RECENT_WEEKS = 13;
const MOST_RECENT_DAYS = 6;
const CLASSES_A_BAND = 2 * (MOST_RECENT_DAYS + 1);
const CLASSES = CLASSES_A_BAND * (RECENCY_BANDS.length + 1);

/**
 * How many days with orders known customers had in each week up to a day, by class of customer: newest week first, weeks
 * and classes without customers left out. Week w holds the seven days that end 7 · (w − 1) days before the as-of date. A
 * customer is known in a week if the first order came before it. The class is what the customer looked like when the week
 * began: 14 · recency band + 2 · order days of the 13 weeks before (at most 6) + 1 if all orders so far were of one day.
 */
export async function readWeeklyCounts(
  data: DataSource,
  asOf: string,
  signal: AbortSignal | undefined,
): Promise<WeeklyCount[]> {
  const table = await data.columns({
    file: 'portable/reads/sampled_order_days',
    values: [asOf, MOST_CUSTOMERS],
    isLarge: true,
    signal,
  });
  return countWeeks(table);
}

function countWeeks(table: ColumnTable): WeeklyCount[] {
  const positions = table.float64('customer_position');
  const ages = table.float64('age_days');
  const [historyDays = 0] = table.float64('history_days');
  const weeks = Math.max(0, Math.min(MOST_WEEKS, Math.floor((historyDays - FIRST_WEEK_DAYS) / DAYS_A_WEEK)));
  const sums = { customers: new Float64Array(weeks * CLASSES), orderDays: new Float64Array(weeks * CLASSES) };
  for (let from = 0, to = 0; from < ages.length; from = to) {
    while (to < ages.length && positions[to] === positions[from]) to++;
    addCustomer(sums, ages.subarray(from, to), weeks);
  }
  return Array.from(sums.customers.keys())
    .filter((i) => sums.customers[i] > 0)
    .map((i) => ({
      weeksAgo: Math.floor(i / CLASSES) + 1,
      customerClass: i % CLASSES,
      customers: sums.customers[i],
      orderDays: sums.orderDays[i],
    }));
}

/** By week, newest first, and class. */
type Sums = { readonly [Sum in 'customers' | 'orderDays']: Float64Array };

/** @param ages of the customer's days with orders, oldest first. */
function addCustomer({ customers, orderDays }: Sums, ages: Float64Array, weeks: number): void {
  // As many of the ages lie before the week, before the 13 weeks that end with its beginning, and before the week's end.
  let [before, beforeRecent, beforeEnd] = [0, 0, 0];
  const oldest = Math.min(weeks, Math.floor(ages[0] / DAYS_A_WEEK));
  for (let week = oldest; week > 0; week--) {
    const start = DAYS_A_WEEK * week;
    while (before < ages.length && ages[before] >= start) before++;
    while (beforeRecent < before && ages[beforeRecent] >= start + RECENT_WEEKS * DAYS_A_WEEK) beforeRecent++;
    beforeEnd = Math.max(beforeEnd, before);
    while (beforeEnd < ages.length && ages[beforeEnd] >= start - DAYS_A_WEEK) beforeEnd++;
    const recency = ages[before - 1] - start;
    const recent = Math.min(MOST_RECENT_DAYS, before - beforeRecent);
    const customerClass = CLASSES_A_BAND * bandOf(recency) + 2 * recent + (before === 1 ? 1 : 0);
    const i = (week - 1) * CLASSES + customerClass;
    customers[i]++;
    orderDays[i] += beforeEnd - before;
  }
}

function bandOf(recencyDays: number): number {
  let band = 0;
  while (band < RECENCY_BANDS.length && recencyDays >= RECENCY_BANDS[band]) band++;
  return band;
}
