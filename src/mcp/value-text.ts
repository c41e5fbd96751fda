/** What customers are worth and when they order next, in words and as fields of answers. */
import { z } from 'zod';
import { type ToldValue, type TotalValue, YEAR_DAYS } from '../scoring/customer-value.ts';
import { formatPercent, formatWhole, plural } from '../text/format.ts';

/** "12 months", or as many days as the orders go back. */
export function aheadText(days: number): string {
  return days >= YEAR_DAYS ? '12 months' : plural(days, 'day');
}

/** Of one customer, in two sentences; a third if the orders go back less than a year. */
export function valueLines(value: ToldValue | undefined, asOf: string): string[] {
  if (value === undefined) return [];
  const { expected, low, high, chance, nextOrder, days } = value;
  const ahead = aheadText(days);
  const worth = `Expected to spend ${formatWhole(expected)} in the ${ahead} after ${asOf}; for eight of ten such customers it is between ${formatWhole(low)} and ${formatWhole(high)}.`;
  const when = `${formatPercent(chance, 0)} likely to order in that time; if so, next around ${nextOrder.expected}, between ${nextOrder.early} and ${nextOrder.late} in eight of ten cases.`;
  return [`${worth} ${when}${shortHistoryText(days)}`];
}

/** "about 12,000 (10,000 to 15,000)" with the time it is of. */
export function totalValueText({ expected, low, high, days }: TotalValue): string {
  return `about ${formatWhole(expected)} in ${aheadText(days)} (${formatWhole(low)} to ${formatWhole(high)} in eight of ten cases)`;
}

/** Says why no whole year is looked at; empty if one is. */
export function shortHistoryText(days: number): string {
  return days >= YEAR_DAYS
    ? ''
    : ` Orders go back ${plural(days, 'day')}, too short to look 12 months ahead.`;
}

export function valueFieldsOf({ expected, low, high, chance, nextOrder, days }: ToldValue) {
  const { early, late } = nextOrder;
  return {
    expected_value: expected,
    low,
    high,
    days,
    order_probability: chance,
    next_order: { expected: nextOrder.expected, early, late },
  };
}

export const totalOutlookSchema = z
  .object({
    expected_value: z.number().describe('Expected spend of all of those in these days.'),
    low: z.number().describe('Lower end of its 80% interval.'),
    high: z.number().describe('Upper end of it.'),
    days: z.int().describe('365, or fewer if the orders go back less far.'),
  })
  .nullable()
  .optional()
  .describe('Null if too few customers came back.');

/** Null if the model says nothing of it. */
export function totalFieldsOf(total: TotalValue | undefined) {
  if (total === undefined) return null;
  const { expected, low, high, days } = total;
  return { expected_value: expected, low, high, days };
}
