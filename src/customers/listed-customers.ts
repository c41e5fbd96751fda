import type { Id, Relation } from '../data/data-source.ts';
import { textsAsRelation } from '../data/texts-as-relation.ts';

/** The customers named, as the relation `listed_customers` (customer_id as text), for a statement to join with. */
export function listedCustomers(customerIds: readonly Id[]): Relation {
  return textsAsRelation(
    'listed_customers',
    ['customer_id'],
    customerIds.map((id) => [String(id)]),
  );
}
