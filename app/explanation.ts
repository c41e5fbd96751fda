/** The explanation of one customer's risk, requested when it is opened. */
import { type Explanation, explanationSchema } from './answers.ts';
import type { Connection } from './connection.ts';
import { bar, element } from './elements.ts';
import { amount, count, percent, plural } from './numbers.ts';
import { days } from './terms.ts';
import { loading, tryAgain } from './waiting.ts';

export function explanation(customerId: number | string, connection: Connection): HTMLElement {
  const body = element('div', { class: 'explanation', 'aria-live': 'polite' });
  const summary = element(
    'summary',
    {},
    'More',
    element('span', { class: 'visually-hidden' }, ` on customer ${customerId}`),
  );
  const details = element('details', {}, summary, body);
  const load = async () => {
    body.replaceChildren(loading('Explaining the risk'));
    try {
      const args = { customer_id: String(customerId), label: 'forward' };
      body.replaceChildren(...told(await connection.call('explain_churn_risk', args, explanationSchema)));
    } catch (error) {
      body.replaceChildren(tryAgain(error, load));
    }
  };
  details.addEventListener('toggle', () => {
    if (details.open && body.childNodes.length === 0) load();
  });
  return details;
}

/** The risk, the history, and what speaks for leaving and staying. */
export function told(explained: Explanation): HTMLElement[] {
  return [
    element('p', {}, riskText(explained)),
    element('p', {}, historyText(explained)),
    contributions(explained),
    ...outlook(explained).map((text) => element('p', {}, text)),
    element(
      'p',
      { class: 'note' },
      'This is how the model reasons from past orders, not what caused anything.',
    ),
  ];
}

function riskText({
  churn_probability,
  typical_probability,
  horizon_days,
  scored_as_of,
}: Explanation): string {
  const within = horizon_days === undefined ? 'after' : `in the ${days(horizon_days)} after`;
  return `${percent(churn_probability)} likely not to order ${within} ${scored_as_of}; the typical active customer is at ${percent(typical_probability)}.`;
}

function historyText({ profile }: Explanation): string {
  const { total_orders, total_spent, avg_order_value, first_order_date, last_order_date, mean_gap_days } =
    profile;
  if (total_orders === 1) return `One order, on ${first_order_date}, of ${amount(total_spent)}.`;
  const rhythm =
    mean_gap_days === null ? '' : `, one every ${days(Math.max(1, Math.round(mean_gap_days)))} or so`;
  return `${count(total_orders)} orders from ${first_order_date} to ${last_order_date}${rhythm}: ${amount(total_spent)} in all, ${amount(avg_order_value)} each.`;
}

/** Smaller contributions (log-odds) are not shown: they change the odds by less than a twentieth. */
const SLIGHT = 0.05;

/** Each compared with the typical active customer: to the right it raises the risk, to the left it lowers it. */
function contributions({ reasons }: Explanation): HTMLElement {
  const told = reasons.filter(({ contribution }) => Math.abs(contribution) > SLIGHT);
  if (told.length === 0) return element('p', {}, 'This customer does not differ from the typical one.');
  const most = Math.max(...told.map(({ contribution }) => Math.abs(contribution)));
  const items = told.map(({ reason, contribution }) => {
    const raises = contribution > 0;
    return element(
      'li',
      {},
      element('span', {}, reason),
      element('small', { class: 'odds' }, `${raises ? 'raises' : 'lowers'} the risk`),
      bar(Math.abs(contribution) / most, raises ? 'raises' : 'lowers'),
    );
  });
  return element('ul', { class: 'contributions' }, ...items);
}

function outlook({ churn_probability, similar_customers, after_orders }: Explanation): string[] {
  const last = after_orders.at(-1);
  const orders = after_orders.length === 1 ? 'One order' : `${count(after_orders.length)} orders`;
  return [
    ...(similar_customers === null
      ? []
      : [
          `Of ${plural(similar_customers.count, 'customer who was', 'customers who were')} given about ${percent(similar_customers.predicted)} in the evaluation, ${percent(similar_customers.left)} left.`,
        ]),
    ...(last === undefined || last >= churn_probability
      ? []
      : [
          `${orders} of the usual value now would bring the risk from ${percent(churn_probability)} to ${percent(last)}.`,
        ]),
  ];
}
