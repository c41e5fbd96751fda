import type { RiskReason } from '../explain/risk-reasons.ts';
import type { RiskTheme } from '../features/risk-theme.ts';
import type { DetailFields } from '../registry/card-details.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { CustomerProfile } from '../scoring/customer-profile.ts';
import { formatAmount, formatCount, plural } from '../text/format.ts';

/** A reason as a person reads it. */
export interface ToldReason {
  readonly text: string;
  /** Log-odds; positive raises the risk. */
  readonly contribution: number;
}

/** The median active customer's figures, by feature; none for versions that did not keep them. */
export type TypicalFigures = Readonly<Record<string, number>>;

/** What a version's reasons compare with. */
export function typicalFiguresOf({ details }: ModelCard): TypicalFigures {
  const { typical_customer }: DetailFields = details;
  return typical_customer?.medians ?? {};
}

/**
 * The reasons with the customer's own figures and their direction: "silent for 64 days, though an order usually follows after
 * 21". The model also finds patterns that no person can see in the figures, such as a silence of 0 of 21 days that raises a
 * risk. A person would take such a sentence for an error, so a reason whose figures do not show its direction is left out.
 * A customer whose own habit has not changed may still order less than the typical one: then that is the reason.
 */
export function tellReasons(
  reasons: readonly RiskReason[],
  profile: CustomerProfile,
  typical: TypicalFigures,
): ToldReason[] {
  return reasons.flatMap(({ theme, contribution }) => {
    const { raising, lowering } = SENTENCES[theme](profile);
    const text = contribution > 0 ? (raising ?? BELOW_TYPICAL[theme]?.(profile, typical)) : lowering;
    return text === undefined ? [] : [{ text, contribution }];
  });
}

/** Undefined where the figures do not show the direction. */
interface Sentences {
  readonly raising: string | undefined;
  readonly lowering: string | undefined;
}

/** Above these numbers, orders and products are no longer few. */
const FEW_ORDERS = 5;
const FEW_PRODUCTS = 5;
const QUARTER = 90;
const LONG_GAP = 45;
const HALF_A_YEAR = 180;
const HIGH_DISCOUNT = 10;
const YEAR = 365;
/** Until then nobody can say that a customer without a habit is late. */
const MONTH = 30;

const SENTENCES: Readonly<Record<RiskTheme, (profile: CustomerProfile) => Sentences>> = {
  recency: recencySentences,
  pace: paceSentences,
  rhythm: rhythmSentences,
  history: ({ totalOrders }) => ({
    raising:
      totalOrders <= FEW_ORDERS
        ? `only ${totalOrders === 1 ? 'one order' : plural(totalOrders, 'order')} so far`
        : undefined,
    lowering: totalOrders > 1 ? `has come back: ${plural(totalOrders, 'order')} so far` : undefined,
  }),
  age: ({ daysSinceFirstOrder: days }) => ({
    raising:
      days < HALF_A_YEAR
        ? `new to the shop: first order ${days === 0 ? 'on the last day' : `${plural(days, 'day')} ago`}`
        : undefined,
    lowering: days >= HALF_A_YEAR ? `loyal for ${plural(days, 'day')}` : undefined,
  }),
  spend: spendSentences,
  // Customers who came later cannot have ordered a year ago.
  season: ({ ordersSameSeasonLastYear: orders, daysSinceFirstOrder }) => ({
    raising:
      orders === 0 && daysSinceFirstOrder > YEAR ? 'no order in the coming season last year' : undefined,
    lowering:
      orders > 0 ? `ordered in the coming season last year, too: ${plural(orders, 'order')}` : undefined,
  }),
  discount: discountSentences,
  returns: ({ returnedOrders: orders }) => ({
    raising: orders > 0 ? `sent goods back: ${plural(orders, 'order')} returned` : undefined,
    lowering: orders === 0 ? 'never returned an order' : undefined,
  }),
  variety: ({ distinctProducts: products }) => ({
    raising:
      products > 0 && products <= FEW_PRODUCTS
        ? `knows little of the range: bought only ${products === 1 ? 'one product' : plural(products, 'different product')}`
        : undefined,
    lowering:
      products > FEW_PRODUCTS
        ? `knows the range: bought ${plural(products, 'different product')}`
        : undefined,
  }),
};

/** What a customer has less of than the typical active customer. */
const BELOW_TYPICAL: Partial<
  Readonly<Record<RiskTheme, (profile: CustomerProfile, typical: TypicalFigures) => string | undefined>>
