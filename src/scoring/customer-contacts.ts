import { z } from 'zod';
import type { DataSource, Id } from '../data/data-source.ts';

/** Who a customer is; shown only where the configuration allows it. */
export interface CustomerContact {
  readonly name: string | undefined;
  readonly email: string | undefined;
}

const rowSchema = z.object({
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  email: z.string().nullable(),
});

/** Names and emails by customer id; those that the shop has none of are left out. */
export async function readContacts(
  data: DataSource,
  customerIds: readonly Id[],
  signal?: AbortSignal,
): Promise<Map<Id, CustomerContact>> {
  const contacts = new Map<Id, CustomerContact>();
  for (const id of customerIds) {
    const query = {
      file: 'portable/reads/contact_of_customer',
      values: [String(id)],
      signal,
    } as const;
    const [row] = await data.rows(query, rowSchema);
    if (row === undefined) continue;
    const name = [row.first_name, row.last_name].filter((part) => part?.trim()).join(' ');
    contacts.set(id, { name: name === '' ? undefined : name, email: row.email ?? undefined });
  }
  return contacts;
}
