import { z } from 'zod';
import { ChurnMcpError } from '../../errors.ts';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { quoteLiteral } from '../duckdb/sql-quoting.ts';
import { loadSql } from '../load-sql.ts';
import type { ShopTable } from '../shop-tables.ts';
import type { ShopFiles } from './columns/shop-files.ts';
import { hasOneValue } from './files/json-columns.ts';
import { viewRejectRows } from './reject-rows.ts';
import { createTable } from './staging/relations.ts';
import type { TableReport } from './table-report.ts';

const tableName = z.enum(['customers', 'orders', 'order_items', 'product_catalog']);
const countsSchema = z.object({
  table_name: tableName,
  rows_read: z.coerce.number(),
  usable: z.coerce.number(),
  kept: z.coerce.number(),
});
const reasonsSchema = z.object({
  table_name: tableName,
  reason: z.string(),
  row_count: z.coerce.number(),
  is_understood: z.boolean(),
});

/** Counts per table, once the shop tables are written: every row that was read was kept, merged or rejected. */
export async function reportTables(connection: DuckDBConnection, shop: ShopFiles): Promise<TableReport[]> {
  await createTable(connection, 'line_reasons', 'duckdb/import/line_reasons');
  const counts = (await connection.runAndReadAll(loadSql('duckdb/import/counts'))).getRowObjectsJson();
  const reasons = (
    await connection.runAndReadAll(loadSql('duckdb/import/reject_reasons'))
  ).getRowObjectsJson();
  const allReasons = reasons.map((row) => reasonsSchema.parse(row));
  return counts
    .map((row) => countsSchema.parse(row))
    .filter(({ table_name }) => isReported(shop, table_name))
    .map(({ table_name, rows_read, usable, kept }) => ({
      table: table_name,
      rowsRead: rows_read,
      rowsKept: kept,
      merged: usable - kept,
      rejected: allReasons
        .filter((row) => row.table_name === table_name)
        .map(({ reason, row_count, is_understood }) => ({
          reason,
          count: row_count,
          isUnderstood: is_understood,
        })),
      ...columnsOf(shop, table_name),
    }));
}

function isReported(shop: ShopFiles, table: ShopTable): boolean {
  return table === 'orders' || shop.files.some((file) => file.table === table);
}

/** The columns that the files of a table use; a name that several files use appears once. */
function columnsOf(shop: ShopFiles, table: ShopTable): Pick<TableReport, 'columns' | 'ignoredColumns'> {
  const files = shop.files.filter((file) => file.table === table);
  const used = files.flatMap(({ match, columns }) =>
    Object.entries(match).map(([field, column]): [string, string] => [field, columns[column] ?? '']),
  );
  const ignored = files.flatMap(({ match, attributeColumns, columns, paths, list }) =>
    columns.filter(
      (_, column) =>
        !Object.values(match).includes(column) &&
        !attributeColumns.includes(column) &&
        hasOneValue(paths[column] ?? [], list),
    ),
  );
  return { columns: Object.fromEntries(used), ignoredColumns: [...new Set(ignored)] };
}

/**
 * @param addsToEarlier files that add to earlier orders may hold refunds and cancellations only
 * @throws IMPORT_REFUSED if no order is left, with the reasons
 */
export function requireOrders(tables: readonly TableReport[], addsToEarlier: boolean): void {
  const orders = tables.find(({ table }) => table === 'orders');
  if (orders !== undefined && orders.rowsKept > 0) return;
  const areUnderstood = orders?.rejected.every(({ isUnderstood }) => isUnderstood) ?? false;
  if (addsToEarlier && areUnderstood && orders !== undefined && orders.rowsRead > 0) return;
  const rejected = tables
    .filter(({ table }) => table === 'orders' || table === 'order_items')
    .flatMap((table) => table.rejected)
    .map(({ reason, count }) => `${reason} (${count})`);
  const why = rejected.length > 0 ? `: ${rejected.slice(0, 5).join(', ')}` : ', the file has no rows';
  throw new ChurnMcpError('IMPORT_REFUSED', `No order can be used${why}.`, {
    hint: rejected.some((reason) => reason.startsWith('unreadable date'))
      ? 'Check that the columns are the right ones; name them with --map FIELD=COLUMN. If they are dates, write their format, for example --date-format "%Y.%d.%m %H:%M".'
      : 'Check that the columns are the right ones; name them with --map FIELD=COLUMN.',
  });
}

/** Writes the rejected rows to a CSV file, at most 100,000 orders and lines for each reason; if there are none, writes nothing and returns undefined. */
export async function rejectRows(
  connection: DuckDBConnection,
  file: string,
  tables: readonly TableReport[],
): Promise<string | undefined> {
  if (tables.every(({ rejected }) => rejected.length === 0)) return undefined;
  await viewRejectRows(connection);
  await connection.run('set preserve_insertion_order = true');
  await connection.run(
    `copy (${loadSql('duckdb/import/rejects_file')}) to ${quoteLiteral(file)} (format csv, header)`,
  );
  await connection.run('set preserve_insertion_order = false');
  return file;
}
