/** Customers about to leave: found, filtered, paged, exported. */

import { type AtRisk, atRiskSchema, exportSchema } from './answers.ts';
import type { Connection } from './connection.ts';
import { customerAndRisk } from './customer-columns.ts';
import { customersWithPages } from './customer-page.ts';
import { chooser, element, table } from './elements.ts';
import { explanation } from './explanation.ts';
import { exportButton } from './export-button.ts';
import { count, percent, plural } from './numbers.ts';
import { PER_PAGE, pager } from './pager.ts';
import { SEGMENTS } from './segments.ts';
import { stakeText } from './stake.ts';
import { days } from './terms.ts';
import { tryAgain } from './waiting.ts';

/** What the person has chosen. */
interface Choice {
  /** Undefined: from where customers count as at risk. */
  leastProbability: number | undefined;
  segment: string;
  sortBy: string;
  /** Name or category of a product; empty for all customers. */
  bought: string;
  leastSpent: number | undefined;
  offset: number;
}

const ORDERS = [
  ['value_at_risk', 'most at stake'],
  ['churn_probability', 'most likely to leave'],
  ['days_since_last_order', 'longest silent'],
  ['total_spent', 'highest spend'],
] as const;

export async function customersSection(connection: Connection): Promise<HTMLElement[]> {
  const choice: Choice = {
    leastProbability: undefined,
    segment: '',
    sortBy: ORDERS[0][0],
    bought: '',
    leastSpent: undefined,
    offset: 0,
  };
  const list = element('div', { 'aria-live': 'polite' });
  let asked = 0;
  const load = async () => {
    const turn = ++asked;
    try {
      const found = await connection.call('get_at_risk_customers', argumentsOf(choice), atRiskSchema);
      // The person has chosen something else meanwhile.
      if (turn !== asked) return;
      threshold.show(choice.leastProbability ?? found.least_probability);
      list.replaceChildren(...listOf(found, choice, { connection, load, open }));
    } catch (error) {
      if (turn === asked) list.replaceChildren(tryAgain(error, load));
    }
  };
  const change = (part: Partial<Choice>) => {
    Object.assign(choice, { offset: 0 }, part);
    load();
  };
  const threshold = thresholdSlider((leastProbability) => change({ leastProbability }));
  const { listing, page, open } = customersWithPages(connection);
  const controls = element(
    'div',
    { class: 'controls' },
    threshold.element,
    picker('customers-segment', 'Segment ', [['', 'All'], ...SEGMENTS], (segment) => change({ segment })),
    picker('customers-order', 'First ', ORDERS, (sortBy) => change({ sortBy })),
    field('search', 'Bought ', (bought) => change({ bought })),
    field('number', 'Spent at least ', (text) =>
      change({ leastSpent: text === '' ? undefined : Number(text) }),
    ),
    exportButton(() => writeList(choice, connection)),
  );
  listing.append(customerSearch(open), controls, list);
  await load();
  return [listing, page];
}

function argumentsOf({ leastProbability, segment, sortBy, bought, leastSpent, offset }: Choice) {
  const filter = {
    ...(segment !== '' && { segment }),
    ...(bought !== '' && { bought }),
    ...(leastSpent !== undefined && { min_spent: leastSpent }),
  };
  return {
    limit: PER_PAGE,
    offset,
    label: 'forward',
    sort_by: sortBy,
    ...(leastProbability !== undefined && { min_probability: leastProbability }),
    ...(Object.keys(filter).length > 0 && { filter }),
  };
}

/** Writes the whole list, whatever page is shown. */
async function writeList(choice: Choice, connection: Connection) {
  const args = { ...argumentsOf({ ...choice, offset: 0 }), limit: 1, export: 'csv' };
  return (await connection.call('get_at_risk_customers', args, exportSchema)).exported;
}

