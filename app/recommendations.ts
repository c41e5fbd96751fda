/** What to offer whom: by segment, by customer, or by product. */
import { type Recommendations, recommendationsSchema } from './answers.ts';
import type { Connection } from './connection.ts';
import { chooser, element, meter, table } from './elements.ts';
import { offerList } from './offers.ts';
import { SEGMENTS } from './segments.ts';
import { days } from './terms.ts';
import { loading, tryAgain } from './waiting.ts';

const CUSTOMERS = 12;
const PRODUCTS = 3;
/** For one customer alone. */
const MORE_PRODUCTS = 10;

/** Whom or what the offers are asked for. */
const WAYS = [
  ['segment', 'a segment'],
  ['customer', 'a customer'],
  ['product', 'a product'],
] as const;
type Way = (typeof WAYS)[number][0];

export async function recommendationsSection(connection: Connection): Promise<HTMLElement[]> {
  const way = chooser('way', WAYS);
  const segment = chooser('segment', SEGMENTS);
  const search = element('input', { type: 'search', id: 'wanted', 'aria-label': 'Id or name' });
  const find = element('button', {}, 'Find');
  const list = element('div', { 'aria-live': 'polite' });
  let asked = 0;
  const load = async () => {
    const turn = ++asked;
    const show = (...parts: HTMLElement[]) => {
      // The person has chosen something else meanwhile.
      if (turn === asked) list.replaceChildren(...parts);
    };
    const chosen = wayOf(way.value);
    const wanted = search.value.trim();
    if (chosen !== 'segment' && wanted === '') return show(element('p', { class: 'note' }, ASKS[chosen]));
    show(loading('Choosing products'));
    try {
      show(...(await answerTo(chosen, chosen === 'segment' ? segment.value : wanted, connection)));
    } catch (error) {
      show(tryAgain(error, load));
    }
  };
  const form = element(
    'form',
    { class: 'controls', role: 'search' },
    element('label', {}, 'Offers for ', way),
    element('label', { id: 'segment-choice' }, 'Segment ', segment),
    element('span', { id: 'search-choice', hidden: '' }, search, ' ', find),
  );
  way.addEventListener('change', () => {
    const isSegment = way.value === 'segment';
    segment.closest('label')?.toggleAttribute('hidden', !isSegment);
    search.closest('span')?.toggleAttribute('hidden', isSegment);
    search.value = '';
    search.setAttribute('aria-label', way.value === 'product' ? 'Product id or name' : 'Customer id');
    load();
  });
  segment.addEventListener('change', load);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    load();
  });
  await load();
  return [form, list];
}

const ASKS = {
  customer: 'Give the id of a customer, to see what to offer.',
  product: 'Give the id or the name of a product, to see who would buy it.',
} as const;

function wayOf(value: string): Way {
  return WAYS.find(([way]) => way === value)?.[0] ?? 'segment';
}

async function answerTo(way: Way, wanted: string, connection: Connection): Promise<HTMLElement[]> {
  if (way === 'product') {
    const args = { product: wanted, n_customers: CUSTOMERS };
    return buyers(await connection.call('get_product_recommendations', args, recommendationsSchema));
  }
  const args =
    way === 'customer'
      ? { customer_ids: [wanted], n_products: MORE_PRODUCTS }
      : { segment: wanted, n_customers: CUSTOMERS, n_products: PRODUCTS };
  return offers(await connection.call('get_product_recommendations', args, recommendationsSchema), way);
}

/** Who would buy a product; each with the chance and the reason. */
function buyers({ customers, as_of }: Recommendations): HTMLElement[] {
  if (customers.length === 0)
    return [element('p', {}, 'Nobody is likely to buy this product who has not done so.')];
  const name = customers[0].recommendations.at(0)?.product_name ?? 'the product';
  return [
    element('h3', {}, `Who would buy ${name}`),
    element(
      'p',
      { class: 'note' },
      `Customers who never bought it, likeliest first. The model was trained on orders up to ${as_of}.`,
    ),
    table(
      'Likely buyers',
      [
        { heading: 'Customer', isHeading: true, cell: ({ customer_id }) => String(customer_id) },
        {
          heading: 'Buys it',
          isNumber: true,
          cell: ({ recommendations }) => meter(recommendations.at(0)?.purchase_probability ?? 0, 1),
        },
        { heading: 'Why', isLong: true, cell: ({ recommendations }) => recommendations.at(0)?.reason ?? '' },
      ],
      customers,
      { stacks: true },
    ),
  ];
}

function offers({ customers, horizon_days, as_of }: Recommendations, way: Way): HTMLElement[] {
  if (customers.length === 0) return [element('p', {}, 'No customers are in this segment.')];
  const within = horizon_days === undefined ? '' : ` within ${days(horizon_days)}`;
  const who =
    way === 'segment' ? 'Customers of the segment who have been away longest, and products' : 'Products';
  return [
    element(
      'p',
      { class: 'note' },
      `${who} they never bought, the best first, each with the chance that they buy it${within}. The model was trained on orders up to ${as_of}.`,
    ),
    element('div', { class: 'cards' }, ...customers.map(customerCard)),
  ];
}

function customerCard({ customer_id, recommendations }: Recommendations['customers'][number]): HTMLElement {
  return element(
    'section',
    { class: 'card' },
    element('h3', {}, `Customer ${customer_id}`),
    recommendations.length === 0
      ? element('p', { class: 'note' }, 'Has bought everything.')
      : offerList(recommendations),
  );
}
