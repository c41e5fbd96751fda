/** How much more or less a shop's known customers ordered in some weeks than customers of their kind usually do. */

export const DAYS_A_WEEK = 7;

/** Of one week and class of customers: `weekly-counts.ts`. */
export interface WeeklyCount {
  /** 1 is the week that ends on the day the counts were read as of. */
  readonly weeksAgo: number;
  readonly customerClass: number;
  /** Customers who looked like this when the week began. */
  readonly customers: number;
  /** Days with orders that they had in the week. */
  readonly orderDays: number;
}

/** Ages are days before the day that the counts were read as of. */
export interface WeeklyIndex {
  /**
   * ln of order days over expected order days in the `days` days that begin `startAge` days before the counts' day; half
   * an order day is added to both, so that a closed shop has an index too. Undefined if the weeks do not cover it; up to
   * six days may lack.
   */
  readonly logRatio: (startAge: number, days: number) => number | undefined;
  /** Age of the end of the newest week, and of the start of the oldest. */
  readonly endAge: number;
  readonly startAge: number;
}

interface Week {
  readonly weeksAgo: number;
  readonly orderDays: number;
  readonly expected: number;
}

/**
 * The index as it was known `knownAge` days before the counts' day: weeks that ended later are not looked at. Expected are
 * the order days that each customer's class had on average over all weeks looked at.
 */
export function weeklyIndex(counts: readonly WeeklyCount[], knownAge: number): WeeklyIndex {
  const weeks = expectedByWeek(counts.filter(({ weeksAgo }) => DAYS_A_WEEK * (weeksAgo - 1) >= knownAge));
  const endAge = DAYS_A_WEEK * ((weeks[0]?.weeksAgo ?? 1) - 1);
  const startAge = DAYS_A_WEEK * (weeks.at(-1)?.weeksAgo ?? 0);
  return {
    endAge,
    startAge,
    logRatio(start, days) {
      const end = start - days;
      if (start > startAge || end < endAge - (DAYS_A_WEEK - 1)) return undefined;
      let [orderDays, expected] = [0, 0];
      for (const week of weeks) {
        const share = sharedDays(start, end, week.weeksAgo) / DAYS_A_WEEK;
        orderDays += share * week.orderDays;
        expected += share * week.expected;
      }
      return Math.log((orderDays + 0.5) / (expected + 0.5));
    },
  };
}

/** Days that the week has in common with those aged from `end` to `start`. */
function sharedDays(start: number, end: number, weeksAgo: number): number {
  const [weekStart, weekEnd] = [DAYS_A_WEEK * weeksAgo, DAYS_A_WEEK * (weeksAgo - 1)];
  return Math.max(0, Math.min(start, weekStart) - Math.max(end, weekEnd));
}

/** Newest first. */
function expectedByWeek(counts: readonly WeeklyCount[]): Week[] {
  const classes = new Map<number, { customers: number; orderDays: number }>();
  for (const { customerClass, customers, orderDays } of counts) {
    const sum = classes.get(customerClass) ?? { customers: 0, orderDays: 0 };
    sum.customers += customers;
    sum.orderDays += orderDays;
    classes.set(customerClass, sum);
  }
  const weeks = new Map<number, { orderDays: number; expected: number }>();
  for (const { weeksAgo, customerClass, customers, orderDays } of counts) {
    const week = weeks.get(weeksAgo) ?? { orderDays: 0, expected: 0 };
    const of = classes.get(customerClass) ?? { customers: 1, orderDays: 0 };
    week.orderDays += orderDays;
    week.expected += (customers * of.orderDays) / of.customers;
    weeks.set(weeksAgo, week);
  }
  return [...weeks]
    .map(([weeksAgo, week]) => ({ weeksAgo, ...week }))
    .sort((one, other) => one.weeksAgo - other.weeksAgo);
}
