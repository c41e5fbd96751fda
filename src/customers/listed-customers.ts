import type { Id, Relation } from '../data/data-source.ts';

/** The customers named, as the relation `listed_customers` (customer_id as text), for a statement to join with. */
export function listedCustomers(customerIds: readonly Id[]): Relation {
  const rows = customerIds.map(() => '(?)').join(', ');
  return {
    name: 'listed_customers',
    text: `select cast(customer_id as varchar) as customer_id from (values ${rows}) as listed (customer_id)`,
    values: customerIds.map(String),
  };
}
