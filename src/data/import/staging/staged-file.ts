import type { ShopTable } from '../../shop-tables.ts';
import type { MatchedFile } from '../columns/shop-files.ts';

/**
 * A file whose rows can be read as `staging.<relation>`: `row_number`, one column per field that it has a column
 * for, and `attributes`, a list in the order of the shop's attributes.
 */
export interface StagedFile extends MatchedFile {
  /** `orders_1` for the first file of orders. */
  readonly relation: string;
  /** 1 for the first file of its table. */
  readonly fileNumber: number;
  /** A Parquet file becomes a view that is read again at each use; rows of any other file are written into a table. */
  readonly kind: 'view' | 'table';
  /** Rows of the same table in the files before this one: row numbers count on over all files of a table. */
  readonly rowsBefore: number;
  readonly rows: number;
}

/** All files of one table, whose rows are `staging.<table>`. */
export interface StagedTable {
  readonly table: ShopTable;
  readonly files: readonly StagedFile[];
}

/** True if all rows are read from typed files at each use, and none was stored. */
export function isView({ files }: StagedTable): boolean {
  return files.length > 0 && files.every(({ kind }) => kind === 'view');
}

/** True if some file of the table has a column for the field; else every row of it is empty. */
export function hasField({ files }: StagedTable, field: string): boolean {
  return files.some(({ match }) => field in match);
}
