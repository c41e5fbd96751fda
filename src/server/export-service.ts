/** Writes whole lists into files, for people who work on with them. */
import { basename, join } from 'node:path';
import type { DataSource, Id } from '../data/data-source.ts';
import { type OutputColumn, textColumn } from '../data/output-column.ts';
import type { CallOptions, CustomerColumns, ToolContext } from '../mcp/tool-context.ts';
import { offersForList } from './long-offers.ts';
import { recommendationSource } from './recommendation-source.ts';
import type { ServiceParts } from './service-parts.ts';

type ExportService = ToolContext['exports'];

/** Offers per customer in a list of customers. */
const OFFERS = 3;

export const EXPORTS_URI = 'churn://exports/';

export function exportFolderOf({ home, exportFolder }: Pick<ServiceParts, 'home' | 'exportFolder'>): string {
  return exportFolder ?? join(home, 'exports');
}

export function createExportService(parts: ServiceParts): ExportService {
  return {
    async write({ name, columns }, format, { signal }) {
      const { writeTable } = await import('../data/table-file.ts');
      const { writeNewExport } = await import('../files/export-folder.ts');
      const isFetched = parts.exportsAreFetched;
      const file = await writeNewExport(
        exportFolderOf(parts),
        { name, ending: format, isFetched, now: parts.now() },
        (path) => writeTable({ columns }, path, { signal }),
      );
      const rows = columns[0]?.values.length ?? 0;
      return isFetched
        ? { name: basename(file), rows, uri: `${EXPORTS_URI}${basename(file)}` }
        : { name: basename(file), rows, path: file };
    },
    async describe(customerIds, { asOf, withOffers }, call) {
      await using borrowed = await parts.data.borrow();
      const { data } = borrowed;
      return {
        contacts: parts.showContacts ? await contactColumns(data, customerIds, call.signal) : [],
        groups: await groupColumns({ data, customerIds, asOf, signal: call.signal }),
        offers: withOffers ? await offerColumns(parts, customerIds, { ...call, asOf }) : [],
      };
    },
  };
}

async function contactColumns(
  data: DataSource,
  customerIds: readonly Id[],
  signal: AbortSignal | undefined,
): Promise<readonly OutputColumn[]> {
  const { readEveryContact } = await import('../scoring/customer-contacts.ts');
  const contactOf = await readEveryContact(data, signal);
  const contacts = customerIds.map(contactOf);
  return [
    textColumn('name', contacts, (contact) => contact?.name),
    textColumn('email', contacts, (contact) => contact?.email),
  ];
}

interface GroupRequest {
  readonly data: DataSource;
  readonly customerIds: readonly Id[];
  readonly asOf: string;
  readonly signal: AbortSignal | undefined;
}

/** The segments, and what the import kept of the customers. */
async function groupColumns({
  data,
  customerIds,
  asOf,
  signal,
}: GroupRequest): Promise<CustomerColumns['groups']> {
  const { findMatching } = await import('../customers/customer-filter.ts');
  const { readCustomerAttributes } = await import('../customers/attribute-values.ts');
  const matched = await findMatching(data, { filter: {}, asOf, signal });
  const byId = new Map(matched.all().map((customer) => [customer.customerId, customer]));
  const customers = customerIds.map((id) => byId.get(id));
  const segments = [
    textColumn('segment', customers, (customer) => customer?.segment),
    textColumn('customer_segment', customers, (customer) => customer?.customerSegment),
  ];
  const attributes = await readCustomerAttributes(data, asOf, signal);
  const column = (name: string) => textColumn(name, customerIds, (id) => attributes.valueOf(id, name));
  return [...segments, ...attributes.names.map(column)];
}

/** The best offers of each customer, if a model of recommendations is there: a list does not train one. */
async function offerColumns(
  parts: ServiceParts,
  customerIds: readonly Id[],
  { asOf, ...call }: CallOptions & { readonly asOf: string },
): Promise<readonly OutputColumn[]> {
  const version = await parts.scorers.championOf('product_recommendation');
  if (version === undefined) return [];
  await using served = await recommendationSource(parts, version, call);
  const list = { customerIds, nProducts: OFFERS, asOf, withReasons: false };
  const found = await offersForList(parts, list, { ...served.source, ...call });
  const offers = new Map(
    found.map(({ customerId, recommendations }) => [String(customerId), recommendations]),
  );
  const listed = customerIds.map((id) => offers.get(String(id)) ?? []);
  return Array.from({ length: OFFERS }, (_, at) => [
    textColumn(`offer_${at + 1}`, listed, (products) => products[at]?.productName),
    textColumn(`offer_${at + 1}_product_id`, listed, (products) => products[at]?.productId.toString()),
  ]).flat();
}
