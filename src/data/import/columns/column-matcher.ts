import { ChurnMcpError } from '../../../errors.ts';
import { quoted, quotedList } from '../../../text/quoted.ts';
import type { ShopTable } from '../../shop-tables.ts';
import { NUMBER_FIELDS } from '../values/typed-column.ts';
import { comparableName } from './comparable-name.ts';
import { IMPORT_FIELDS } from './import-fields.ts';
import { namesOfColumns } from './line-columns.ts';
import { withoutMinorUnit } from './minor-unit-name.ts';
import { SYNONYMS } from './synonyms.ts';

/** Field to the position of its column in the file. */
export type ColumnMatch = Readonly<Record<string, number>>;

/** What a user maps a field to that no column holds. */
export const NO_COLUMN = 'none';

const CURRENCY_CODES = new Set(Intl.supportedValuesOf('currency'));

/** An amount that is a thousandth of what it says; nothing here multiplies it, so the column is no amount. */
const IN_THOUSANDS = /thousand|tausend|\btsd\b|\bmillion|\bmio\b|\bmln\b|\bk[€$£]|\bk(eur|usd|gbp|chf)\b/i;

/** The name of an amount without what it is measured in: `Total (EUR)`, `Betrag in CHF`, `Gesamtbetrag (brutto)`, `total_cents`. */
function withoutUnit(name: string): string {
  const inMinorUnits = withoutMinorUnit(name);
  if (inMinorUnits !== undefined) return inMinorUnits;
  if (IN_THOUSANDS.test(name)) return name;
  const [, bare = name] = /^(.*\S)\s*[([][^)\]]*[)\]]\s*$/.exec(name) ?? [];
  const [, before = bare, code = ''] = /^(.*?)[\s_-]+(?:in[\s_-]+)?([A-Za-z]{3})$/.exec(bare) ?? [];
  return CURRENCY_CODES.has(code.toUpperCase()) ? before : bare;
}

/**
 * Finds each field's column by name. A field in `map` takes the column named there; the other fields are found by
 * their own name, then by synonyms, tier by tier. A column serves only one field.
 *
 * @param map field to column name, already narrowed to this table
 * @param notRead columns that only `map` may take
 * @throws IMPORT_REFUSED if two columns fit a field equally well, or a mapped column does not exist
 */
export function matchColumns(
  table: ShopTable,
  columns: readonly string[],
  map: Readonly<Record<string, string>>,
  notRead: readonly string[] = [],
): ColumnMatch {
  const names = namesOfColumns(columns);
  const withoutUnits = columns.map((name) => comparableName(withoutUnit(name)));
  const numbers: readonly string[] = NUMBER_FIELDS[table];
  const match: Record<string, number> = {};
  const hidden = notRead.map(comparableName);
  const taken = new Set(
    columns.flatMap((name, column) => (hidden.includes(comparableName(name)) ? [column] : [])),
  );
  const take = (field: string, column: number) => {
    match[field] = column;
    taken.add(column);
  };
  for (const [field, column] of Object.entries(map)) {
    if (!isNoColumn(column, columns)) take(field, mappedColumn(table, field, column, columns));
  }

  const tiersOf = (field: string) => [[comparableName(field)], ...(SYNONYMS[table][field] ?? [])];
  const deepest = Math.max(...IMPORT_FIELDS[table].map((field) => tiersOf(field).length));
  // Tier by tier over all fields, so that a vague synonym of one field never takes the exact name of another.
  for (let tier = 0; tier < deepest; tier++) {
    for (const field of IMPORT_FIELDS[table]) {
      if (field in match || field in map) continue;
      const synonyms = tiersOf(field)[tier] ?? [];
      const fittingBy = (spellings: readonly string[]) =>
        spellings.flatMap((name, column) => (!taken.has(column) && synonyms.includes(name) ? [column] : []));
      const exact = fittingBy(names);
      const [only, other] = exact.length > 0 || !numbers.includes(field) ? exact : fittingBy(withoutUnits);
      if (only === undefined) continue;
      if (other !== undefined) throw ambiguous(table, field, columns[only] ?? '', columns[other] ?? '');
      take(field, only);
    }
  }
  return match;
}

