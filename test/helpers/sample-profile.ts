import type { CustomerProfile } from '../../src/scoring/customer-profile.ts';

/** A customer who ordered seven times and has been silent for 41 days. */
export const sampleProfile: CustomerProfile = {
  totalOrders: 7,
  totalSpent: 5678.9,
  averageOrderValue: 811.2714,
  firstOrderDate: '2025-03-01',
  lastOrderDate: '2025-11-20',
  daysSinceFirstOrder: 305,
  daysSinceLastOrder: 41,
  ordersLast90Days: 1,
  ordersLast365Days: 7,
  spentLast90Days: 640.25,
  meanGapDays: 44.1,
  longestGapDays: 80,
  distinctProducts: 12,
  ordersSameSeasonLastYear: 0,
  meanDiscountPercent: undefined,
  returnedOrders: 0,
};
