import type { ShopTable } from '../../duckdb/shop-tables.ts';
import type { SqlFile } from '../../sql-file.ts';

/** A table whose rows have all been checked, and the statement that gives those which the snapshot keeps. */
export interface CheckedTable {
  readonly table: ShopTable;
  readonly keptRows: SqlFile;
}
