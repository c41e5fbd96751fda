/** Offers for customers who were named, in words: what, for how much, how likely, and why. */
import { addDays } from '../features/calendar-day.ts';
import type { OfferReason } from '../recommend/offer-reasons.ts';
import { formatAmount, formatCount, formatPercent, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import { modelText } from './model-text.ts';
import type { RecommendationResult } from './tool-context.ts';

export type OfferedProduct = RecommendationResult['customers'][number]['recommendations'][number];

export interface OffersPage {
  /** How many customers the page asked for. */
  readonly asked: number;
  readonly offset: number;
  /** Follows the number of customers: " at risk". */
  readonly who: string;
  /** A sentence on how these customers were chosen; empty if they were named. */
  readonly choice: string;
}

export function offersText(
  { customers, card, asOf, trainedNow }: RecommendationResult,
  page: OffersPage,
): string {
  if (customers.length === 0) return nothingText(page);
  return [
    `Offers for ${plural(customers.length, 'customer')}${page.who}.${page.choice} ${chanceText({ card, asOf })}`,
    ...customers.flatMap(({ customerId, recommendations }) => [
      '',
      `Customer ${inertMarkdown(String(customerId))}:`,
      ...recommendations.map(offerLine),
    ]),
    '',
    `A chance says what they would buy anyway, not what an offer changes. ${modelText(card, trainedNow)}`,
  ].join('\n');
}

/** One line per customer, also of a segment. */
export function conciseOffersText({
  segment,
  customers,
  card,
  asOf,
  trainedNow,
}: RecommendationResult): string {
  if (customers.length === 0) {
    return segment === undefined ? 'Nothing to offer.' : `No customers found in the '${segment}' segment.`;
  }
  const lines = customers.map(({ customerId, recommendations }) => {
    const products = recommendations.map(
      ({ productName, purchaseProbability }) =>
        `${inertMarkdown(productName)} ${formatPercent(purchaseProbability)}`,
    );
    return `Customer ${inertMarkdown(String(customerId))}: ${products.join('; ')}`;
  });
  return [
    `Offers for ${plural(customers.length, 'customer')}. ${chanceText({ card, asOf })}`,
    ...lines,
    modelText(card, trainedNow),
  ].join('\n');
}

function chanceText({ card, asOf }: Pick<RecommendationResult, 'card' | 'asOf'>): string {
  const days = 'horizon_days' in card.details ? card.details.horizon_days : 0;
  const until = asOf === undefined ? '' : `, up to ${addDays(asOf, days)}`;
  return `Each chance is that of a purchase in the ${plural(days, 'day')} after ${asOf ?? card.as_of}${until}.`;
}

function nothingText({ asked, offset, who }: OffersPage): string {
  if (asked > 0) {
    return `Nothing to offer: none of these customers${who} is known, or they already own every product that sells. find_customers lists ids.`;
  }
  return offset === 0
    ? `Nothing to offer: there are no customers${who}.`
    : `Nothing to offer: the list of customers${who} ends before offset ${formatCount(offset)}.`;
}

/** One offer: what, for how much, how likely, and why. */
export function offerLine(product: OfferedProduct): string {
  const { rank, productName, productCategory, purchaseProbability, reason } = product;
  const category = productCategory === null ? '' : ` (${inertMarkdown(productCategory)})`;
  const price = reason?.price == null ? '' : `, ${formatAmount(reason.price)}`;
  const why = reason === undefined ? '' : `; ${reasonText(reason)}`;
  return `  ${rank}. ${inertMarkdown(productName)}${category}${price}: ${formatPercent(purchaseProbability)}${why}`;
}

/** "bought with Powder Skis by 31% of their buyers", else how many ever bought it. */
export function reasonText({ boughtWith, share, buyers }: OfferReason): string {
  if (boughtWith === null) return `bought by ${plural(buyers, 'customer')}`;
  const often = share === null ? '' : ` by ${formatPercent(share, 0)} of those who bought that`;
  return `bought with ${inertMarkdown(boughtWith)}${often}`;
}
