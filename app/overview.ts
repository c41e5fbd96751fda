/** The first page: money at stake, what changed, the trend, and whom to call first. */

import { type AtRisk, atRiskSchema, type Overview, overviewSchema } from './answers.ts';
import { axis, chart, tooltip } from './chart.ts';
import type { Connection } from './connection.ts';
import { customerAndRisk } from './customer-columns.ts';
import { customersWithPages } from './customer-page.ts';
import { element, type Fact, facts, table } from './elements.ts';
import { count, percent, plural } from './numbers.ts';
import { segmentName } from './segments.ts';
import { rangeText } from './stake.ts';
import { days } from './terms.ts';
import { trainButton } from './train-button.ts';

/** Customers to call first. */
const FIRST = 5;

export async function overviewSection(connection: Connection, again: () => void): Promise<HTMLElement[]> {
  const overview = await connection.call('get_shop_overview', {}, overviewSchema);
  const atRisk =
    overview.risk &&
    (await connection.call('get_at_risk_customers', { limit: FIRST, label: 'forward' }, atRiskSchema));
  const { listing, page, open } = customersWithPages(connection);
  listing.append(
    facts([...riskFacts(overview), ...changeFacts(overview)]),
    ...(atRisk ? callFirst(atRisk, open) : [trainButton('forecast', connection, again)]),
    element('div', { class: 'grid' }, revenueChart(overview), segments(overview)),
    element(
      'p',
      { class: 'note' },
      `Active: ordered in the ${days(overview.horizon_days)} before ${overview.as_of}. Compared with ${overview.compared_with}.`,
    ),
  );
  return [listing, page];
}

function riskFacts({ risk, horizon_days }: Overview): Fact[] {
  if (risk === null) return [];
  const isOff = risk.probabilities_are !== undefined;
  const value = isOff
    ? rangeText(risk.total_value_low, risk.total_value_high)
    : count(Math.round(risk.total_value_at_risk));
  const before = isOff
    ? rangeText(risk.value_low_before, risk.value_high_before)
    : count(Math.round(risk.value_at_risk_before));
  return [
    { name: `At stake in the next ${days(horizon_days)}`, value, beside: `before: ${before}` },
    {
      name: 'More likely than not to leave',
      value: count(risk.more_likely_than_not),
      beside: isOff ? `the latest probabilities were ${risk.probabilities_are}` : 'active customers',
    },
  ];
}

function changeFacts(overview: Overview): Fact[] {
  const { customers, active_customers, active_before, newly_lapsed, won_back, new_customers } = overview;
  const since = `since ${overview.compared_with}`;
  return [
    {
      name: 'Active customers',
      value: count(active_customers),
      beside: `of ${count(customers)}; before: ${count(active_before)}`,
    },
    { name: 'No longer active', value: count(newly_lapsed), beside: since },
    { name: 'Active again', value: count(won_back), beside: since },
    { name: 'New customers', value: count(new_customers), beside: since },
  ];
}

function callFirst(
  { customers, horizon_days = 0, probabilities_are }: AtRisk,
  open: (id: string) => void,
): HTMLElement[] {
  if (customers.length === 0) return [element('p', {}, 'No customer who still buys is likely to leave.')];
  return [
    element(
      'section',
      { class: 'card spaced' },
      element('h3', {}, `Call these ${plural(customers.length, 'customer')} first`),
      element(
        'p',
        { class: 'note' },
        `Most money at stake in the next ${days(horizon_days)}. The page Customers has all of them.${probabilities_are ? ` The latest probabilities were ${probabilities_are}, so the amounts are rough.` : ''}`,
      ),
      table(
        'Call first',
        [
          ...customerAndRisk(open),
          {
            heading: 'At stake',
            cell: ({ value_at_risk }) => count(Math.round(value_at_risk)),
            isNumber: true,
          },
          {
            heading: 'Why',
            isLong: true,
            cell: ({ reasons }) => reasons.slice(0, 2).join('; ') || 'No strong reason.',
          },
        ],
        customers,
        { stacks: true },
      ),
    ),
  ];
}

function revenueChart({ months, as_of }: Overview): HTMLElement {
  return chart({
    title: 'Sales by month',
    description: `What customers spent, up to ${as_of}; the last month may be incomplete.`,
    className: 'wide',
    height: 360,
    option: (colors) => ({
      grid: { left: 72, right: 20, top: 12, bottom: 48 },
      tooltip: tooltip(
        colors,
        ([bar]: readonly { name: string; value: number }[]) => `${bar.name}: ${count(Math.round(bar.value))}`,
      ),
      xAxis: {
        type: 'category',
        data: months.map(({ month }) => month),
        axisLabel: { color: colors.muted, hideOverlap: true },
        axisLine: { lineStyle: { color: colors.border } },
      },
      yAxis: axis(colors, '', { min: 0, axisLabel: { formatter: (value: number) => count(value) } }),
      series: [
        {
          type: 'bar',
          barMaxWidth: 32,
          data: months.map(({ revenue }) => revenue),
          itemStyle: { color: colors.first },
        },
      ],
    }),
    columns: [
      { heading: 'Month', cell: ({ month }) => month, isHeading: true },
      { heading: 'Sales', cell: ({ revenue }) => count(Math.round(revenue)), isNumber: true },
      { heading: 'Orders', cell: ({ orders }) => count(orders), isNumber: true },
      { heading: 'Customers', cell: ({ customers }) => count(customers), isNumber: true },
      { heading: 'New', cell: ({ new_customers }) => count(new_customers), isNumber: true },
    ],
    rows: months,
  }).element;
}

function segments(overview: Overview): HTMLElement {
  const { segments: groups, customers, lapsed_customers, lapsed_after_days } = overview;
  return element(
    'section',
    { class: 'card' },
    element('h3', {}, 'Segments'),
    element(
      'p',
      { class: 'note' },
      `${plural(lapsed_customers, 'customer has', 'customers have')} not ordered for more than ${plural(lapsed_after_days, 'day')}.`,
    ),
    table(
      'Segments',
      [
        {
          heading: 'Segment',
          isHeading: true,
          cell: ({ name, rule }) =>
            element('span', {}, segmentName(name), element('small', { class: 'category' }, rule ?? '')),
        },
        { heading: 'Customers', cell: (group) => count(group.customers), isNumber: true },
        { heading: 'Share', cell: (group) => percent(group.customers / customers), isNumber: true },
      ],
      groups,
    ),
  );
}
