import type { ColumnTable, DataSource } from '../data/data-source.ts';

export interface ChurnFeaturesRequest {
  /** ISO date; nothing after it is seen. */
  readonly asOf: string;
  readonly signal?: AbortSignal;
}

/**
 * Features of every customer with an order on or before a day, ordered by customer id: `customer_id`,
 * `first_order_date`, `last_order_date` and all of `FORWARD_FEATURES`. The day of the last order is served from the
 * table built with the snapshot; other days run the very text that built it.
 */
export async function readChurnFeatures(
  data: DataSource,
  { asOf, signal }: ChurnFeaturesRequest,
): Promise<ColumnTable> {
  const { lastOrderDate } = await data.summary();
  const query =
    asOf === lastOrderDate
      ? { sql: 'serving/read_churn_features', values: [] }
      : { sql: 'churn_features', values: [asOf] };
  return data.columns({ ...query, ...(signal && { signal }) });
}

/** `is_churned` of the same customers in the same order: no order on the days (cutoff, cutoff + horizon]. */
export function readForwardLabels(
  data: DataSource,
  { cutoff, horizonDays, signal }: { cutoff: string; horizonDays: number; signal?: AbortSignal },
): Promise<ColumnTable> {
  return data.columns({ sql: 'churn_labels', values: [cutoff, horizonDays], ...(signal && { signal }) });
}
