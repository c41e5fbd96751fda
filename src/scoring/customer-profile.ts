import type { ColumnTable } from '../data/data-source.ts';
import { isoDay } from '../features/calendar-day.ts';

/** The main facts about a customer, as of the day scored. */
export interface CustomerProfile {
  readonly totalOrders: number;
  readonly totalSpent: number;
  readonly averageOrderValue: number;
  readonly firstOrderDate: string;
  readonly lastOrderDate: string;
  readonly daysSinceFirstOrder: number;
  readonly daysSinceLastOrder: number;
  readonly ordersLast90Days: number;
  readonly ordersLast365Days: number;
  readonly spentLast90Days: number;
  /** Undefined if all orders are on one day. */
  readonly meanGapDays: number | undefined;
  readonly longestGapDays: number | undefined;
  readonly distinctProducts: number;
  readonly ordersSameSeasonLastYear: number;
  /** Undefined if no order has a recorded discount. */
  readonly meanDiscountPercent: number | undefined;
  readonly returnedOrders: number;
}

/** Reads profiles off a table of churn features, by row. */
export function readProfiles(table: ColumnTable): (row: number) => CustomerProfile {
  const column = {
    totalOrders: table.float64('total_orders'),
    totalSpent: table.float64('total_spent'),
    averageOrderValue: table.float64('avg_order_value'),
    firstOrderDate: table.float64('first_order_date'),
    lastOrderDate: table.float64('last_order_date'),
    daysSinceFirstOrder: table.float64('days_since_first_order'),
    daysSinceLastOrder: table.float64('days_since_last_order'),
    ordersLast90Days: table.float64('orders_last_90_days'),
    ordersLast365Days: table.float64('orders_last_365_days'),
    spentLast90Days: table.float64('spent_last_90_days'),
    meanGapDays: table.float64('mean_gap_days'),
    longestGapDays: table.float64('longest_gap_days'),
    distinctProducts: table.float64('distinct_products'),
    ordersSameSeasonLastYear: table.float64('orders_same_season_last_year'),
    meanDiscountPercent: table.float64('mean_discount_percent'),
    returnedOrders: table.float64('returned_orders'),
  };
  return (row) => ({
    totalOrders: column.totalOrders[row],
    totalSpent: column.totalSpent[row],
    averageOrderValue: column.averageOrderValue[row],
    firstOrderDate: isoDay(column.firstOrderDate[row]),
    lastOrderDate: isoDay(column.lastOrderDate[row]),
    daysSinceFirstOrder: column.daysSinceFirstOrder[row],
    daysSinceLastOrder: column.daysSinceLastOrder[row],
    ordersLast90Days: column.ordersLast90Days[row],
    ordersLast365Days: column.ordersLast365Days[row],
    spentLast90Days: column.spentLast90Days[row],
    meanGapDays: presentOf(column.meanGapDays[row]),
    longestGapDays: presentOf(column.longestGapDays[row]),
    distinctProducts: column.distinctProducts[row],
    ordersSameSeasonLastYear: column.ordersSameSeasonLastYear[row],
    meanDiscountPercent: presentOf(column.meanDiscountPercent[row]),
    returnedOrders: column.returnedOrders[row],
  });
}

function presentOf(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
