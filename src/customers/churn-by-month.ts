/** How many active customers lapse in each month, and how many come back. */
import { z } from 'zod';
import type { DataSource } from '../data/data-source.ts';
import { addDays, dayNumber, monthBefore, monthsBetween } from '../features/calendar-day.ts';
import { type FilterRequest, openFiltered } from './customer-filter.ts';

/** One month between its first and its last day, or the as-of date; counted as the overview counts two days. */
export interface MonthOfChurn {
  /** YYYY-MM. */
  readonly month: string;
  readonly activeAtStart: number;
  /** Of those, no longer active at the end. */
  readonly lapsed: number;
  /** Lapsed when the month began, and active at its end. */
  readonly wonBack: number;
}

export interface ChurnByMonthRequest extends FilterRequest {
  /** A customer without an order for so long has lapsed. */
  readonly horizonDays: number;
  /** Months at most. */
  readonly most: number;
}

const spellsSchema = z.object({
  months_ago: z.number(),
  next_months_ago: z.number().nullable(),
  lapse_months_ago: z.number().nullable(),
  was_active: z.number().nullable(),
  customers: z.number(),
});

/** Customers who look alike from one month with orders to the next. Months count backwards from the as-of date's. */
type Spells = z.output<typeof spellsSchema>;

/**
 * The latest months, oldest first, of the customers who match as of the day. Months in which nobody can have lapsed,
 * because the shop's first order is too recent, are left out.
 */
export async function readChurnByMonth(
  data: DataSource,
  { horizonDays, most, ...request }: ChurnByMonthRequest,
): Promise<MonthOfChurn[]> {
  const { asOf, signal } = request;
  const { firstOrderDate } = await data.summary();
  const firstLapse = addDays(firstOrderDate, horizonDays);
  if (dayNumber(firstLapse) > dayNumber(asOf)) return [];
  const count = Math.min(most, monthsBetween(firstLapse, asOf) + 1);
  // Customers whose last order is before this day had lapsed when the first of these months began.
  const firstDay = `${addDays(`${monthBefore(asOf, count - 1)}-01`, -horizonDays - 1).slice(0, 7)}-01`;
  const file = 'portable/reads/churn_by_month';
  await using day = await openFiltered(data, request, [file]);
  const statement = day.statement({ file, values: [asOf, horizonDays, firstDay] });
  const spells = await day.data.rows({ ...statement, signal }, spellsSchema);
  const months = countChanges(spells, count).map((changes, monthsAgo) => ({
    month: monthBefore(asOf, monthsAgo),
    ...changes,
  }));
  const oldest = months.findLastIndex(({ activeAtStart }) => activeAtStart > 0);
  return months.slice(0, oldest + 1).reverse();
}

/** By months ago: what a customer was at the end of the month before, and at the end of the month. */
function countChanges(spells: readonly Spells[], count: number) {
  const months = Array.from({ length: count }, () => ({ activeAtStart: 0, lapsed: 0, wonBack: 0 }));
  for (const { months_ago, next_months_ago, lapse_months_ago, was_active, customers } of spells) {
    const hasLapsed = (monthsAgo: number) => lapse_months_ago !== null && monthsAgo <= lapse_months_ago;
    let isActive = was_active === null ? undefined : was_active === 1;
    for (let monthsAgo = months_ago; monthsAgo > (next_months_ago ?? -1); monthsAgo--) {
      const wasActive = isActive;
      isActive = !hasLapsed(monthsAgo);
      if (monthsAgo >= count) continue;
      const month = months[monthsAgo];
      if (wasActive === true) month.activeAtStart += customers;
      if (wasActive === true && !isActive) month.lapsed += customers;
      if (wasActive === false && isActive) month.wonBack += customers;
    }
  }
  return months;
}
