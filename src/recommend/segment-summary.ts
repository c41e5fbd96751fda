import { z } from 'zod';
import { type Segment, segmentLabels } from '../customers/segments.ts';
import type { DataSource } from '../data/data-source.ts';

/** The figures of a segment as of the day of the last order. Amounts are in the shop's own currency. */
export interface SegmentSummary {
  readonly segment: Segment;
  /** Its rule in words. */
  readonly label: string;
  readonly customers: number;
  readonly totalSpent: number;
  readonly totalOrders: number;
  readonly meanDaysSinceLastOrder: number;
}

const rowSchema = z.object({
  segment: z.string(),
  customers: z.number(),
  total_spent: z.number(),
  total_orders: z.number(),
  mean_days_since_last_order: z.number(),
});

/** All segments in the order of their rules, empty ones included. */
export async function summarizeSegments(data: DataSource, signal?: AbortSignal): Promise<SegmentSummary[]> {
  const query = { file: 'portable/reads/segment_summary', values: [], signal } as const;
  const rows = new Map((await data.rows(query, rowSchema)).map((row) => [row.segment, row]));
  const labels = segmentLabels((await data.summary()).segmentThresholds);
  return (Object.keys(labels) as Segment[]).map((segment) => {
    const row = rows.get(segment);
    return {
      segment,
      label: labels[segment],
      customers: row?.customers ?? 0,
      totalSpent: row?.total_spent ?? 0,
      totalOrders: row?.total_orders ?? 0,
      meanDaysSinceLastOrder: row?.mean_days_since_last_order ?? 0,
    };
  });
}
