import type { ShopTable } from '../shop-tables.ts';

/** What happened to the rows of one table. */
export interface TableReport {
  readonly table: ShopTable;
  readonly rowsRead: number;
  readonly rowsKept: number;
  /** Rows that repeat another row of the same id, and were merged with it. */
  readonly merged: number;
  readonly rejected: readonly RejectedRows[];
  /** Field to the name of its column. */
  readonly columns: Readonly<Record<string, string>>;
  readonly ignoredColumns: readonly string[];
}

/** Rows that are not in the snapshot, for one reason. */
export interface RejectedRows {
  readonly reason: string;
  readonly count: number;
  /** They were understood and left out for their meaning; otherwise they are unusable. */
  readonly isUnderstood: boolean;
}