> = {
  history: ({ totalOrders }, { total_orders: typical }) =>
    totalOrders < typical
      ? `fewer orders than is typical: ${formatCount(totalOrders)} so far, against ${formatCount(typical)}`
      : undefined,
  // Customers who came within the 90 days are new, which other reasons tell.
  pace: ({ ordersLast90Days, daysSinceFirstOrder }, { orders_last_90_days: typical }) =>
    daysSinceFirstOrder >= QUARTER && ordersLast90Days < typical
      ? `orders less than is typical: ${plural(ordersLast90Days, 'order')} in the last 90 days, against ${formatCount(typical)}`
      : undefined,
  season: ({ ordersSameSeasonLastYear }, { orders_same_season_last_year: typical }) =>
    ordersSameSeasonLastYear > 0 && ordersSameSeasonLastYear < typical
      ? `ordered less than is typical in the coming season last year: ${plural(ordersSameSeasonLastYear, 'order')}, against ${formatCount(typical)}`
      : undefined,
  spend: ({ spentLast90Days, daysSinceFirstOrder }, { spent_last_90_days: typical }) =>
    daysSinceFirstOrder >= QUARTER && spentLast90Days < typical
      ? `spends less than is typical: ${formatAmount(spentLast90Days)} in the last 90 days, against ${formatAmount(typical)}`
      : undefined,
  variety: ({ distinctProducts }, { distinct_products: typical }) =>
    distinctProducts > 0 && distinctProducts < typical
      ? `knows less of the range than is typical: ${plural(distinctProducts, 'different product')}, against ${formatCount(typical)}`
      : undefined,
};

function recencySentences({ daysSinceLastOrder, meanGapDays, totalOrders }: CustomerProfile): Sentences {
  const silence = plural(Math.round(daysSinceLastOrder), 'day');
  const ordered = daysSinceLastOrder === 0 ? 'ordered on the last day' : `ordered ${silence} ago`;
  if (meanGapDays === undefined) {
    const first = totalOrders === 1 ? 'the first order' : 'the first day of orders';
    const isLate = daysSinceLastOrder >= MONTH;
    return {
      raising: isLate ? `has not come back in the ${silence} since ${first}` : undefined,
      lowering: isLate ? undefined : `${ordered}, for the first time`,
    };
  }
  const gap = Math.max(1, Math.round(meanGapDays));
  const usual = plural(gap, 'day');
  const isLate = daysSinceLastOrder > gap;
  return {
    raising: isLate ? `silent for ${silence}, though an order usually follows after ${usual}` : undefined,
    lowering: isLate ? undefined : `${ordered}, and usually pauses for ${usual}`,
  };
}

function paceSentences({
  ordersLast90Days: recent,
  ordersLast365Days: year,
  daysSinceFirstOrder,
}: CustomerProfile): Sentences {
  // What an even pace since the first order, or over the year, would give in a quarter.
  const even = (year * QUARTER) / Math.min(365, Math.max(QUARTER, daysSinceFirstOrder));
  const orders = `${recent === 0 ? 'no order' : plural(recent, 'order')} in the last 90 days, ${formatCount(year)} in the last 365`;
  // Whoever has no earlier orders is new, which other reasons tell.
  const seldom = year <= FEW_ORDERS && year > recent ? `orders seldom: ${orders}` : undefined;
  return {
    raising: recent < even ? `orders less often than before: ${orders}` : seldom,
    lowering: recent > 0 && recent >= even ? `orders as often as ever: ${orders}` : undefined,
  };
}

function rhythmSentences({ meanGapDays, longestGapDays, totalOrders }: CustomerProfile): Sentences {
  if (meanGapDays === undefined || longestGapDays === undefined) {
    return {
      raising: totalOrders > 1 ? 'no habit of ordering yet: all orders on one day' : undefined,
      lowering: undefined,
    };
  }
  const usual = plural(Math.max(1, Math.round(meanGapDays)), 'day');
  const longest = plural(longestGapDays, 'day');
  const isUneven = longestGapDays >= 2 * meanGapDays;
  const seldom = meanGapDays > LONG_GAP ? `orders only about every ${usual}` : undefined;
  return {
    raising: isUneven ? `orders unevenly: about every ${usual}, but once not for ${longest}` : seldom,
    lowering: isUneven
      ? undefined
      : `orders steadily: about every ${usual}, never more than ${longest} apart`,
  };
}

function spendSentences({ spentLast90Days, totalSpent, daysSinceFirstOrder }: CustomerProfile): Sentences {
  const isNew = daysSinceFirstOrder <= QUARTER;
  const even = isNew ? totalSpent : (totalSpent * QUARTER) / daysSinceFirstOrder;
  const spent = `${formatAmount(spentLast90Days)} in the last 90 days, ${formatAmount(totalSpent)} in all`;
  return {
    raising: !isNew && spentLast90Days < even ? `spends less than before: ${spent}` : undefined,
    lowering: !isNew && spentLast90Days > even ? `spends more than before: ${spent}` : undefined,
  };
}

function discountSentences({ meanDiscountPercent: percent }: CustomerProfile): Sentences {
  if (percent === undefined) return { raising: undefined, lowering: undefined };
  const share = `${percent.toFixed(0)}% on average`;
  return {
    raising: percent > HIGH_DISCOUNT ? `orders at a discount: ${share}` : undefined,
    lowering: percent <= HIGH_DISCOUNT ? `orders without much discount: ${share}` : undefined,
  };
}