function thresholdSlider(onMove: (leastProbability: number) => void) {
  const slider = element('input', {
    type: 'range',
    id: 'least-probability',
    min: '0',
    max: '1',
    step: '0.01',
  });
  const output = element('output', { for: 'least-probability' });
  const show = (share: number) => {
    slider.value = String(share);
    output.textContent = percent(share);
    slider.setAttribute('aria-valuetext', percent(share));
  };
  slider.addEventListener('input', () => show(Number(slider.value)));
  slider.addEventListener('change', () => onMove(Number(slider.value)));
  const label = element(
    'label',
    { for: 'least-probability' },
    'List customers whose risk is at least ',
    output,
  );
  return { element: element('div', { class: 'slider' }, label, slider), show };
}

function picker(
  id: string,
  name: string,
  options: readonly (readonly [string, string])[],
  onChoose: (value: string) => void,
): HTMLElement {
  const choice = chooser(id, options);
  choice.addEventListener('change', () => onChoose(choice.value));
  return element('label', {}, name, choice);
}

/** Text that counts once the person is done with it. */
function field(type: 'search' | 'number', name: string, onChoose: (text: string) => void): HTMLElement {
  const input = element('input', { type, ...(type === 'number' && { min: '0', step: 'any' }) });
  input.addEventListener('change', () => onChoose(input.value.trim()));
  return element('label', {}, name, input);
}

/** One customer by the shop's id: opens their page. */
function customerSearch(open: (id: string) => void): HTMLElement {
  const input = element('input', {
    type: 'search',
    name: 'customer',
    required: '',
    'aria-label': 'Customer id',
    placeholder: 'Customer id',
  });
  const form = element(
    'form',
    { class: 'controls', role: 'search' },
    input,
    element('button', {}, 'Find customer'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const id = input.value.trim();
    if (id !== '') open(id);
  });
  return form;
}

interface ListActions {
  readonly connection: Connection;
  readonly load: () => void;
  /** Shows the page of a customer. */
  readonly open: (id: string) => void;
}

function listOf(found: AtRisk, choice: Choice, actions: ListActions): HTMLElement[] {
  if (found.customers.length === 0) {
    return [
      element(
        'p',
        {},
        `No customer who still buys is as likely to leave as that, as of ${found.scored_as_of}.`,
      ),
    ];
  }
  return [
    element('p', { class: 'note' }, summaryText(found, choice)),
    customerTable(found, actions),
    pager(found.next_offset, choice.offset, (offset) => {
      choice.offset = offset;
      actions.load();
    }),
  ];
}

/** The customers and the money of the whole list: both follow the threshold. */
function summaryText(found: AtRisk, { offset }: Choice): string {
  const { customers, listed_customers, active_customers, horizon_days = 0, probabilities_are } = found;
  const stake = stakeText(
    { value: found.listed_value_at_risk, low: found.listed_value_low, high: found.listed_value_high },
    probabilities_are !== undefined,
  );
  const beware = probabilities_are
    ? ` The latest probabilities were ${probabilities_are}: use the order of the list; the amounts in it are rough.`
    : '';
  return `${count(offset + 1)} to ${count(offset + customers.length)} of ${count(listed_customers)}, from ${plural(active_customers, 'customer')} who still buy. At stake over all ${count(listed_customers)} within ${days(horizon_days)} of ${found.scored_as_of}: ${stake}.${beware} A high risk does not mean that an offer would keep them.`;
}

function customerTable({ customers }: AtRisk, { connection, open }: ListActions): HTMLElement {
  return table(
    'Customers at risk',
    [
      ...customerAndRisk(open),
      {
        heading: 'At stake',
        cell: ({ value_at_risk }) => count(Math.round(value_at_risk)),
        isNumber: true,
      },
      { heading: 'Spent', cell: ({ total_spent }) => count(Math.round(total_spent)), isNumber: true },
      { heading: 'Silent, days', cell: (customer) => count(customer.days_since_last_order), isNumber: true },
      {
        heading: 'Why',
        isLong: true,
        cell: ({ customer_id, reasons }) =>
          element(
            'div',
            { class: 'why' },
            reasons.length === 0
              ? 'No strong reason.'
              : element('ul', { class: 'reasons' }, ...reasons.map((reason) => element('li', {}, reason))),
            explanation(customer_id, connection),
          ),
      },
    ],
    customers,
    { stacks: true },
  );
}
