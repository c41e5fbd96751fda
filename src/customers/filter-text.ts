import { formatCount, plural } from '../text/format.ts';
import { quoted } from '../text/quoted.ts';
import type { CustomerFilter } from './customer-filter.ts';

/** The conditions of a filter, to follow "customers": " in segment LAPSED who bought “Skis” and spent 500 or more". */
export function filterText(filter: CustomerFilter): string {
  const { segment, customerSegment, attributes = [], bought } = filter;
  const conditions = [
    ...(bought === undefined ? [] : [`bought ${quoted(bought)}`]),
    ...rangeText('spent', filter.minSpent, filter.maxSpent),
    ...rangeText('ordered', filter.minOrders, filter.maxOrders, 'time'),
  ];
  return [
    ...(segment === undefined ? [] : [` in segment ${quoted(segment)}`]),
    ...(customerSegment === undefined ? [] : [` of customer segment ${quoted(customerSegment)}`]),
    ...attributes.map((attribute) => ` with ${quoted(attribute)}`),
    ...(conditions.length === 0 ? [] : [` who ${conditions.join(' and ')}`]),
  ].join('');
}

/** @param unit what is counted, one of it; amounts have none */
function rangeText(verb: string, least?: number, most?: number, unit?: string): string[] {
  const told = (bound: number) => (unit === undefined ? formatCount(bound) : plural(bound, unit));
  if (least !== undefined && most !== undefined) {
    return [`${verb} ${least === most ? told(most) : `${formatCount(least)} to ${told(most)}`}`];
  }
  if (least !== undefined) return [`${verb} ${told(least)} or more`];
  return most === undefined ? [] : [`${verb} ${told(most)} at most`];
}
