import { quoted } from '../../../text/quoted.ts';
import { hasOneValue } from '../files/json-columns.ts';
import type { ImportContext } from '../import-context.ts';
import { mapExample } from './column-matcher.ts';
import { comparableName } from './comparable-name.ts';
import type { OrdersFile } from './lines-within.ts';
import { SYNONYMS } from './synonyms.ts';

const PERSON = new Set((SYNONYMS.customers.person_id ?? []).flat());

/**
 * Orders and lines with the customer read from a column whose name says that it is the person's (`customer_unique_id`),
 * beside an id that is new with every order. A file of customers explains such ids itself.
 *
 * @param isTold whether the user names the column of customers
 */
export function withPersons(
  files: readonly OrdersFile[],
  decisions: ImportContext['decisions'],
  isTold: boolean,
): OrdersFile[] {
  if (isTold || files.some(({ table }) => table === 'customers')) return [...files];
  const table = files.some((file) => file.table === 'orders') ? 'orders' : 'order_items';
  const persons = files.map((file) => (file.table === table ? personColumn(file) : undefined));
  if (files.some((file, at) => file.table === table && persons[at] === undefined)) return [...files];
  return files.map((file, at) => {
    const [customer, person] = [file.match.customer_id, persons[at]];
    if (customer === undefined || person === undefined || customer === person) return file;
    const [told, other] = [file.columns[person] ?? '', file.columns[customer] ?? ''];
    decisions.say(
      `Customers are told apart by ${quoted(told)} and not by ${quoted(other)}. If that is wrong: --map customer_id=${mapExample(other)}`,
    );
    return { ...file, match: { ...file.match, customer_id: person } };
  });
}

function personColumn({ columns, paths, list }: OrdersFile): number | undefined {
  const person = columns.findIndex(
    (name, column) => PERSON.has(comparableName(name)) && hasOneValue(paths[column] ?? [], list),
  );
  return person < 0 ? undefined : person;
}
