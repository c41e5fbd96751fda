import { z } from 'zod';
import { quoted } from '../../../text/quoted.ts';
import { refuseUnlessAccepted } from '../acceptable-refusal.ts';
import { mapExample } from '../columns/column-matcher.ts';
import { comparableName } from '../columns/comparable-name.ts';
import { copyRows } from '../columns/copy-rows.ts';
import type { MatchedFile, ShopFiles } from '../columns/shop-files.ts';
import { SYNONYMS } from '../columns/synonyms.ts';
import { columnSql } from '../files/file-reader.ts';
import { hasOneValue } from '../files/json-columns.ts';
import type { ImportContext } from '../import-context.ts';
import { readRow } from '../staging/relations.ts';

/** Fewer customers with one order each are no sign of anything. */
const LEAST_CUSTOMERS = 5;
/** Two persons may have one name; more such customers than these are the same persons. */
const MOST_NAMESAKES = 0.1;

/**
 * Refuses orders whose customers have one order each if another column has the same value for several of them, as if it
 * were the person's id and the other one new with every order.
 *
 * @param customers how many have one order each
 * @throws IMPORT_REFUSED
 */
export async function requireLastingIds(
  context: ImportContext,
  { files }: ShopFiles,
  customers: number,
): Promise<void> {
  if (customers < LEAST_CUSTOMERS) return;
  for (const file of files) {
    for (const column of columnsOfPersons(file)) {
      const known = await personsOf(context, file, column);
      const name = file.columns[column] ?? '';
      const most = isName(name) ? (1 - MOST_NAMESAKES) * known.customers : known.customers - 1;
      if (known.persons < 2 || known.persons > most) continue;
      const field = file.table === 'customers' ? 'customers.person_id' : 'customer_id';
      refuseUnlessAccepted(context, 'single-orders', {
        message: `Every one of ${customers} customers has exactly one order, so the id may be new with every order; ${quoted(name)} has ${known.persons} values for ${known.customers} of them and may be the person’s id.`,
        hint: `If so, add --map ${field}=${mapExample(name)}.`,
      });
      return;
    }
  }
}

const personsSchema = z.object({ customers: z.coerce.number(), persons: z.coerce.number() });

/** Customers of a file whose value in a column is known, and how many different values these are. */
async function personsOf(
  { connection }: ImportContext,
  file: MatchedFile,
  column: number,
): Promise<z.infer<typeof personsSchema>> {
  const customer = file.match.customer_id;
  if (customer === undefined) return { customers: 0, persons: 0 };
  const sqlOf = (at: number) => `cast(${columnSql(file.file, file, at)} as varchar)`;
  await copyRows(connection, file, [customer, column], {
    table: 'person_texts',
    select: `${sqlOf(customer)} as customer, ${sqlOf(column)} as person`,
  });
  const found = personsSchema.parse(await readRow(connection, 'duckdb/import/persons_of_customers'));
  await connection.run('drop table person_texts');
  return found;
}

/** Columns that tell persons by their names, and that customers are not already told apart by. */
function columnsOfPersons({ table, columns, paths, list, match }: MatchedFile): number[] {
  if (table === 'product_catalog') return [];
  const isOfCustomers = table === 'customers';
  const read = new Set(
    Object.entries(match).flatMap(([field, column]) =>
      isOfCustomers && (field === 'email' || field === 'phone') ? [] : [column],
    ),
  );
  return columns.flatMap((name, column) =>
    !read.has(column) && hasOneValue(paths[column] ?? [], list) && tellsPersons(name) ? [column] : [],
  );
}

const NAMES = new Set([
  ...[...(SYNONYMS.orders.customer_id ?? []), ...(SYNONYMS.customers.person_id ?? [])].flat(),
  ...['customerid', 'personid', 'phone', 'phonenumber', 'telephone', 'mobile', 'fullname'],
]);
const OF_A_PERSON =
  /(customer|client|buyer|user|member|person|shopper|billing|kunden).*(unique|key|id|e?mail|emailaddress|phone|number|name)$/;
/** What many customers have in common. */
const OF_A_GROUP =
  /group|segment|country|city|region|state|type|class|level|tier|status|store|category|agent|language|currency|paid|valid|company|session|product|item/;

function tellsPersons(column: string): boolean {
  const name = comparableName(column);
  return NAMES.has(name) || (OF_A_PERSON.test(name) && !OF_A_GROUP.test(name));
}

function isName(column: string): boolean {
  return /(name|naam|nome|nom)$/.test(comparableName(column));
}
