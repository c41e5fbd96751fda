/** Customers of an imported table who may leave: the first page, and the whole list, of a home without orders. */
import { exportSchema, type TableRisk, tableRiskSchema } from './answers.ts';
import type { Connection } from './connection.ts';
import { customerAndRisk } from './customer-columns.ts';
import { type Column, element, type Fact, facts, table } from './elements.ts';
import { exportButton } from './export-button.ts';
import { count, percent, plural } from './numbers.ts';
import { PER_PAGE, pager } from './pager.ts';
import { rangeText } from './stake.ts';
import { tryAgain } from './waiting.ts';

/** Customers to call first. */
const FIRST = 5;

export async function tableOverviewSection(connection: Connection): Promise<HTMLElement[]> {
  const found = await listFrom(connection, { limit: FIRST });
  return [
    factsOf(found),
    element(
      'section',
      { class: 'card spaced' },
      element('h3', {}, `Call these ${plural(found.customers.length, 'customer')} first`),
      element('p', { class: 'note' }, `${orderText(found)} The page Customers has all of them.`),
      customerTable(found),
    ),
    element(
      'p',
      { class: 'note' },
      'This comes from the imported table of customers. With orders, this page also shows sales, what changed, and segments.',
    ),
  ];
}

export async function tableCustomersSection(connection: Connection): Promise<HTMLElement[]> {
  const list = element('div', { 'aria-live': 'polite' });
  const load = async (offset: number) => {
    try {
      const found = await listFrom(connection, { limit: PER_PAGE, offset });
      list.replaceChildren(
        element('p', { class: 'note' }, summaryText(found, offset)),
        customerTable(found),
        pager(found.next_offset, offset, load),
      );
    } catch (error) {
      list.replaceChildren(tryAgain(error, () => load(offset)));
    }
  };
  await load(0);
  const write = async () => {
    const args = { label: 'column', limit: 1, export: 'csv' };
    return (await connection.call('get_at_risk_customers', args, exportSchema)).exported;
  };
  return [element('div', { class: 'controls' }, exportButton(write)), list];
}

function listFrom(connection: Connection, page: { limit: number; offset?: number }): Promise<TableRisk> {
  return connection.call('get_at_risk_customers', { label: 'column', ...page }, tableRiskSchema);
}

function factsOf(found: TableRisk): HTMLElement {
  return facts(
    [
      { name: 'Still there', value: count(found.active_customers), beside: 'customers of the table' },
      {
        name: 'More likely than not to leave',
        value: count(found.more_likely_than_not),
        beside: 'of those still there',
      },
      stakeFact(found),
    ],
    'three',
  );
}

function stakeFact(found: TableRisk): Fact {
  const { total_value_at_risk: value, total_value_low: low, total_value_high: high } = found;
  const name = 'At stake';
  if (value === null || low === null || high === null) {
    return { name, value: '–', beside: 'the import named no column of money' };
  }
  const range = rangeText(low, high);
  // The range alone if the latest probabilities were wrong.
  return found.probabilities_are === undefined
    ? { name, value: count(Math.round(value)), beside: range }
    : { name, value: range, beside: `the latest probabilities were ${found.probabilities_are}` };
}

function summaryText(found: TableRisk, offset: number): string {
  const { customers, listed_customers: all, active_customers: active, least_probability: least } = found;
  return `${count(offset + 1)} to ${count(offset + customers.length)} of ${plural(all, 'customer')} with a risk of ${percent(least)} or more, out of ${count(active)} who are still there. ${orderText(found)}`;
}

function orderText({ total_value_at_risk }: TableRisk): string {
  return total_value_at_risk === null ? 'Most likely to leave first.' : 'Most money at stake first.';
}

type Customer = TableRisk['customers'][number];

function customerTable({ customers, total_value_at_risk }: TableRisk): HTMLElement {
  const money: Column<Customer>[] =
    total_value_at_risk === null
      ? []
      : [
          {
            heading: 'At stake',
            isNumber: true,
            cell: ({ value_at_risk: value }) => (value === null ? '–' : count(Math.round(value))),
          },
        ];
  const why: Column<Customer> = {
    heading: 'Why',
    isLong: true,
    cell: ({ reasons }) =>
      reasons.length === 0
        ? 'No strong reason.'
        : element('ul', { class: 'reasons' }, ...reasons.map((reason) => element('li', {}, reason))),
  };
  return table('Customers at risk', [...customerAndRisk<Customer>(), ...money, why], customers, {
    stacks: true,
  });
}
