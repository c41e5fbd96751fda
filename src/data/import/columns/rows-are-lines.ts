import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { columnSql, readerPath, readerSql, reading } from '../files/file-reader.ts';
import type { OpenedFile } from '../files/open-files.ts';
import { type ColumnMatch, matchColumns } from './column-matcher.ts';

const foundSchema = z.object({ is_any: z.boolean() });

/**
 * True if the rows of a file of orders are lines although no column of it names a quantity or a price: some order stands on
 * several rows that name different products.
 *
 * @param map the user's, field to column, for order lines
 */
export async function rowsAreLines(
  connection: DuckDBConnection,
  file: OpenedFile,
  map: Readonly<Record<string, string>>,
): Promise<boolean> {
  const match = matchAsLines(file.columns, map);
  const product = match?.product_id ?? match?.product_name;
  if (match?.order_id === undefined || product === undefined) return false;
  const [order, item] = [match.order_id, product].map((column) => columnSql(file.file, file, column));
  const rows = readerSql(file.file, file, [match.order_id, product]);
  const found = await reading(file.file, () =>
    connection.runAndReadAll(
      `select count(*) > 0 as is_any
       from (select ${order} as id from ${rows} group by id having count(distinct ${item}) > 1 limit 1)`,
      [readerPath(file.file)],
    ),
  );
  await connection.run('drop table if exists reject_errors');
  await connection.run('drop table if exists reject_scans');
  return foundSchema.parse(found.getRowObjectsJson()[0]).is_any;
}

/** Undefined if it is not clear which columns an order line would have. */
function matchAsLines(
  columns: readonly string[],
  map: Readonly<Record<string, string>>,
): ColumnMatch | undefined {
  try {
    return matchColumns('order_items', columns, map);
  } catch (error) {
    if (error instanceof ChurnMcpError && error.code === 'IMPORT_REFUSED') return undefined;
    throw error;
  }
}
