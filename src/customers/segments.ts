import type { SegmentThresholds } from '../data/segment-thresholds.ts';
import { ChurnMcpError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';

/** The segments, in the order of their rules (`sql/portable/tables/customer_segments.sql`), and how the text names them. */
export function segmentLabels(thresholds: SegmentThresholds) {
  const { inactiveDays, highValueInactive, newOrders, lowEngagementOrders, highValueActive } = thresholds;
  return {
    HIGH_VALUE_INACTIVE: `High-Value Inactive (>$${highValueInactive}, inactive ${inactiveDays}+ days)`,
    AT_RISK: `At Risk (inactive ${inactiveDays}+ days)`,
    NEW_CUSTOMERS: `New Customers (${ordersText(1, newOrders)})`,
    LOW_ENGAGEMENT: `Low Engagement (${ordersText(newOrders + 1, lowEngagementOrders)})`,
    HIGH_VALUE_ACTIVE: `High-Value Active (>$${highValueActive})`,
    REGULAR: 'Regular Customers',
  };
}

function ordersText(from: number, to: number): string {
  if (from < to) return `${from}-${to} orders`;
  return to === 1 ? '1 order' : `${to} orders`;
}

export type Segment = keyof ReturnType<typeof segmentLabels>;

/** The order in which an error lists them: the default first. */
const LISTED: readonly Segment[] = [
  'LOW_ENGAGEMENT',
  'HIGH_VALUE_INACTIVE',
  'HIGH_VALUE_ACTIVE',
  'NEW_CUSTOMERS',
  'AT_RISK',
  'REGULAR',
];
export const SEGMENTS: readonly Segment[] = LISTED;

/** Code units of a name that are read. No segment has a longer name. */
const MOST_READ = 200;

/** Customers away for longer than the days of the thresholds, whatever they spent: two segments by one name. */
export const LAPSED = 'LAPSED';
export const LAPSED_SEGMENTS: ReadonlySet<string> = new Set<Segment>(['HIGH_VALUE_INACTIVE', 'AT_RISK']);

/** Reads a segment's name in any case, with spaces, dashes or underscores. Throws `UNKNOWN_SEGMENT`. */
export function parseSegment(text: string): Segment {
  const name = normalisedName(text);
  const segment = LISTED.find((candidate) => candidate === name);
  if (segment !== undefined) return segment;
  throw new ChurnMcpError(
    'UNKNOWN_SEGMENT',
    `Unknown segment ${quoted(text)}. Segments: ${LISTED.join(', ')}.`,
    {
      hint: 'Ask again with one of these segments.',
    },
  );
}

/** The same for filters, which take `LAPSED` besides. */
export function parseSegmentOrLapsed(text: string): Segment | typeof LAPSED {
  return isLapsed(text) ? LAPSED : parseSegment(text);
}

export function isLapsed(text: string): boolean {
  return normalisedName(text) === LAPSED;
}

function normalisedName(text: string): string {
  return text
    .slice(0, MOST_READ)
    .trim()
    .toUpperCase()
    .replaceAll(/[\s_\-‐-―]+/g, '_');
}
