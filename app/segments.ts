/** The segments as the tools take them, and as people read them. */
export const SEGMENTS = [
  ['LOW_ENGAGEMENT', 'Low engagement'],
  ['HIGH_VALUE_INACTIVE', 'High value, inactive'],
  ['AT_RISK', 'Inactive'],
  ['NEW_CUSTOMERS', 'New customers'],
  ['HIGH_VALUE_ACTIVE', 'High value, active'],
  ['REGULAR', 'Regular'],
] as const;

/** A segment as people read it. */
export function segmentName(segment: string): string {
  return SEGMENTS.find(([name]) => name === segment)?.[1] ?? segment;
}
