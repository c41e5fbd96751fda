import { z } from 'zod';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import type { ShopTable } from '../../duckdb/shop-tables.ts';
import { typedNumberSql } from './typed-column.ts';
import { createWrittenMacro } from './written-text.ts';

const commaSchema = z.object({ decimal_commas: z.coerce.number(), decimal_points: z.coerce.number() });

/** How the numbers of a field are read: the macros `<table>_<field>_written` and `<table>_<field>`. */
export async function createNumberMacro(
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
