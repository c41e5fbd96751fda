/** What to offer whom, by segment. */
import { type Recommendations, recommendationsSchema } from './answers.ts';
import type { Connection } from './connection.ts';
import { element, meter } from './elements.ts';
import { SEGMENTS } from './segments.ts';
import { days } from './terms.ts';
import { loading, tryAgain } from './waiting.ts';

const CUSTOMERS = 12;
const PRODUCTS = 3;

export async function recommendationsSection(connection: Connection): Promise<HTMLElement[]> {
  const picker = element(
    'select',
    { id: 'segment' },
    ...SEGMENTS.map(([value, name]) => element('option', { value }, name)),
  );
  const list = element('div', { 'aria-live': 'polite' });
  let asked = 0;
  const load = async () => {
    const turn = ++asked;
    const show = (...parts: HTMLElement[]) => {
      // The person has chosen another segment meanwhile.
      if (turn === asked) list.replaceChildren(...parts);
    };
    show(loading('Choosing products'));
    try {
      const args = { segment: picker.value, n_customers: CUSTOMERS, n_products: PRODUCTS };
      show(...offers(await connection.call('get_product_recommendations', args, recommendationsSchema)));
    } catch (error) {
      show(tryAgain(error, load));
    }
  };
  picker.addEventListener('change', load);
  await load();
  return [element('p', {}, element('label', { for: 'segment' }, 'Segment '), picker), list];
}

function offers({ customers, horizon_days, as_of }: Recommendations): HTMLElement[] {
  if (customers.length === 0) return [element('p', {}, 'No customers are in this segment.')];
  const within = horizon_days === undefined ? '' : ` within ${days(horizon_days)}`;
  return [
    element(
      'p',
      { class: 'note' },
      `Customers of the segment who have been away longest, and products they never bought, each with the chance that they buy it${within}. The champion answers, with data up to ${as_of}.`,
    ),
    element('div', { class: 'cards' }, ...customers.map(customerCard)),
  ];
}

function customerCard({ customer_id, recommendations }: Recommendations['customers'][number]): HTMLElement {
  const products = recommendations.map(({ product_name, product_category, purchase_probability }) =>
    element(
      'li',
      {},
      product_name,
      ...(product_category === null ? [] : [element('small', { class: 'category' }, product_category)]),
      meter(purchase_probability, 1),
    ),
  );
  return element(
    'section',
    { class: 'card' },
    element('h3', {}, `Customer ${customer_id}`),
    recommendations.length === 0
      ? element('p', { class: 'note' }, 'Has bought everything.')
      : element('ol', { class: 'offers' }, ...products),
  );
}
