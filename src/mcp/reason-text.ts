import type { RiskReason } from '../explain/risk-reasons.ts';
import type { RiskTheme } from '../features/risk-theme.ts';
import type { CustomerProfile } from '../scoring/customer-profile.ts';
import { formatAmount, formatCount, plural } from '../text/format.ts';

/**
 * A reason with the customer's own figures and its direction: "silent for 64 days, though an order usually follows after
 * 21". If the figures alone do not tell why they raise or lower the risk, the sentence says that it is so.
 */
export function reasonText({ theme, contribution }: RiskReason, profile: CustomerProfile): string {
  const raises = contribution > 0;
  const { raising, lowering, fact } = SENTENCES[theme](profile);
  const told = raises ? raising : lowering;
  return told ?? `${fact}: customers like this have left ${raises ? 'more' : 'less'} often`;
}

interface Sentences {
  /** Undefined if the figures do not speak for leaving by themselves. */
  readonly raising?: string | undefined;
  readonly lowering?: string | undefined;
  readonly fact: string;
}

/** Above these numbers, orders and products are no longer few. */
const FEW_ORDERS = 5;
const FEW_PRODUCTS = 5;
const QUARTER = 90;
const LONG_GAP = 45;
const HALF_A_YEAR = 180;
const HIGH_DISCOUNT = 10;

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
    fact: `${plural(totalOrders, 'order')} so far`,
  }),
  age: ({ daysSinceFirstOrder: days }) => ({
    raising: days < HALF_A_YEAR ? `new to the shop: first order ${plural(days, 'day')} ago` : undefined,
    lowering: days >= HALF_A_YEAR ? `loyal for ${plural(days, 'day')}` : undefined,
    fact: `first order ${plural(days, 'day')} ago`,
  }),
  spend: spendSentences,
  season: ({ ordersSameSeasonLastYear: orders }) => ({
    raising: orders === 0 ? 'no order in the coming season last year' : undefined,
    lowering:
      orders > 0 ? `ordered in the coming season last year, too: ${plural(orders, 'order')}` : undefined,
    fact: `${plural(orders, 'order')} in the coming season last year`,
  }),
  discount: discountSentences,
  returns: ({ returnedOrders: orders }) => ({
    raising: orders > 0 ? `sent goods back: ${plural(orders, 'order')} returned` : undefined,
    lowering: orders === 0 ? 'never returned an order' : undefined,
    fact: `${plural(orders, 'order')} returned`,
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
    fact: products === 0 ? 'products unknown' : `${plural(products, 'different product')} bought`,
  }),
};

function recencySentences({ daysSinceLastOrder, meanGapDays, totalOrders }: CustomerProfile): Sentences {
  const silence = plural(Math.round(daysSinceLastOrder), 'day');
  const ordered = daysSinceLastOrder === 0 ? 'ordered on the last day' : `ordered ${silence} ago`;
  if (meanGapDays === undefined) {
    const first = totalOrders === 1 ? 'the first order' : 'the first day of orders';
    return {
      raising:
        daysSinceLastOrder === 0
          ? `has not come back yet: ${first} was the last day`
          : `has not come back in the ${silence} since ${first}`,
      lowering: `${ordered}, for the first time`,
      fact: ordered,
    };
  }
  const gap = Math.max(1, Math.round(meanGapDays));
  const usual = plural(gap, 'day');
  return {
    raising:
      daysSinceLastOrder > gap
        ? `silent for ${silence}, though an order usually follows after ${usual}`
        : `silent for ${formatCount(Math.round(daysSinceLastOrder))} of the ${usual} that usually pass between orders`,
    lowering:
      daysSinceLastOrder > gap
        ? `silent for only ${silence}, and an order usually follows after ${usual}`
        : `${ordered}, and usually pauses for ${usual}`,
    fact: ordered,
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
  const few = recent === year ? 'few orders to go by' : 'orders seldom';
  const seldom = year <= FEW_ORDERS ? `${few}: ${orders}` : undefined;
  return {
    raising: recent < even ? `orders less often than before: ${orders}` : seldom,
    lowering: recent > 0 && recent >= even ? `orders as often as ever: ${orders}` : undefined,
    fact: orders,
  };
}

function rhythmSentences({ meanGapDays, longestGapDays }: CustomerProfile): Sentences {
  if (meanGapDays === undefined || longestGapDays === undefined) {
    return {
      raising: 'no habit of ordering yet: all orders on one day',
      fact: 'all orders on one day',
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
    fact: `orders about every ${usual}, the longest pause ${longest}`,
  };
}

function spendSentences({ spentLast90Days, totalSpent, daysSinceFirstOrder }: CustomerProfile): Sentences {
  const isNew = daysSinceFirstOrder <= QUARTER;
  const even = isNew ? totalSpent : (totalSpent * QUARTER) / daysSinceFirstOrder;
  const spent = `${formatAmount(spentLast90Days)} in the last 90 days, ${formatAmount(totalSpent)} in all`;
  return {
    raising: !isNew && spentLast90Days < even ? `spends less than before: ${spent}` : undefined,
    lowering: !isNew && spentLast90Days > even ? `spends more than before: ${spent}` : undefined,
    fact: `spent ${spent}`,
  };
}

function discountSentences({ meanDiscountPercent: percent }: CustomerProfile): Sentences {
  if (percent === undefined) return { fact: 'no discounts recorded' };
  const share = `${percent.toFixed(0)}% on average`;
  return {
    raising: percent > HIGH_DISCOUNT ? `orders at a discount: ${share}` : undefined,
    lowering: percent <= HIGH_DISCOUNT ? `orders without much discount: ${share}` : undefined,
    fact: `orders at ${share} discount`,
  };
}
