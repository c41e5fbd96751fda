/** Customers about to leave, and what to offer whom. */
import { atRiskSchema, explanationSchema, recommendationsSchema } from './answers.ts';
import type { Connection } from './connection.ts';
import { element, table } from './elements.ts';
import { amount, count, percent } from './numbers.ts';
import { loading, tryAgain } from './waiting.ts';

const LISTED = 20;

export async function atRiskSection(connection: Connection): Promise<HTMLElement[]> {
  const found = await connection.call('get_at_risk_customers', { limit: LISTED }, atRiskSchema);
  if (found.customers.length === 0) return [element('p', {}, 'Nobody who still buys is likely to leave.')];
  const atStake = found.customers.reduce((sum, { value_at_risk }) => sum + value_at_risk, 0);
  return [
    element(
      'p',
      { class: 'note' },
      `${count(found.customers.length)} of ${count(found.active_customers)} customers who still buy, most value at risk first: ${amount(atStake)} in all, as of ${found.scored_as_of}. A high risk does not mean that an offer would keep them.`,
    ),
    table(
      'Customers at risk',
      [
        {
          heading: 'Customer',
          cell: ({ customer_id, name }) =>
            name === undefined ? String(customer_id) : `${customer_id}, ${name}`,
        },
        { heading: 'Leaves', cell: ({ churn_probability }) => percent(churn_probability), isNumber: true },
        { heading: 'At risk', cell: ({ value_at_risk }) => amount(value_at_risk), isNumber: true },
        { heading: 'Spent', cell: ({ total_spent }) => amount(total_spent), isNumber: true },
        {
          heading: 'Silent, days',
          cell: ({ days_since_last_order }) => count(days_since_last_order),
          isNumber: true,
        },
        {
          heading: 'Why',
          cell: ({ customer_id, reasons }) =>
            element(
              'div',
              {},
              element('ul', { class: 'reasons' }, ...reasons.map((reason) => element('li', {}, reason))),
              explanation(customer_id, connection),
            ),
        },
      ],
      found.customers,
      { stacks: true },
    ),
  ];
}

/** Asked for when it is opened. */
function explanation(customerId: number | string, connection: Connection): HTMLElement {
  const body = element('div', { 'aria-live': 'polite' });
  const summary = element(
    'summary',
    {},
    'More',
    element('span', { class: 'visually-hidden' }, ` on customer ${customerId}`),
  );
  const details = element('details', {}, summary, body);
  const load = async () => {
    body.replaceChildren(loading('Looking into it'));
    try {
      const { text } = await connection.call(
        'explain_churn_risk',
        { customer_id: customerId },
        explanationSchema,
      );
      body.replaceChildren(element('pre', {}, text));
    } catch (error) {
      body.replaceChildren(tryAgain(error, load));
    }
  };
  details.addEventListener('toggle', () => {
    if (details.open && body.childNodes.length === 0) load();
  });
  return details;
}

const SEGMENTS = [
  ['LOW_ENGAGEMENT', 'Low engagement'],
  ['HIGH_VALUE_INACTIVE', 'High value, inactive'],
  ['AT_RISK', 'At risk'],
  ['NEW_CUSTOMERS', 'New customers'],
  ['HIGH_VALUE_ACTIVE', 'High value, active'],
  ['REGULAR', 'Regular'],
] as const;

export async function recommendationsSection(connection: Connection): Promise<HTMLElement[]> {
  const picker = element(
    'select',
    { id: 'segment' },
    ...SEGMENTS.map(([value, name]) => element('option', { value }, name)),
  );
  const list = element('div', { 'aria-live': 'polite' });
  const load = async () => {
    list.replaceChildren(loading('Choosing products'));
    try {
      list.replaceChildren(await recommendationsOf(picker.value, connection));
    } catch (error) {
      list.replaceChildren(tryAgain(error, load));
    }
  };
  picker.addEventListener('change', load);
  await load();
  return [element('p', {}, element('label', { for: 'segment' }, 'Segment '), picker), list];
}

async function recommendationsOf(segment: string, connection: Connection): Promise<HTMLElement> {
  const args = { segment, n_customers: 10, n_products: 3 };
  const { customers } = await connection.call('get_product_recommendations', args, recommendationsSchema);
  if (customers.length === 0) return element('p', {}, 'No customers are in this segment.');
  const rows = customers.flatMap(({ customer_id, recommendations }) =>
    recommendations.map((product) => ({ customer_id, ...product })),
  );
  return table(
    'Products by customer',
    [
      { heading: 'Customer', cell: ({ customer_id, rank }) => (rank === 1 ? String(customer_id) : '') },
      { heading: 'Product', cell: ({ rank, product_name }) => `${rank}. ${product_name}` },
      { heading: 'Category', cell: ({ product_category }) => product_category ?? '' },
      {
        heading: 'Buys it',
        cell: ({ purchase_probability }) => percent(purchase_probability, 1),
        isNumber: true,
      },
    ],
    rows,
  );
}
