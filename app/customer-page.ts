/** Everything that is known of one customer: risk, orders, reasons, offers. */
import { type Explanation, explanationSchema } from './answers.ts';
import type { Connection } from './connection.ts';
import { element, type Fact, facts } from './elements.ts';
import { told } from './explanation.ts';
import { amount, count, percent } from './numbers.ts';
import { offerList } from './offers.ts';
import { days } from './terms.ts';
import { timeLine } from './time-line.ts';
import { loading, tryAgain } from './waiting.ts';

/** Fills `place` with a customer's page; `close` is called when the person goes back. */
export async function showCustomer(
  id: string,
  { connection, place, close }: { connection: Connection; place: HTMLElement; close: () => void },
): Promise<void> {
  const back = element('button', { type: 'button' }, '← Back to the list');
  back.addEventListener('click', close);
  const heading = element('h3', { tabindex: '-1' }, `Customer ${id}`);
  const controls = element('p', { class: 'controls' }, back);
  const load = async () => {
    place.replaceChildren(controls, heading, loading('Looking'));
    heading.focus();
    try {
      const explained = await connection.call(
        'explain_churn_risk',
        { customer_id: id, label: 'forward' },
        explanationSchema,
      );
      place.replaceChildren(controls, heading, ...pageOf(explained));
    } catch (error) {
      place.replaceChildren(controls, heading, tryAgain(error, load));
    }
  };
  await load();
}

function pageOf(explained: Explanation): HTMLElement[] {
  return [
    facts(factsOf(explained)),
    ...timeLine(explained),
    element(
      'div',
      { class: 'halves' },
      element('section', { class: 'card' }, element('h3', {}, 'Why'), ...told(explained)),
      offers(explained),
    ),
  ];
}

function factsOf({
  churn_probability,
  at_risk_from,
  typical_probability,
  profile,
  horizon_days,
}: Explanation): Fact[] {
  const {
    total_orders,
    total_spent,
    avg_order_value,
    last_order_date,
    days_since_last_order,
    mean_gap_days,
  } = profile;
  const isLapsed = horizon_days !== undefined && days_since_last_order >= horizon_days;
  const verdict = isLapsed
    ? `no order for ${days(horizon_days)} or longer`
    : churn_probability >= at_risk_from
      ? `at risk, as all from ${percent(at_risk_from)}`
      : `not at risk, below ${percent(at_risk_from)}`;
  return [
    { name: 'Likely to leave', value: percent(churn_probability), beside: verdict },
    { name: 'Typical customer', value: percent(typical_probability), beside: 'of those still active' },
    { name: 'Orders', value: count(total_orders), beside: `since ${profile.first_order_date}` },
    { name: 'Spent', value: count(Math.round(total_spent)), beside: `${amount(avg_order_value)} per order` },
    { name: 'Silent', value: days(days_since_last_order), beside: `since ${last_order_date}` },
    {
      name: 'Usual pause',
      value: mean_gap_days === null ? '–' : days(Math.max(1, Math.round(mean_gap_days))),
      beside: mean_gap_days === null ? 'one day with orders' : 'between days with orders',
    },
  ];
}

function offers({ offers: products }: Explanation): HTMLElement {
  return element(
    'section',
    { class: 'card' },
    element('h3', {}, 'To offer'),
    products.length === 0
      ? element('p', { class: 'note' }, 'The page Recommendations trains the model that chooses products.')
      : offerList(products),
  );
}

export interface CustomersWithPages {
  /** What is shown until a customer is opened, and after. */
  readonly listing: HTMLElement;
  readonly page: HTMLElement;
  readonly open: (id: string) => void;
}

/** A place for customers, each of whom can be opened on a page of their own instead. */
export function customersWithPages(connection: Connection): CustomersWithPages {
  const listing = element('div', {});
  const page = element('div', { hidden: '' });
  const showList = (isShown: boolean) => {
    listing.hidden = !isShown;
    page.hidden = isShown;
  };
  const open = (id: string) => {
    const opener = document.activeElement;
    showList(false);
    const close = () => {
      showList(true);
      if (opener instanceof HTMLElement) opener.focus();
    };
    void showCustomer(id, { connection, place: page, close });
  };
  return { listing, page, open };
}
