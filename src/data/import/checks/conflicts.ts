import { ChurnMcpError } from '../../../errors.ts';
import { quotedList } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import type { SqlFile } from '../../sql-file.ts';

/**
 * @param statement gives at most four ids whose rows contradict each other
 * @param what the words for them in the sentence: "orders of more than one customer"
 * @throws IMPORT_REFUSED if there is any
 */
export async function refuseConflicts(
  connection: DuckDBConnection,
  statement: SqlFile,
  what: string,
): Promise<void> {
  const result = await connection.runAndReadAll(loadSql(statement));
  const ids = result.getRowsJson().map(([id]) => String(id));
  if (ids.length === 0) return;
  const more = ids.length > 3 ? ' and more' : '';
  throw new ChurnMcpError('IMPORT_REFUSED', `There are ${what}: ${quotedList(ids.slice(0, 3))}${more}.`, {
    hint: 'Keep one row per id in the file, or name the right id column with --map FIELD=COLUMN. If the rows are order lines, name their product: --map product_id=COLUMN.',
  });
}
