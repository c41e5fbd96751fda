/** The days of the demo shop's history; the law of its customers is in `sql/duckdb/demo_population.sql`. */
export const DEMO_CALENDAR = {
  historyDays: 760,
  launchDays: 400,
  launchShare: 0.975,
  saleDays: 7,
  saleFactor: 8.5,
} as const;
