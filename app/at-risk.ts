/** Customers about to leave, with reasons. */
import { atRiskSchema } from './answers.ts';
import type { Connection } from './connection.ts';
import { element, meter, table } from './elements.ts';
import { explanation } from './explanation.ts';
import { amount, count, plural } from './numbers.ts';
import { days } from './terms.ts';

const LISTED = 20;

export async function atRiskSection(connection: Connection): Promise<HTMLElement[]> {
  const found = await connection.call('get_at_risk_customers', { limit: LISTED }, atRiskSchema);
  const { customers, active_customers, scored_as_of, horizon_days, probabilities_are } = found;
  if (customers.length === 0) {
    return [element('p', {}, `As of ${scored_as_of} no customer who still buys is likely to leave.`)];
  }
  const { total_value_at_risk, total_value_low, total_value_high } = found;
  const [low, high] = [total_value_low, total_value_high].map((value) => count(Math.round(value)));
  const atStake = probabilities_are
    ? `${low} to ${high}`
    : `about ${count(Math.round(total_value_at_risk))} (${low} to ${high})`;
  const beware = probabilities_are
    ? `The latest probabilities were ${probabilities_are}: use the order of the list. `
    : '';
  const within = horizon_days === undefined ? '' : ` within ${days(horizon_days)}`;
  return [
    element(
      'p',
      { class: 'note' },
      `${beware}${count(customers.length)} of ${plural(active_customers, 'customer')} who still buy, most value at risk first. At stake over all of them${within} of ${scored_as_of}: ${atStake}. The champion answers. A high risk does not mean that an offer would keep them.`,
    ),
    table(
      'Customers at risk',
      [
        {
          heading: 'Customer',
          cell: ({ customer_id, name }) =>
            name === undefined ? String(customer_id) : `${customer_id}, ${name}`,
          isHeading: true,
        },
        { heading: 'Leaves', cell: ({ churn_probability }) => meter(churn_probability), isNumber: true },
        { heading: 'At risk', cell: ({ value_at_risk }) => amount(value_at_risk), isNumber: true },
        { heading: 'Spent', cell: ({ total_spent }) => amount(total_spent), isNumber: true },
        {
          heading: 'Silent, days',
          cell: ({ days_since_last_order }) => count(days_since_last_order),
          isNumber: true,
        },
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
    ),
  ];
}
