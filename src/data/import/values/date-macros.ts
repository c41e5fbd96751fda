import type { ShopTable } from '../../duckdb/shop-tables.ts';
import type { ImportContext } from '../import-context.ts';
import { dateFormatOf } from './date-format.ts';
import { TYPED_DATE_SQL } from './typed-column.ts';
import { createWrittenMacro } from './written-text.ts';

/**
 * How the dates of a field are read: the macros `<table>_<field>_written` and `<table>_<field>`, a timestamp in UTC.
 *
 * @throws IMPORT_REFUSED if the file does not tell how its dates are written
 */
export async function createDateMacro(
  { connection, request }: ImportContext,
  table: ShopTable,
  field: 'order_date' | 'registration_date',
  type: string,
): Promise<void> {
  await createWrittenMacro(connection, table, field, type);
  const readText = async () => {
    const format = await dateFormatOf(connection, table, field, request.dateFormat);
    return `case when regexp_full_match(t, '${format.pattern}') then ${format.read} end`;
  };
  const read = type === 'VARCHAR' ? await readText() : TYPED_DATE_SQL;
  await connection.run(`create temp macro ${table}_${field}(t) as ${read}`);
}
