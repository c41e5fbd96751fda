import type { Cohort } from '../customers/cohort-retention.ts';
import type { CustomerFilter } from '../customers/customer-filter.ts';
import { formatCount, formatPercent, formatWhole, plural } from '../text/format.ts';
import { filterText } from './filter-text.ts';

/** Months since the first order that the table of the text shows. */
const SHOWN_MONTHS = 12;

/** Retention by month of the first order: one sentence, then a table. */
export function cohortText(
  cohorts: readonly Cohort[],
  { asOf, filter }: { readonly asOf: string; readonly filter: CustomerFilter },
): string {
  const who = filterText(filter);
  if (cohorts.length === 0) return `No customers${who} had ordered by ${asOf}.`;
  const width = Math.min(SHOWN_MONTHS, Math.max(...cohorts.map(({ months }) => months.length - 1)));
  const since = Array.from({ length: width }, (_, index) => index + 1);
  const rows = cohorts.map(({ month, customers, months }) => {
    const shares = since.map((index) =>
      index < months.length ? formatPercent(months[index].customers / customers, 0) : '',
    );
    const revenue = months.reduce((sum, one) => sum + one.revenue, 0);
    return [month, formatCount(customers), ...shares, formatWhole(revenue)];
  });
  return [
    headline(cohorts, who),
    '',
    tableRow(['first order', 'customers', ...since.map((index) => `+${index}`), 'spent so far']),
    tableRow(Array.from({ length: width + 3 }, () => '---')),
    ...rows.map(tableRow),
    '',
    `+1 is the month after the first order: the share of the customers who ordered in it. Orders up to ${asOf} count, so the last month of each row may not be over.`,
  ].join('\n');
}

/** Of all customers whose third month is over: how many ordered in it. */
function headline(cohorts: readonly Cohort[], who: string): string {
  const LATER = 3;
  const old = cohorts.filter(({ months }) => months.length > LATER + 1);
  const customers = old.reduce((sum, cohort) => sum + cohort.customers, 0);
  if (customers === 0)
    return `These cohorts${who} are too young to tell: none has three whole months behind it.`;
  const back = old.reduce((sum, { months }) => sum + months[LATER].customers, 0);
  const [first, last] = [old[0].month, old[old.length - 1].month];
  const when = first === last ? `in ${first}` : `from ${first} to ${last}`;
  return `Of ${plural(customers, 'customer')}${who} with a first order ${when}, ${formatPercent(back / customers, 0)} ordered in the third month after it.`;
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
