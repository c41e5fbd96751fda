import { z } from 'zod';
import { listedCustomers } from '../customers/listed-customers.ts';
import { withRelations } from '../data/compose-statement.ts';
import type { DataSource, Id } from '../data/data-source.ts';

/** Name and email of a customer; shown only if the configuration allows it. */
export interface CustomerContact {
  readonly name: string | undefined;
  readonly email: string | undefined;
}

const rowSchema = z.object({
  customer_id: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  email: z.string().nullable(),
});

/** Names and emails of all customers, by customer id. */
export async function readEveryContact(
  data: DataSource,
  signal?: AbortSignal,
): Promise<(customerId: Id) => CustomerContact | undefined> {
  const query = { file: 'portable/reads/customer_contacts', values: [], isLarge: true } as const;
  const table = await data.columns({ ...query, signal });
  const [first, last, email] = ['first_name', 'last_name', 'email'].map((name) => table.text(name));
  const rows = new Map(table.ids('customer_id').map((id, row) => [String(id), row]));
  return (customerId) => {
    const row = rows.get(String(customerId));
    return row === undefined ? undefined : contactOf(first[row], last[row], email[row]);
  };
}

function contactOf(first: string | null, last: string | null, email: string | null): CustomerContact {
  const name = [first, last].filter((part) => part?.trim()).join(' ');
  return { name: name === '' ? undefined : name, email: email ?? undefined };
}

/** Names and emails by customer id, read by one statement; customers that the shop does not know are left out. */
export async function readContacts(
  data: DataSource,
  customerIds: readonly Id[],
  signal?: AbortSignal,
): Promise<Map<Id, CustomerContact>> {
  if (customerIds.length === 0) return new Map();
  const statement = withRelations([listedCustomers(customerIds)], {
    file: 'portable/reads/contacts_of_customers',
    values: [],
  });
  const rows = await data.rows({ ...statement, signal }, rowSchema);
  const byId = new Map(rows.map((row) => [row.customer_id, row]));
  return new Map(
    customerIds.flatMap((id) => {
      const row = byId.get(String(id));
      if (row === undefined) return [];
      return [[id, contactOf(row.first_name, row.last_name, row.email)]];
    }),
  );
}
