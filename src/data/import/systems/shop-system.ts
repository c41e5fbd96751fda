import type { ShopTable } from '../../shop-tables.ts';
import { comparableName } from '../columns/comparable-name.ts';

/**
 * Describes one export of a shop system. Everything here is found by the names of columns, compared as
 * `comparableName` does: no case, no separators. To add a system, see docs/import.md.
 */
export interface ShopSystem {
  /** The usual name of the export, with the system's name first: `Shopify orders`. */
  readonly name: string;
  /** The tables that this export may be given as. A file of lines that is given as orders is read as lines. */
  readonly tables: readonly ShopTable[];
  /** The table that its rows belong to. */
  readonly rowsAre: ShopTable;
  /** Columns that this export has and no other export has together. `|` separates spellings of one column. */
  readonly signature: readonly string[];
  /** How the names of columns begin that another export has besides these: with one of them it is not this export. */
  readonly withoutColumnsOf?: string;
  /** Field to the columns that it is read from; the first one that exists is used. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Field to the column that is read in rows where the field's own column is 0 or empty. */
  readonly insteadOfZero?: Readonly<Record<string, string>>;
  /** Field to the columns that it is read from in rows with a negative amount, if they are filled. */
  readonly ofNegative?: Readonly<Record<string, readonly string[]>>;
  /** True if a negative amount is a refund only if its status says so, and else money that the shop paid to somebody. */
  readonly negativeSalesArePaidOut?: boolean;
  /** Columns that look like a field but are not; they are not read. */
  readonly notRead?: readonly string[];
  /** The list within each JSON object that holds the order's lines, with fields and columns as above. */
  readonly lines?: {
    readonly list: string;
    readonly columns: Readonly<Record<string, readonly string[]>>;
    readonly notRead?: readonly string[];
  };
  /** Status words with another meaning here than elsewhere. */
  readonly statuses?: Readonly<Record<string, 'sale' | 'no sale' | 'refund'>>;
  /** True if words that are neither known here nor anywhere else are of events that are no sales. */
  readonly otherStatusesAreNoSale?: boolean;
  /** Customer ids that stand for guests without an account. */
  readonly guests?: readonly string[];
  /** Amounts are whole numbers of the smallest unit: 1250 is 12.50. */
  readonly inMinorUnits?: boolean;
  /** A sentence for the ledger: what was decided for this system. */
  readonly note?: string;
  /** Set if the export cannot be used: why, and what to export instead. */
  readonly refusal?: { readonly why: string; readonly instead: string };
}

/** The shop systems that wrote the files, each once. */
export function systemsOf({
  files,
}: {
  readonly files: readonly { readonly system: ShopSystem | undefined }[];
}): readonly ShopSystem[] {
  return [...new Set(files.flatMap(({ system }) => system ?? []))];
}

/** The description that matches a file's columns best (most columns in its signature), if any does. */
export function recogniseSystem(
  systems: readonly ShopSystem[],
  table: ShopTable,
  columns: readonly string[],
): ShopSystem | undefined {
  const names = new Set(columns.map(comparableName));
  const fits = systems.filter(
    (system) =>
      system.tables.includes(table) &&
      system.signature.every((column) => isAmong(names, column)) &&
      !hasColumnsOf(names, system.withoutColumnsOf),
  );
  return fits.reduce<ShopSystem | undefined>(
    (best, system) => (best === undefined || system.signature.length > best.signature.length ? system : best),
    undefined,
  );
}

/** Field to the name of its column in this system, for fields whose column exists. */
export function columnsOfSystem(
  system: Pick<ShopSystem, 'columns'>,
  columns: readonly string[],
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [field, candidates] of Object.entries(system.columns)) {
    const column = candidates
      .map((candidate) => columns.find((name) => comparableName(name) === comparableName(candidate)))
      .find((name) => name !== undefined);
    if (column !== undefined) found[field] = column;
  }
  return found;
}

function hasColumnsOf(names: ReadonlySet<string>, beginning: string | undefined): boolean {
  return beginning !== undefined && [...names].some((name) => name.startsWith(comparableName(beginning)));
}

function isAmong(names: ReadonlySet<string>, spellings: string): boolean {
  return spellings.split('|').some((spelling) => names.has(comparableName(spelling)));
}