/** True if some column goes by the field's own name or one of the first `tiers` of its synonyms. */
export function hasColumnFor(
  table: ShopTable,
  field: string,
  columns: readonly string[],
  tiers: number,
): boolean {
  const names = [comparableName(field), ...(SYNONYMS[table][field]?.slice(0, tiers) ?? []).flat()];
  return namesOfColumns(columns).some((column) => names.includes(column));
}

/** How many tiers of their synonyms tell a line from an order; the tiers after them are vague. */
const TIERS_THAT_TELL_LINES = { product_id: 5, product_name: 3, quantity: 3, unit_price: 2 } as const;

/** True if columns hold a product and its quantity or price, as order lines do. `map` is the user's, field to column. */
export function namesLines(columns: readonly string[], map: Readonly<Record<string, string>> = {}): boolean {
  const isNamed = (field: keyof typeof TIERS_THAT_TELL_LINES) =>
    `order_items.${field}` in map ||
    field in map ||
    hasColumnFor('order_items', field, columns, TIERS_THAT_TELL_LINES[field]);
  const [quantity, price] = [isNamed('quantity'), isNamed('unit_price')];
  // Beside both a quantity and a price, a vague name (Artikel) is a product's too.
  const isVaguelyNamed = () =>
    quantity &&
    price &&
    ['product_id', 'product_name'].some((field) => hasColumnFor('order_items', field, columns, 9));
  return isNamed('product_id') || isNamed('product_name') ? quantity || price : isVaguelyNamed();
}

/** Whether a user says that no column holds a field: `--map order_status=none`. */
export function isNoColumn(wanted: string, columns: readonly string[]): boolean {
  return wanted === NO_COLUMN && namedColumn(wanted, columns) === undefined;
}

/** The column that a user names: by its very name, else as names are compared. Undefined if that is none, or several. */
export function namedColumn(wanted: string, columns: readonly string[]): number | undefined {
  const exact = columns.indexOf(wanted);
  if (exact >= 0) return exact;
  const alike = columns.flatMap((name, column) =>
    comparableName(name) === comparableName(wanted) ? [column] : [],
  );
  return alike.length === 1 ? alike[0] : undefined;
}

function mappedColumn(table: ShopTable, field: string, wanted: string, columns: readonly string[]): number {
  const column = namedColumn(wanted, columns);
  if (column !== undefined) return column;
  throw new ChurnMcpError(
    'IMPORT_REFUSED',
    `The ${fileOf(table)} file has no column ${quoted(wanted)}, which --map names for ${field}.`,
    { hint: `Its columns are: ${quotedList(columns)}.` },
  );
}

function ambiguous(table: ShopTable, field: string, one: string, other: string): ChurnMcpError {
  return new ChurnMcpError(
    'IMPORT_REFUSED',
    `In the ${fileOf(table)} file both ${quoted(one)} and ${quoted(other)} could be ${field}.`,
    { hint: `Say which it is, for example: --map ${table}.${field}=${mapExample(one)}` },
  );
}

/** @throws IMPORT_REFUSED naming the fields that no column was found for, and the columns that are there. */
export function requireFields(
  table: ShopTable,
  match: ColumnMatch,
  columns: readonly string[],
  fields: readonly string[],
): void {
  const missing = fields.filter((field) => !(field in match));
  const [first] = missing;
  if (first === undefined) return;
  throw new ChurnMcpError(
    'IMPORT_REFUSED',
    `The ${fileOf(table)} file has no column for ${missing.join(', ')}.`,
    {
      hint: `Its columns are: ${quotedList(columns)}. Name the right one with --map ${table}.${first}=COLUMN`,
    },
  );
}

/** The command line's word for a table's file. */
export function fileOf(table: ShopTable): string {
  return {
    orders: 'orders',
    order_items: 'order items',
    product_catalog: 'products',
    customers: 'customers',
  }[table];
}

/** A column as a flag names it. */
export function mapExample(column: string): string {
  return /^[\w.-]+$/.test(column) ? column : quoted(column);
}
