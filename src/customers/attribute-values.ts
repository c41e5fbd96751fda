import type { DataSource, Id } from '../data/data-source.ts';

/** What the import kept of customers besides their orders, by attribute: "country". */
export interface CustomerAttributes {
  /** By name. */
  readonly names: readonly string[];
  valueOf(customerId: Id, attribute: string): string | null;
}

/** The attributes of all customers as of a day; none if the orders are not imported by this program. */
export async function readCustomerAttributes(
  data: DataSource,
  asOf: string,
  signal?: AbortSignal | undefined,
): Promise<CustomerAttributes> {
  const query = { file: 'portable/reads/customer_attributes', values: [asOf, null], isLarge: true } as const;
  const table = await data.columns({ ...query, signal });
  const ids = table.ids('customer_id');
  const [attributes, values] = [table.text('attribute'), table.text('value')];
  const byName = new Map<string, Map<Id, string | null>>();
  for (const [row, attribute] of attributes.entries()) {
    if (attribute === null) continue;
    const known = byName.get(attribute) ?? new Map<Id, string | null>();
    byName.set(attribute, known.set(ids[row], values[row]));
  }
  return {
    names: [...byName.keys()].sort(),
    valueOf: (customerId, attribute) => byName.get(attribute)?.get(customerId) ?? null,
  };
}
