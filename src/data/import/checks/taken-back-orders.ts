import { loadSql } from '../../load-sql.ts';
import type { ImportContext } from '../import-context.ts';
import { createTable, createView } from '../staging/relations.ts';

/**
 * An order that an earlier file sells and the last file with it cancels is no sale, as if the files had been added one by one. Its
 * rows in earlier files get the reason of the last one; so do lines with the same id.
 */
export async function takeBack(
  { connection }: Pick<ImportContext, 'connection'>,
  what: 'orders' | 'lines',
): Promise<void> {
  const rows = what === 'orders' ? 'rows_of_order_files' : 'rows_of_line_files';
  await createView(connection, 'rows_by_file', `duckdb/import/${rows}`);
  await createTable(connection, 'taken_back_orders', 'duckdb/import/taken_back_orders');
  await connection.run(loadSql(`duckdb/import/take_back_${what}`));
}
