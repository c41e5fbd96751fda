import { z } from 'zod';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import { SHOP_TABLE_NAMES, type ShopTable } from '../../shop-tables.ts';
import type { ImportContext } from '../import-context.ts';
import { readRow } from '../staging/relations.ts';
import type { StagedShop } from '../staging/stage-shop.ts';
import { hasField, type StagedTable } from '../staging/staged-file.ts';
import { stagedTypes } from '../staging/staged-types.ts';
import { createDateMacro } from './date-macros.ts';
import { createIdMacros } from './id-macros.ts';
import { createNumberMacros, NUMBER_MACROS } from './number-macros.ts';
import { DATE_FIELDS, TEXT_FIELDS } from './typed-column.ts';

/** Macros that are the same for every import; those that others call come first. */
const MACROS = [
  'duckdb/table/macro_missing',
  'duckdb/import/macro_visible_line',
  'duckdb/import/macro_clean_text',
  'duckdb/import/macro_spreadsheet_text',
  'duckdb/import/macro_clean_id',
  'duckdb/import/macro_customer_key',
  'duckdb/import/macro_month_number',
  'duckdb/import/macro_plain_clock',
  'duckdb/import/macro_wall_time',
  ...NUMBER_MACROS,
  'duckdb/import/macro_currency_of_mark',
  'duckdb/import/macro_currency_mark',
] as const;

/** How plainly the values of an import are written. */
export interface WrittenForms {
  /** Tables whose numbers are nothing but digits and a point. */
  readonly withPlainNumbers: ReadonlySet<ShopTable>;
  /** True if every id is taken as it is written. */
  readonly idsAreAsWritten: boolean;
}

/**
 * Defines how the texts of this import's columns become values, as macros that the statements of `duckdb/import` call. Each
 * is decided over a whole column, so the same text never means two things within one column.
 */
export async function createValueMacros(context: ImportContext, staged: StagedShop): Promise<WrittenForms> {
  const { connection } = context;
  for (const macro of MACROS) await connection.run(loadSql(macro));
  const areOfLog = context.request.isOfLog === true;
  const namesAreProducts = areOfLog || (await someProductsAreNamed(connection, staged.order_items));
  const idsAreAsWritten = await createIdMacros(connection, staged, { namesAreProducts, areOfLog });
  const withPlainNumbers = new Set<ShopTable>();
  for (const table of SHOP_TABLE_NAMES) {
    await createTextMacros(connection, staged[table]);
    const types = await stagedTypes(connection, staged[table]);
    const typeOf = (field: string) => types.get(field) ?? 'VARCHAR';
    for (const field of DATE_FIELDS[table])
      await createDateMacro(context, staged[table], field, typeOf(field));
    if (await createNumberMacros(context, staged[table], typeOf)) withPlainNumbers.add(table);
  }
  const product = namesAreProducts ? 'coalesce(id, name)' : 'id';
  await connection.run(`create temp macro order_items_product(id, name) as product_id_of(${product})`);
  return { withPlainNumbers, idsAreAsWritten };
}

/**
 * Defines how the texts of a table are cleaned: the macros `<table>_<field>_text(t, n)`. For a field that no file has, nothing is
 * cleaned: the engine would compile the regular expressions of each such field.
 */
async function createTextMacros(connection: DuckDBConnection, staged: StagedTable): Promise<void> {
  const { table } = staged;
  const macros = TEXT_FIELDS[table].map((field) => {
    const read = hasField(staged, field) ? 'clean_text(t, n)' : 'cast(null as varchar)';
    return `create temp macro ${table}_${field}_text(t, n) as ${read};`;
  });
  await connection.run(macros.join('\n'));
}

const missingSchema = z.object({ is_any_missing: z.boolean() });

/** A line's product is its id, else its name. If no row needs the choice, repeated ids are cleaned only once. */
async function someProductsAreNamed(connection: DuckDBConnection, lines: StagedTable): Promise<boolean> {
  if (!hasField(lines, 'product_name')) return false;
  const found = await readRow(connection, 'duckdb/import/has_lines_without_product_id');
  return missingSchema.parse(found).is_any_missing;
}
