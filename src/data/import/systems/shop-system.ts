import type { ShopTable } from '../../shop-tables.ts';
import { comparableName } from '../columns/column-matcher.ts';

/**
 * How one export of a shop system looks. Everything here is found by the names of columns, compared as
 * `comparableName` does: no case, no separators. To add a system, see docs/import.md.
 */
export interface ShopSystem {
  /** What people call the export, with the system's name first: `Shopify orders`. */
  readonly name: string;
  /** The tables that this export may be given as. A file of lines that is given as orders is read as lines. */
  readonly tables: readonly ShopTable[];
  /** The table that its rows are. */
  readonly rowsAre: ShopTable;
  /** Columns that are all there, and together nowhere else. `|` separates spellings of one column. */
  readonly signature: readonly string[];
  /** Field to the columns that it is read from: the first one that is there. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Columns that look like a field and are not: no field is read from them. */
  readonly notRead?: readonly string[];
  /** Status words that mean something else here than elsewhere. */
  readonly statuses?: Readonly<Record<string, 'sale' | 'no sale'>>;
  /** Customer ids that stand for whoever has no account. */
  readonly guests?: readonly string[];
  /** Amounts are whole numbers of the smallest unit: 1250 is 12.50. */
  readonly inMinorUnits?: boolean;
  /** A sentence for the ledger: what was decided for this system. */
  readonly note?: string;
  /** Set where the export cannot be used: why, and what to export in its place. */
  readonly refusal?: { readonly why: string; readonly instead: string };
}

/** The description that fits a file's columns best (most columns named by its signature), if any does. */
export function recogniseSystem(
  systems: readonly ShopSystem[],
  table: ShopTable,
  columns: readonly string[],
): ShopSystem | undefined {
  const names = new Set(columns.map(comparableName));
  const fits = systems.filter(
    (system) => system.tables.includes(table) && system.signature.every((column) => isAmong(names, column)),
  );
  return fits.reduce<ShopSystem | undefined>(
    (best, system) => (best === undefined || system.signature.length > best.signature.length ? system : best),
    undefined,
  );
}

/** Field to the name of the column that this system keeps it in, for the fields whose column is there. */
export function columnsOfSystem(system: ShopSystem, columns: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [field, candidates] of Object.entries(system.columns)) {
    const column = candidates
      .map((candidate) => columns.find((name) => comparableName(name) === comparableName(candidate)))
      .find((name) => name !== undefined);
    if (column !== undefined) found[field] = column;
  }
  return found;
}

function isAmong(names: ReadonlySet<string>, spellings: string): boolean {
  return spellings.split('|').some((spelling) => names.has(comparableName(spelling)));
}
