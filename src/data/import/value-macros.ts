import { z } from 'zod';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import type { ShopTable } from '../duckdb/shop-tables.ts';
import { loadSql } from '../load-sql.ts';
import { dateFormatOf } from './date-format.ts';
import type { DateOrder } from './import-report.ts';

/**
 * How the text of this import's columns becomes values, as macros that the `import_*` statements call. Each is
 * decided over a whole column: the same text never means two things within one column.
 */
export async function createValueMacros(
  connection: DuckDBConnection,
  tablesWithDates: readonly ShopTable[],
  dateOrder: DateOrder | undefined,
): Promise<void> {
  await connection.run(loadSql('duckdb/import_macro_clean_text'));
  await createDateMacros(connection, tablesWithDates, dateOrder);
  for (const [table, fields] of Object.entries(NUMBER_FIELDS)) {
    for (const field of fields) await createNumberMacro(connection, table, field);
  }
  await createCancellationMacro(connection);
}

const NUMBER_FIELDS = {
  orders: ['total_amount', 'discount_percent', 'shipping_cost'],
  order_items: ['quantity', 'unit_price', 'line_total'],
  product_catalog: ['price', 'stock_quantity'],
} as const;

async function createDateMacros(
  connection: DuckDBConnection,
  staged: readonly ShopTable[],
  dateOrder: DateOrder | undefined,
): Promise<void> {
  const columns = [
    ['orders', 'order_date'],
    ['order_items', 'order_date'],
    ['customers', 'registration_date'],
  ] as const;
  for (const [table, field] of columns) {
    const format = staged.includes(table)
      ? await dateFormatOf(connection, table, field, dateOrder)
      : { pattern: '', read: 'cast(null as timestamp)' };
    await connection.run(
      `create temp macro ${table}_${field}(t) as
       case when regexp_full_match(t, '${format.pattern}') then ${format.read} end`,
    );
  }
}

const commaSchema = z.object({ decimal_commas: z.coerce.number(), decimal_points: z.coerce.number() });

async function createNumberMacro(connection: DuckDBConnection, table: string, field: string): Promise<void> {
  const counts = await connection.runAndReadAll(
    `select
       count_if(regexp_matches(trim(${field}), ',\\d{1,2}\\D*$') or regexp_matches(${field}, '\\.\\d{3},')) as decimal_commas,
       count_if(regexp_matches(${field}, '\\.\\d{1,2}\\D*$') or regexp_matches(${field}, ',\\d{3}\\.')) as decimal_points
     from staging.${table}
     where ${field} like '%,%'`,
  );
  const { decimal_commas, decimal_points } = commaSchema.parse(counts.getRowObjectsJson()[0]);
  const usesDecimalComma = decimal_commas > decimal_points;
  // 1.234,50 becomes 1234.50; where the comma only groups thousands it is left out.
  const digits = usesDecimalComma ? "replace(replace(t, '.', ''), ',', '.')" : "replace(t, ',', '')";
  const plain = usesDecimalComma ? 'cast(null as decimal(18, 4))' : 'try_cast(t as decimal(18, 4))';
  await connection.run(
    `create temp macro ${table}_${field}(t) as coalesce(
       ${plain},
       try_cast(
         regexp_replace(
           regexp_replace(${digits}, '[\\s\\x{a0}\\x{202f}$€£¥''’]|\\b[A-Z]{3}\\b', '', 'g'),
           '^(?:\\((.*)\\)|(.*)-)$', '-\\1\\2'
         ) as decimal(18, 4)
       )
     )`,
  );
}

const cancellationSchema = z.object({ plain_ids: z.coerce.number(), c_ids: z.coerce.number() });

/** `C536379` beside `536379` is a cancellation, as tills write it; where all ids begin with a C it is just an id. */
async function createCancellationMacro(connection: DuckDBConnection): Promise<void> {
  const result = await connection.runAndReadAll(loadSql('duckdb/import_cancellation_ids'));
  const { plain_ids, c_ids } = cancellationSchema.parse(result.getRowObjectsJson()[0]);
  const test = plain_ids > c_ids ? "regexp_full_match(t, '[Cc]\\d+')" : 'false';
  await connection.run(`create temp macro is_cancellation(t) as ${test}`);
}
