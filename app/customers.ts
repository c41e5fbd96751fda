/** Customers about to leave: found, filtered, paged, exported. */

import { type AtRisk, atRiskSchema, exportSchema } from './answers.ts';
import type { Connection } from './connection.ts';
import { CUSTOMER_AND_RISK } from './customer-columns.ts';
import { element, table } from './elements.ts';
import { explanation, explanationOf } from './explanation.ts';
import { amount, count, percent, plural } from './numbers.ts';
import { SEGMENTS } from './segments.ts';
import { stakeText } from './stake.ts';
import { days } from './terms.ts';
import { loading, tryAgain } from './waiting.ts';

const PER_PAGE = 20;

/** What the person has chosen. */
interface Choice {
  /** Undefined: from where customers count as at risk. */
  leastProbability: number | undefined;
  segment: string;
  offset: number;
}

export async function customersSection(connection: Connection): Promise<HTMLElement[]> {
  const choice: Choice = { leastProbability: undefined, segment: '', offset: 0 };
  const list = element('div', { 'aria-live': 'polite' });
  let asked = 0;
  const load = async () => {
    const turn = ++asked;
    try {
      const found = await connection.call('get_at_risk_customers', argumentsOf(choice), atRiskSchema);
      // The person has chosen something else meanwhile.
      if (turn !== asked) return;
      threshold.show(choice.leastProbability ?? found.least_probability);
      list.replaceChildren(...listOf(found, choice, { connection, load }));
    } catch (error) {
      if (turn === asked) list.replaceChildren(tryAgain(error, load));
    }
  };
  const change = (part: Partial<Choice>) => {
    Object.assign(choice, { offset: 0 }, part);
    load();
  };
  const threshold = thresholdSlider((leastProbability) => change({ leastProbability }));
  const search = customerSearch(connection);
  const controls = element(
    'div',
    { class: 'controls' },
    threshold.element,
    segmentPicker((segment) => change({ segment })),
    exportButton(connection, choice),
  );
  await load();
  return [search, controls, list];
}

function argumentsOf({ leastProbability, segment, offset }: Choice) {
  return {
    limit: PER_PAGE,
    offset,
    ...(leastProbability !== undefined && { min_probability: leastProbability }),
    ...(segment !== '' && { filter: { segment } }),
  };
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

function segmentPicker(onChoose: (segment: string) => void): HTMLElement {
  const picker = element(
    'select',
    { id: 'customers-segment' },
    element('option', { value: '' }, 'All'),
    ...SEGMENTS.map(([value, name]) => element('option', { value }, name)),
  );
  picker.addEventListener('change', () => onChoose(picker.value));
  return element('label', {}, 'Segment ', picker);
}

/** One customer by the shop's id: everything that is known of them. */
function customerSearch(connection: Connection): HTMLElement {
  const input = element('input', {
    type: 'search',
    name: 'customer',
    required: '',
    'aria-label': 'Customer id',
  });
  const found = element('div', { 'aria-live': 'polite' });
  const form = element(
    'form',
    { class: 'controls', role: 'search' },
    input,
    element('button', {}, 'Find customer'),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const id = input.value.trim();
    if (id === '') return;
    found.replaceChildren(loading('Looking'));
    try {
      const told = await explanationOf(id, connection);
      found.replaceChildren(
        element('section', { class: 'card' }, element('h3', {}, `Customer ${id}`), ...told),
      );
    } catch (error) {
      found.replaceChildren(tryAgain(error, () => form.requestSubmit()));
    }
  });
  return element('div', {}, form, found);
}

/** Writes the whole list, whatever page is shown. */
function exportButton(connection: Connection, choice: Choice): HTMLElement {
  const button = element('button', { type: 'button' }, 'Write the list to a file');
  const said = element('p', { class: 'note', role: 'status' });
  button.addEventListener('click', async () => {
    said.textContent = 'Writing…';
    try {
      const args = { ...argumentsOf({ ...choice, offset: 0 }), limit: 1, export: 'csv' };
      const { exported } = await connection.call('get_at_risk_customers', args, exportSchema);
      said.textContent = `${plural(exported.rows, 'customer')} in ${exported.path ?? exported.name}.`;
    } catch (error) {
      said.textContent = error instanceof Error ? error.message : 'The list could not be written.';
    }
  });
  return element('div', {}, button, said);
}

interface ListActions {
  readonly connection: Connection;
  readonly load: () => void;
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
    customerTable(found, actions.connection),
    pager(found, choice, actions.load),
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
    ? ` The latest probabilities were ${probabilities_are}: use the order of the list.`
    : '';
  return `${count(offset + 1)} to ${count(offset + customers.length)} of ${count(listed_customers)}, from ${plural(active_customers, 'customer')} who still buy, most value at risk first. At stake over all ${count(listed_customers)} within ${days(horizon_days)} of ${found.scored_as_of}: ${stake}.${beware} A high risk does not mean that an offer would keep them.`;
}

function customerTable({ customers }: AtRisk, connection: Connection): HTMLElement {
  return table(
    'Customers at risk',
    [
      ...CUSTOMER_AND_RISK,
      { heading: 'At risk', cell: ({ value_at_risk }) => amount(value_at_risk), isNumber: true },
      { heading: 'Spent', cell: ({ total_spent }) => amount(total_spent), isNumber: true },
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

function pager({ next_offset }: AtRisk, choice: Choice, load: () => void): HTMLElement {
  const button = (name: string, offset: number | null) => {
    const made = element('button', { type: 'button', ...(offset === null && { disabled: '' }) }, name);
    made.addEventListener('click', () => {
      choice.offset = offset ?? 0;
      load();
    });
    return made;
  };
  const before = choice.offset === 0 ? null : Math.max(0, choice.offset - PER_PAGE);
  return element(
    'p',
    { class: 'controls' },
    button('Previous page', before),
    button('Next page', next_offset),
  );
}
