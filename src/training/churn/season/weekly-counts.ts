import type { DataSource } from '../../../data/data-source.ts';
import type { WeeklyCount } from './weekly-index.ts';

/** As many customers tell a week's ups and downs to a fraction of a percent. */
const MOST_CUSTOMERS = 15_000;

/** How many days with orders known customers had in each week up to a day, by class of customer. */
export async function readWeeklyCounts(
  data: DataSource,
  asOf: string,
  signal: AbortSignal | undefined,
): Promise<WeeklyCount[]> {
  const table = await data.columns({
    file: 'portable/reads/weekly_order_days',
    values: [asOf, MOST_CUSTOMERS],
    isLarge: true,
    signal,
  });
  const [weeksAgo, customerClass, customers, orderDays] = [
    'weeks_ago',
    'customer_class',
    'customers',
    'order_days',
  ].map((name) => table.float64(name));
  return Array.from({ length: table.rowCount }, (_, row) => ({
    weeksAgo: weeksAgo[row],
    customerClass: customerClass[row],
    customers: customers[row],
    orderDays: orderDays[row],
  }));
}
