import { z } from 'zod';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { loadSql } from '../load-sql.ts';
import { SHOP_TABLE_NAMES, type ShopTable } from '../shop-tables.ts';
import { IMPORT_FIELDS } from './columns/import-fields.ts';
import { createTable, createView } from './staging/relations.ts';

const rangeSchema = z.object({ file_table: z.string(), first: z.coerce.number(), last: z.coerce.number() });

/** Makes what is in the rows of the files that are not used readable as `staging.reject_rows`, once all rows are checked. */
export async function viewRejectRows(connection: DuckDBConnection): Promise<void> {
  await createTable(connection, 'rejects', 'duckdb/import/rejects');
  const result = await connection.runAndReadAll(loadSql('duckdb/import/reject_ranges'));
  const ranges = result.getRowObjectsJson().map((row) => rangeSchema.parse(row));
  for (const table of SHOP_TABLE_NAMES) {
    const range = ranges.find(({ file_table }) => file_table === table);
    const rows =
      range === undefined
        ? 'false'
        : // The numbers are in the text, so that the engine does not read the parts of a file that have other rows.
          `row_number between ${range.first} and ${range.last}
            and row_number in (select rejects.row_number from staging.rejects where file_table = '${table}')`;
    await viewAsText(connection, table, rows);
  }
  await createView(connection, 'reject_rows', 'duckdb/import/reject_rows');
}

/** Makes rows of a table readable as `staging.<table>_as_text`, every value as text. */
async function viewAsText(connection: DuckDBConnection, table: ShopTable, rows: string): Promise<void> {
  const asText = IMPORT_FIELDS[table].map((field) => `cast(${field} as varchar) as ${field}`);
  await connection.run(
    `create or replace view staging.${table}_as_text as
      select row_number, ${asText.join(', ')} from (select * from staging.${table} where ${rows})`,
  );
}
