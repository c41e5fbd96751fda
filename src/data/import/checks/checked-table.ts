import type { ShopTable } from '../../shop-tables.ts';
import type { SqlFile } from '../../sql-file.ts';

/** A table whose rows have all been checked, and the statement that gives those which the snapshot keeps. */
export interface CheckedTable {
  readonly table: ShopTable;
  readonly keptRows: SqlFile;
}
