import { z } from 'zod';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { SHOP_TABLE_NAMES, type ShopTable } from '../../duckdb/shop-tables.ts';
import { loadSql } from '../../load-sql.ts';
import type { DateOrder } from '../import-report.ts';
import { dateFormatOf } from './date-format.ts';
import { DATE_FIELDS, NUMBER_FIELDS, stagedTypes, TYPED_DATE_SQL, typedNumberSql } from './typed-column.ts';

/**
 * How what stands in this import's columns becomes values, as macros that the `import_*` statements call. Each is
 * decided over a whole column: the same text never means two things within one column.
 */
export async function createValueMacros(
  connection: DuckDBConnection,
  tablesWithDates: readonly ShopTable[],
  dateOrder: DateOrder | undefined,
): Promise<void> {
  await connection.run(loadSql('duckdb/import/macro_visible_line'));
  await connection.run(loadSql('duckdb/import/macro_clean_text'));
  await createDateMacros(connection, tablesWithDates, dateOrder);
  for (const table of SHOP_TABLE_NAMES) {
    const types = await stagedTypes(connection, table);
    for (const field of NUMBER_FIELDS[table]) {
      await createNumberMacro(connection, table, field, types.get(field) ?? 'VARCHAR');
    }
  }
  await createProductMacro(connection);
  await createCancellationMacro(connection);
}

const missingSchema = z.object({ is_any_missing: z.boolean() });

/** What a line's product is known by: its id, else its name. Without a choice a row, ids that repeat are cleaned once. */
async function createProductMacro(connection: DuckDBConnection): Promise<void> {
  const result = await connection.runAndReadAll(loadSql('duckdb/import/has_lines_without_product_id'));
  const { is_any_missing } = missingSchema.parse(result.getRowObjectsJson()[0]);
  const product = is_any_missing ? 'coalesce(id, name)' : 'id';
  await connection.run(`create temp macro order_items_product(id, name) as clean_text(${product}, 257)`);
}

/** What stands in a field, NULL where nothing does: a text without the spaces around it, a typed value as it is. */
async function createWrittenMacro(
  connection: DuckDBConnection,
  table: ShopTable,
  field: string,
  type: string,
): Promise<void> {
  const written = type === 'VARCHAR' ? "nullif(trim(t), '')" : 't';
  await connection.run(`create temp macro ${table}_${field}_written(t) as ${written}`);
}

async function createDateMacros(
  connection: DuckDBConnection,
  staged: readonly ShopTable[],
  dateOrder: DateOrder | undefined,
): Promise<void> {
  for (const table of SHOP_TABLE_NAMES) {
    const types = await stagedTypes(connection, table);
    for (const field of DATE_FIELDS[table]) {
      const type = types.get(field) ?? 'VARCHAR';
      await createWrittenMacro(connection, table, field, type);
      const read =
        type === 'VARCHAR' ? await textDateSql(connection, table, field, staged, dateOrder) : TYPED_DATE_SQL;
      await connection.run(`create temp macro ${table}_${field}(t) as ${read}`);
    }
  }
}

async function textDateSql(
  connection: DuckDBConnection,
  table: ShopTable,
  field: 'order_date' | 'registration_date',
  staged: readonly ShopTable[],
  dateOrder: DateOrder | undefined,
): Promise<string> {
  if (!staged.includes(table)) return 'cast(null as timestamp)';
  const format = await dateFormatOf(connection, table, field, dateOrder);
  return `case when regexp_full_match(t, '${format.pattern}') then ${format.read} end`;
}

const commaSchema = z.object({ decimal_commas: z.coerce.number(), decimal_points: z.coerce.number() });

async function createNumberMacro(
  connection: DuckDBConnection,
  table: ShopTable,
  field: string,
  type: string,
): Promise<void> {
  await createWrittenMacro(connection, table, field, type);
  const isText = type === 'VARCHAR';
  const usesDecimalComma = isText && (await hasDecimalCommas(connection, table, field));
  const ofText = (text: string) => textNumberSql(text, usesDecimalComma);
  const read = isText ? ofText('t') : typedNumberSql(type, ofText);
  await connection.run(`create temp macro ${table}_${field}(t) as ${read}`);
}

async function hasDecimalCommas(
  connection: DuckDBConnection,
  table: ShopTable,
  field: string,
): Promise<boolean> {
  const counts = await connection.runAndReadAll(
    `select
       count_if(regexp_matches(trim(${field}), ',\\d{1,2}\\D*$') or regexp_matches(${field}, '\\.\\d{3},')) as decimal_commas,
       count_if(regexp_matches(${field}, '\\.\\d{1,2}\\D*$') or regexp_matches(${field}, ',\\d{3}\\.')) as decimal_points
     from staging.${table}
     where ${field} like '%,%'`,
  );
  const { decimal_commas, decimal_points } = commaSchema.parse(counts.getRowObjectsJson()[0]);
  return decimal_commas > decimal_points;
}

/** A decimal(18, 4) of the text that the expression `text` gives, NULL where it is none. */
function textNumberSql(text: string, usesDecimalComma: boolean): string {
  // 1.234,50 becomes 1234.50; where the comma only groups thousands it is left out.
  const digits = usesDecimalComma
    ? `replace(replace(${text}, '.', ''), ',', '.')`
    : `replace(${text}, ',', '')`;
  const plain = usesDecimalComma ? 'cast(null as decimal(18, 4))' : `try_cast(${text} as decimal(18, 4))`;
  return `coalesce(
       ${plain},
       try_cast(
         regexp_replace(
           regexp_replace(${digits}, '[\\s\\x{a0}\\x{202f}$€£¥''’]|\\b[A-Z]{3}\\b', '', 'g'),
           '^(?:\\((.*)\\)|(.*)-)$', '-\\1\\2'
         ) as decimal(18, 4)
       )
     )`;
}

const withCSchema = z.object({ any_with_c: z.boolean() });
const cancellationSchema = z.object({ plain_ids: z.coerce.number(), c_ids: z.coerce.number() });

/** `C536379` beside `536379` is a cancellation, as tills write it; where all ids begin with a C it is just an id. */
async function createCancellationMacro(connection: DuckDBConnection): Promise<void> {
  const test = (await hasCancellations(connection)) ? "regexp_full_match(t, '[Cc]\\d+')" : 'false';
  await connection.run(`create temp macro is_cancellation(t) as ${test}`);
}

async function hasCancellations(connection: DuckDBConnection): Promise<boolean> {
  const withC = await connection.runAndReadAll(loadSql('duckdb/import/order_ids_with_c'));
  if (!withCSchema.parse(withC.getRowObjectsJson()[0]).any_with_c) return false;
  const result = await connection.runAndReadAll(loadSql('duckdb/import/cancellation_ids'));
  const { plain_ids, c_ids } = cancellationSchema.parse(result.getRowObjectsJson()[0]);
  return plain_ids > c_ids;
}
