/** Churn by month, in words: who stopped being active, and who became active again. */
import type { MonthOfChurn } from '../customers/churn-by-month.ts';
import { addDays } from '../features/calendar-day.ts';
import { formatCount, formatPercent, plural } from '../text/format.ts';
import { markdownTable } from './markdown-table.ts';
import type { ShopRetention } from './tool-context.ts';

/** Of the last month that is over; of the last month if none is. */
export function churnHeadline({ asOf, churn }: ShopRetention, who: string): string[] {
  const month = churn.findLast((one) => isOver(one, asOf)) ?? churn.at(-1);
  if (month === undefined) return [];
  const when = isOver(month, asOf) ? month.month : `${month.month} up to ${asOf}`;
  return [
    `In ${when}, ${formatCount(month.lapsed)} of ${plural(month.activeAtStart, 'active customer')}${who} (${lapsedShare(month)}) stopped being active, and ${formatCount(month.wonBack)} became active again.`,
  ];
}

export function churnLines({ asOf, horizonDays, churn }: ShopRetention): string[] {
  if (churn.length === 0) return [];
  const rows = churn.map((month) => [
    isOver(month, asOf) ? month.month : `${month.month} (not over)`,
    formatCount(month.activeAtStart),
    formatCount(month.lapsed),
    lapsedShare(month),
    formatCount(month.wonBack),
  ]);
  const heading = ['month', 'active when it began', 'stopped being active', 'share', 'active again'];
  return [
    'Churn by month:',
    ...markdownTable(heading, rows),
    `Active: ordered in the ${plural(horizonDays, 'day')} before.`,
    '',
    'Who came back, by month of the first order:',
  ];
}

function isOver({ month }: MonthOfChurn, asOf: string): boolean {
  return addDays(asOf, 1).slice(0, 7) > month;
}

function lapsedShare({ lapsed, activeAtStart }: MonthOfChurn): string {
  return activeAtStart === 0 ? '–' : formatPercent(lapsed / activeAtStart, 1);
}
