/** Churn by month, and how many new customers came back: heat maps of months since the first order, by month of it and by segment. */
import { type Cohorts, cohortsSchema } from './answers.ts';
import { churnByMonth } from './churn-by-month.ts';
import type { Connection } from './connection.ts';
import { element, table } from './elements.ts';
import { count, percent } from './numbers.ts';
import { segmentName } from './segments.ts';

const MONTHS = 12;

export async function retentionSection(connection: Connection): Promise<HTMLElement[]> {
  const request = { cohorts: MONTHS };
  const found = await connection.call('get_cohort_retention', request, cohortsSchema);
  if (found.cohorts.length === 0) return [element('p', {}, 'There are no first orders to follow yet.')];
  const bySegment = { ...request, by: 'segment' };
  const { groups } = await connection.call('get_cohort_retention', bySegment, cohortsSchema);
  return [
    ...churnByMonth(found),
    card(
      'Who came back, by month of first order',
      `Each row follows the customers of one month: which share of them ordered again 1, 2, … months later. The stronger the colour, the more. Up to ${found.as_of}; the last month may be incomplete.`,
      heatMap({
        name: 'Retention by month of first order',
        heading: 'First order',
        labelOf: ({ month }: Cohorts['cohorts'][number]) => month,
        sharesOf: ({ retention }) => retention.slice(1),
        rows: found.cohorts,
      }),
    ),
    card(
      'Who came back, by segment',
      'The same customers by the segment that they are in today. A month counts if it is over.',
      heatMap({
        name: 'Retention by segment',
        heading: 'Segment',
        labelOf: ({ name }: Cohorts['groups'][number]) => segmentName(name),
        sharesOf: ({ retention }) => retention,
        rows: groups,
      }),
    ),
  ];
}

function card(title: string, note: string, content: HTMLElement): HTMLElement {
  return element(
    'section',
    { class: 'card spaced' },
    element('h3', {}, title),
    element('p', { class: 'note' }, note),
    content,
  );
}

interface HeatMapRequest<Row> {
  readonly name: string;
  readonly heading: string;
  readonly labelOf: (row: Row) => string;
  /** Of the months 1, 2, … after the first order. */
  readonly sharesOf: (row: Row) => readonly number[];
  readonly rows: readonly Row[];
}

function heatMap<Row extends { readonly customers: number }>({
  name,
  heading,
  labelOf,
  sharesOf,
  rows,
}: HeatMapRequest<Row>): HTMLElement {
  const longest = Math.max(...rows.map((row) => sharesOf(row).length));
  const most = Math.max(0.01, ...rows.flatMap((row) => sharesOf(row)));
  const months = table(
    name,
    [
      { heading, cell: labelOf, isHeading: true },
      { heading: 'Customers', cell: ({ customers }) => count(customers), isNumber: true },
      ...Array.from({ length: Math.max(0, longest) }, (_, at) => ({
        heading: `${at + 1}`,
        isNumber: true,
        cell: (row: Row) => heatCell(sharesOf(row).at(at), most),
      })),
    ],
    rows,
  );
  months.classList.add('heat-map');
  return months;
}

/** The colour repeats the number: a share of the highest in the table. */
function heatCell(share: number | undefined, most: number): HTMLElement | string {
  if (share === undefined) return '';
  const cell = element('span', { class: 'heat' }, percent(share));
  cell.style.setProperty('--heat', percent(share / most));
  return cell;
}
