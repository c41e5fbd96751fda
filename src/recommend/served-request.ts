/** What is asked of kept offers, apart from how they are found: callers need the bounds before anything is found. */
import type { Id } from '../data/data-source.ts';

/** Customers of a question up to which their offers are kept; a longer list would drop all others. */
export const MOST_SERVED_CUSTOMERS = 64;

export interface ServedRequest {
  readonly customerIds: readonly Id[];
  readonly nProducts: number;
  readonly withReasons: boolean;
}
