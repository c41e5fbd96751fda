import type { Cohort } from '../customers/cohort-retention.ts';
import type { CustomerFilter } from '../customers/customer-filter.ts';
import { filterText } from '../customers/filter-text.ts';
import type { GroupedCohorts } from '../customers/grouped-cohorts.ts';
import { formatCount, formatPercent, formatWhole, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import { quoted } from '../text/quoted.ts';
import { churnHeadline, churnLines } from './churn-by-month-text.ts';
import { markdownTable } from './markdown-table.ts';
import type { ShopRetention } from './tool-context.ts';

/** Months since the first order that the table of the text shows. */
const SHOWN_MONTHS = 12;

/** The month since the first order that the headline speaks of. */
const LATER = 3;

/** How retention develops: churn and retention in a sentence each, then each by month. */
export function retentionText(retention: ShopRetention, filter: CustomerFilter): string {
  const { asOf, cohorts } = retention;
  const who = filterText(filter);
  if (cohorts.length === 0) return `No customers${who} had ordered by ${asOf}.`;
  return [
    ...churnHeadline(retention, who),
    headline(cohorts, who),
    '',
    ...churnLines(retention),
    ...cohortLines(cohorts, asOf),
  ].join('\n');
}

function cohortLines(cohorts: readonly Cohort[], asOf: string): string[] {
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
    ...markdownTable(
      ['first order', 'customers', ...since.map((index) => `+${index}`), 'spent so far'],
      rows,
    ),
    '',
    `+1 is the month after the first order: the share of the customers who ordered in it. Orders up to ${asOf} count, so the last month of each row may not be over.`,
  ];
}

/** One row per group: who came back in each month since the first order, over all its cohorts. */
export function groupedCohortText(
  groups: readonly GroupedCohorts[],
  { asOf, by, filter }: { readonly asOf: string; readonly by: string; readonly filter: CustomerFilter },
): string {
  const who = filterText(filter);
  const [largest] = groups;
  if (largest === undefined) return `Nothing is known by ${quoted(by)} of customers${who} as of ${asOf}.`;
  const longest = Math.max(
    ...groups.flatMap(({ cohorts }) => cohorts.map(({ months }) => months.length - 2)),
  );
  const since = Array.from({ length: Math.max(0, Math.min(SHOWN_MONTHS, longest)) }, (_, at) => at + 1);
  const rows = groups.map(({ name, customers, cohorts }) => [
    inertMarkdown(name),
    formatCount(customers),
    ...since.map((month) => shareText(retentionOf(cohorts, month)?.share)),
  ]);
  return [
    groupedHeadline(groups, by, who),
    '',
    ...markdownTable([inertMarkdown(by), 'customers', ...since.map((month) => `+${month}`)], rows),
    '',
    `+1 is the month after the first order: the share of the customers who ordered in it, of all months of first orders for which it is over by ${asOf}. Small groups vary by chance.`,
  ].join('\n');
}

/** Fewer customers whose third month is over say too little to be best or worst. */
const LEAST_COMPARED = 20;

/** Which group comes back most, and which least. */
function groupedHeadline(groups: readonly GroupedCohorts[], by: string, who: string): string {
  const compared = groups
    .flatMap(({ name, cohorts }) => {
      const back = retentionOf(cohorts, LATER);
      return back === undefined ? [] : [{ name: inertMarkdown(name), ...back }];
    })
    .filter(({ customers }) => customers >= LEAST_COMPARED)
    .sort((one, other) => other.share - one.share);
  const [best] = compared;
  const worst = compared.at(-1);
  if (best === undefined || worst === undefined) {
    return `The groups by ${quoted(by)} are too young or too small to tell: none has ${LEAST_COMPARED} customers${who} with three whole months behind them.`;
  }
  const most = `${formatPercent(best.share, 0)} of ${plural(best.customers, 'customer')}${who} in ${best.name} ordered in the third month after their first order`;
  return compared.length === 1
    ? `${most}; all other groups are too small or too young to compare.`
    : `${most}, ${comparedText(groups.length, compared.length)} by ${quoted(by)}; the fewest were ${formatPercent(worst.share, 0)} of ${formatCount(worst.customers)} in ${worst.name}.`;
}

/** Small groups are in the table, so the sentence says that they were not compared. */
function comparedText(groups: number, compared: number): string {
  return groups === compared
    ? 'the most of all groups'
    : `the most of the ${compared} groups with ${LEAST_COMPARED} such customers or more`;
}

function shareText(share: number | undefined): string {
  return share === undefined ? '' : formatPercent(share, 0);
}

interface Retention {
  readonly customers: number;
  readonly share: number;
  /** Months of the first orders, YYYY-MM. */
  readonly first: string;
  readonly last: string;
}

/** Of the customers whose month after the first order is over: the share who ordered in it; undefined if it is over for none. */
export function retentionOf(cohorts: readonly Cohort[], monthsSince: number): Retention | undefined {
  // The last month of each cohort may not be over.
  const old = cohorts.filter(({ months }) => months.length > monthsSince + 1);
  const customers = old.reduce((sum, cohort) => sum + cohort.customers, 0);
  if (customers === 0) return undefined;
  const back = old.reduce((sum, { months }) => sum + months[monthsSince].customers, 0);
  return { customers, share: back / customers, first: old[0].month, last: old[old.length - 1].month };
}

/** Of all customers whose third month is over: how many ordered in it. */
function headline(cohorts: readonly Cohort[], who: string): string {
  const back = retentionOf(cohorts, LATER);
  if (back === undefined)
    return `These cohorts${who} are too young to tell: none has three whole months behind it.`;
  const { customers, share, first, last } = back;
  const when = first === last ? `in ${first}` : `from ${first} to ${last}`;
  return `Of ${plural(customers, 'customer')}${who} with a first order ${when}, ${formatPercent(share, 0)} ordered in the third month after it.`;
}
