import type { CustomerProfile } from '../scoring/customer-profile.ts';

/** The facts about a customer by the names that answers have for them. */
export function profileFieldsOf(profile: CustomerProfile) {
  return {
    total_orders: profile.totalOrders,
    total_spent: profile.totalSpent,
    avg_order_value: profile.averageOrderValue,
    first_order_date: profile.firstOrderDate,
    last_order_date: profile.lastOrderDate,
    days_since_last_order: profile.daysSinceLastOrder,
    mean_gap_days: profile.meanGapDays ?? null,
    distinct_products: profile.distinctProducts,
  };
}
