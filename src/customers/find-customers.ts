import type { DataSource } from '../data/data-source.ts';
import { resolveAsOf } from '../features/as-of-day.ts';
import { type CustomerFilter, findMatching, type MatchedCustomer } from './customer-filter.ts';

export type CustomerOrder = 'total_spent' | 'total_orders' | 'days_since_last_order';

export interface FindCustomersRequest {
  readonly filter: CustomerFilter;
  /** Most first. */
  readonly sortBy: CustomerOrder;
  readonly limit: number;
  readonly offset: number;
  readonly asOf?: string | undefined;
}

export interface CustomerPage {
  readonly asOf: string;
  readonly customers: readonly MatchedCustomer[];
  /** All who match, listed or not. */
  readonly totalCustomers: number;
  readonly totalSpent: number;
}

const KEYS = {
  total_spent: 'totalSpent',
  total_orders: 'totalOrders',
  days_since_last_order: 'daysSinceLastOrder',
} as const;

/** A page of the customers who match, ties by customer id. */
export async function findCustomers(
  { filter, sortBy, limit, offset, asOf: requested }: FindCustomersRequest,
  { data, signal }: { readonly data: DataSource; readonly signal?: AbortSignal | undefined },
): Promise<CustomerPage> {
  const asOf = await resolveAsOf(data, requested);
  const customers = (await findMatching(data, { filter, asOf, signal })).all();
  const key = KEYS[sortBy];
  // They come by customer id, and sorting keeps the order of equals.
  const sorted = [...customers].sort((a, b) => b[key] - a[key]);
  return {
    asOf,
    customers: sorted.slice(offset, offset + limit),
    totalCustomers: customers.length,
    totalSpent: customers.reduce((sum, { totalSpent }) => sum + totalSpent, 0),
  };
}
