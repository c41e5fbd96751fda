/** Who would buy a product, in words. */
import { addDays } from '../features/calendar-day.ts';
import { CONSIDERED_CUSTOMERS } from '../recommend/product-buyers.ts';
import { formatAmount, formatCount, formatPercent, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import { modelText } from './model-text.ts';
import { reasonText } from './offers-text.ts';
import type { ResponseFormat } from './schemas.ts';
import type { ProductBuyer, ProductBuyers } from './tool-context.ts';

export interface BuyersPage {
  readonly offset: number;
  /** Whether customers were named. */
  readonly isNamed: boolean;
  readonly format: ResponseFormat;
}

export function productBuyersText(found: ProductBuyers, page: BuyersPage): string {
  const { card, asOf, customers, listableCustomers, unlikely } = found;
  const name = inertMarkdown(found.product.name);
  const days = 'horizon_days' in card.details ? card.details.horizon_days : 0;
  const last = page.offset + customers.length;
  const list = [
    headline(found, page),
    ...customers.map((buyer, i) => buyerLine(buyer, page.offset + i + 1)),
    ...unlikely.map(
      (id) =>
        `Customer ${inertMarkdown(id)}: unlikely, or unknown. Nothing they bought is often bought with ${name}, and it is none of the products that sell most.`,
    ),
    ...(last < listableCustomers ? [`The list goes on: offset ${last} shows the next.`] : []),
  ];
  const chance = `Chance of a purchase in the ${plural(days, 'day')} after ${asOf}, up to ${addDays(asOf, days)}.`;
  const model = modelText(card);
  if (page.format === 'concise') return [...list, chance, model].join('\n');
  return [
    ...list,
    '',
    `${chance}${page.isNamed ? '' : ` Looked at: up to ${formatCount(CONSIDERED_CUSTOMERS)} customers who never bought it, those first who own what is often bought with it and ordered lately.`}`,
    `Who bought it already: find_customers with bought. A chance says what they would buy anyway, not what an offer changes. ${model}`,
  ].join('\n');
}

function headline({ product, customers, listableCustomers }: ProductBuyers, { isNamed }: BuyersPage): string {
  const category = product.category === null ? '' : `, ${inertMarkdown(product.category)}`;
  const price = product.price === null ? '' : `, ${formatAmount(product.price)}`;
  const what = `${inertMarkdown(product.name)} (${inertMarkdown(String(product.productId))}${category}${price})`;
  if (listableCustomers === 0) return `Nobody is likely to buy ${what}.`;
  if (customers.length === 0) return `${what}: the list ends at ${plural(listableCustomers, 'customer')}.`;
  if (isNamed)
    return `How likely ${customers.length === 1 ? 'this customer buys' : 'these customers buy'} ${what}:`;
  return `Who is likeliest to buy ${what}: ${formatCount(customers.length)} of ${plural(listableCustomers, 'customer')} with a tie to it.`;
}

function buyerLine(
  { customerId, purchaseProbability, timesBought, reason }: ProductBuyer,
  position: number,
): string {
  const bought = timesBought === 0 ? '' : `; bought it ${plural(timesBought, 'time')} before`;
  const why = reason === undefined ? '' : `; ${reasonText(reason)}`;
  return `${formatCount(position)}. Customer ${inertMarkdown(String(customerId))}: ${formatPercent(purchaseProbability)}${bought}${why}`;
}
