/** A day to learn from or to judge on, as some customers knew it. */
import { type DayView, lookedUpRelations, openDayWith, overLookedUp } from '../../data/compose-statement.ts';
import type { DataSource, Relation } from '../../data/data-source.ts';
import type { CustomerChoice } from '../../features/recommendation-features.ts';

export interface TaughtDayRequest {
  readonly cutoff: string;
  /** How many customers, at most. */
  readonly customers: number;
  readonly horizonDays: number;
}

/**
 * The day as it was known to a sample of customers. Who they are, what they bought by then and what later is computed once:
 * they are read some after others, and each time these would have been found among all customers and all lines.
 */
export async function openTaughtDay(
  data: DataSource,
  { cutoff, customers, horizonDays }: TaughtDayRequest,
  signal: AbortSignal | undefined,
): Promise<DayView> {
  const taught: Relation = {
    name: 'taught_customers',
    file: 'portable/labels/taught_customers',
    values: [customers],
  };
  const later: Relation = {
    name: 'later_purchases',
    file: 'portable/labels/later_purchases',
    values: [cutoff, horizonDays],
  };
  const day = await openDayWith(data, {
    asOfDate: cutoff,
    files: ['portable/reads/recommendation_candidates', 'portable/reads/recommendation_features'],
    relations: [taught, ...lookedUpRelations(taught.name), later],
    signal,
  });
  return { ...day, statement: (statement) => day.statement(overLookedUp(statement)) };
}

/** Customers of such a day by their positions, from 1 on. */
export function taughtCustomers(first: number, last: number): CustomerChoice {
  return { file: 'portable/labels/taught_customers_by_position', values: [first, last] };
}
