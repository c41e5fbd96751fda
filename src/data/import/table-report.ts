import type { ShopTable } from '../shop-tables.ts';

/** What happened to the rows of one table. */
export interface TableReport {
  readonly table: ShopTable;
  readonly rowsRead: number;
  readonly rowsKept: number;
  /** Rows that repeat another row of the same id, and were merged with it. */
  readonly merged: number;
  readonly rejected: readonly { readonly reason: string; readonly count: number }[];
  /** Field to the name of its column. */
  readonly columns: Readonly<Record<string, string>>;
  readonly ignoredColumns: readonly string[];
}
