import type { RiskTheme } from '../features/risk-theme.ts';
import type { CustomerProfile } from '../scoring/customer-profile.ts';
import { formatAmount, formatCount, plural } from '../text/format.ts';

/** Describes a theme with the customer's own figures: "no order for 64 days, usually one every 21". */
export function reasonText(theme: RiskTheme, profile: CustomerProfile): string {
  return SENTENCES[theme](profile);
}

const SENTENCES: Readonly<Record<RiskTheme, (profile: CustomerProfile) => string>> = {
  recency: ({ daysSinceLastOrder, meanGapDays }) => {
    const silent =
      daysSinceLastOrder === 0
        ? 'ordered on the last day'
        : `no order for ${plural(Math.round(daysSinceLastOrder), 'day')}`;
    return meanGapDays === undefined
      ? `${silent}, and only one day with orders before`
      : `${silent}, usually one every ${plural(Math.max(1, Math.round(meanGapDays)), 'day')}`;
  },
  pace: ({ ordersLast90Days, ordersLast365Days }) =>
    `${ordersLast90Days === 0 ? 'no order' : plural(ordersLast90Days, 'order')} in the last 90 days, ${formatCount(ordersLast365Days)} in the last 365`,
  rhythm: ({ meanGapDays, longestGapDays }) =>
    meanGapDays === undefined || longestGapDays === undefined
      ? 'no rhythm yet: one day with orders'
      : `orders about every ${plural(Math.max(1, Math.round(meanGapDays)), 'day')}, the longest pause ${plural(longestGapDays, 'day')}`,
  history: ({ totalOrders }) =>
    totalOrders === 1 ? 'only one order so far' : `${plural(totalOrders, 'order')} so far`,
  age: ({ daysSinceFirstOrder }) => `first order ${plural(daysSinceFirstOrder, 'day')} ago`,
  spend: ({ spentLast90Days, totalSpent }) =>
    `spent ${formatAmount(spentLast90Days)} in the last 90 days, ${formatAmount(totalSpent)} in all`,
  season: ({ ordersSameSeasonLastYear }) =>
    ordersSameSeasonLastYear === 0
      ? 'no order in the coming season last year'
      : `${plural(ordersSameSeasonLastYear, 'order')} in the coming season last year`,
  discount: ({ meanDiscountPercent }) =>
    meanDiscountPercent === undefined
      ? 'no discounts recorded'
      : `orders at ${meanDiscountPercent.toFixed(0)}% discount on average`,
  returns: ({ returnedOrders }) =>
    returnedOrders === 0 ? 'nothing returned' : `${plural(returnedOrders, 'order')} returned`,
  variety: ({ distinctProducts }) =>
    distinctProducts === 0 ? 'no products known' : `${plural(distinctProducts, 'different product')} bought`,
};
