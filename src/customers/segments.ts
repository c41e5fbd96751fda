import { ChurnMcpError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';

/** The segments, in the order of their rules (`sql/portable/tables/customer_segments.sql`), and how the text names them. */
export const SEGMENT_LABELS = {
  HIGH_VALUE_INACTIVE: 'High-Value Inactive (>$500, inactive 180+ days)',
  AT_RISK: 'At Risk (inactive 180+ days)',
  NEW_CUSTOMERS: 'New Customers (1-2 orders)',
  LOW_ENGAGEMENT: 'Low Engagement (3-5 orders)',
  HIGH_VALUE_ACTIVE: 'High-Value Active (>$1000)',
  REGULAR: 'Regular Customers',
} as const;

export type Segment = keyof typeof SEGMENT_LABELS;

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

/** Customers away for longer than 180 days, whatever they spent: two segments by one name. */
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
