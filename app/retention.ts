/** How many of each month's new customers came back: a heat map of months of first orders and months since. */
import { type Cohorts, cohortsSchema } from './answers.ts';
import type { Connection } from './connection.ts';
import { element, table } from './elements.ts';
import { count, percent } from './numbers.ts';

const MONTHS = 12;

export async function retentionSection(connection: Connection): Promise<HTMLElement[]> {
  const found = await connection.call('get_cohort_retention', { cohorts: MONTHS }, cohortsSchema);
  if (found.cohorts.length === 0) return [element('p', {}, 'There are no first orders to follow yet.')];
  return [
    element(
      'p',
      { class: 'note' },
      `Each row follows the customers of one month: which share of them ordered again 1, 2, … months later. Darker is more. Up to ${found.as_of}; the last month may be incomplete.`,
    ),
    heatMap(found),
  ];
}

function heatMap({ cohorts }: Cohorts): HTMLElement {
  const longest = Math.max(...cohorts.map(({ retention }) => retention.length));
  const most = Math.max(0.01, ...cohorts.flatMap(({ retention }) => retention.slice(1)));
  const months = table(
    'Retention by month of first order',
    [
      { heading: 'First order', cell: ({ month }) => month, isHeading: true },
      { heading: 'Customers', cell: ({ customers }) => count(customers), isNumber: true },
      ...Array.from({ length: Math.max(0, longest - 1) }, (_, at) => ({
        heading: `${at + 1}`,
        isNumber: true,
        cell: ({ retention }: Cohorts['cohorts'][number]) => heatCell(retention.at(at + 1), most),
      })),
    ],
    cohorts,
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
