import { columnsOfSystem } from '../systems/shop-system.ts';
import type { ColumnMatch } from './column-matcher.ts';
import type { OrdersFile } from './lines-within.ts';

/** The columns that a shop system's export holds fields in for some rows: if the usual one is 0 or empty, and of refunds. */
export function columnsOfSomeRows(file: OrdersFile): {
  readonly insteadOfZero: ColumnMatch;
  readonly ofNegative: ColumnMatch;
} {
  return {
    insteadOfZero: insteadOf(file, zeroColumns(file)),
    ofNegative: insteadOf(file, file.system?.ofNegative ?? {}),
  };
}

function zeroColumns({ system }: OrdersFile): Record<string, readonly string[]> {
  const entries = Object.entries(system?.insteadOfZero ?? {});
  return Object.fromEntries(entries.map(([field, column]) => [field, [column]]));
}

/** The columns read instead of a field's own in some rows. Only if a field is read from the shop system's own column for it. */
function insteadOf(
  { system, columns, match }: OrdersFile,
  others: Readonly<Record<string, readonly string[]>>,
): ColumnMatch {
  const found = columnsOfSystem({ columns: others }, columns);
  const known = system === undefined ? {} : columnsOfSystem(system, columns);
  return Object.fromEntries(
    Object.entries(found).flatMap(([field, column]): [string, number][] =>
      known[field] === columns[match[field] ?? -1] ? [[field, columns.indexOf(column)]] : [],
    ),
  );
}
