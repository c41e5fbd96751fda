import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import { quoted } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import type { SqlFile } from '../../sql-file.ts';
import { readRow } from '../staging/relations.ts';
import type { StagedShop } from '../staging/stage-shop.ts';
import type { StagedFile } from '../staging/staged-file.ts';
import { viewTexts } from './written-text.ts';

/** Keys by which rows of several files are joined or counted, each with the fields that its macro reads. */
const KEYS = [
  { key: 'customer_id', fields: ['customer_id', 'person_id'] },
  { key: 'order_id', fields: ['order_id'] },
  { key: 'product_id', fields: ['product_id'] },
  { key: 'order_item_id', fields: ['order_item_id'] },
] as const;
type Key = (typeof KEYS)[number]['key'];

/** What a macro gives if all ids of its key are short, and one id however they are read. */
const AS_WRITTEN = 't';

/** Ids of these types have only one written form. */
const WHOLE_NUMBER = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$/;

/**
 * Gives each id one form, whatever file it is in: the macros `customer_id_of`, `order_id_of`, `product_id_of` and
 * `order_item_id_of`. Programs write the id 12345 also as `12345.0` (columns with gaps) or `0012345` (fixed width).
 *
 * @param namesAreProducts the ids of some products are names
 * @param areOfLog the ids are as their sender writes them, whatever other ids there are
 * @returns whether every id is taken as it is written
 * @throws IMPORT_REFUSED if a spreadsheet has destroyed ids
 */
export async function createIdMacros(
  connection: DuckDBConnection,
  staged: StagedShop,
  { namesAreProducts, areOfLog }: { readonly namesAreProducts: boolean; readonly areOfLog: boolean },
): Promise<boolean> {
  if (areOfLog) {
    await createPlainIdMacros(connection);
    return false;
  }
  const ids = new Map<Key, string>();
  let mayBeNullWords = false;
  for (const { key, fields } of KEYS) {
    const hasSigns = await readFirst(connection, staged, fields, 'duckdb/import/id_signs');
    if (!hasSigns && !(key === 'product_id' && namesAreProducts)) {
      ids.set(key, AS_WRITTEN);
      continue;
    }
    mayBeNullWords ||= await readFirst(connection, staged, fields, 'duckdb/import/ids_with_null_words');
    const form = await idFormOf(connection, key, filesWith(staged, key));
    const clean = key === 'customer_id' ? 'customer_key' : 'clean_id';
    ids.set(key, `${clean}(${idSql('t', form)})`);
  }
  await connection.run('set variable ids_may_be_null_words = ?', [mayBeNullWords]);
  const areAsWritten = [...ids.values()].every((id) => id === AS_WRITTEN);
  await connection.run('set variable ids_may_be_long = ?', [!areAsWritten]);
  for (const [key, id] of ids) await connection.run(`create temp macro ${key}_of(t) as ${id}`);
  return areAsWritten;
}

async function createPlainIdMacros(connection: DuckDBConnection): Promise<void> {
  await connection.run('set variable ids_may_be_null_words = true');
  await connection.run('set variable ids_may_be_long = true');
  for (const { key } of KEYS) {
    const clean = key === 'customer_id' ? 'customer_key' : 'clean_id';
    await connection.run(`create temp macro ${key}_of(t) as ${clean}(t)`);
  }
}

const foundSchema = z.object({ is_found: z.boolean() });

/** Whether the statement finds what it looks for in any column of texts of these fields. */
async function readFirst(
  connection: DuckDBConnection,
  staged: StagedShop,
  fields: readonly string[],
  statement: SqlFile,
): Promise<boolean> {
  for (const field of fields) {
    for (const { relation } of filesWith(staged, field)) {
      await viewTexts(connection, relation, field);
      if (foundSchema.parse(await readRow(connection, statement)).is_found) return true;
    }
  }
  return false;
}

/** The files whose ids of a field are texts. */
function filesWith(staged: StagedShop, field: string): StagedFile[] {
  return Object.values(staged).flatMap(({ files }) =>
    files.filter(({ match, types }) => {
      const column = match[field];
      return column !== undefined && !WHOLE_NUMBER.test(types[column] ?? '');
    }),
  );
}

interface IdForm {
  /** `12345.0` is the id 12345. */
  readonly dropsDecimals: boolean;
  /** `0012345` is the id 12345. */
  readonly dropsZeros: boolean;
}

function idSql(text: string, { dropsDecimals, dropsZeros }: IdForm): string {
  const whole = dropsDecimals ? `regexp_replace(${text}, '^\\s*(\\d+)\\.0+\\s*$', '\\1')` : text;
  return dropsZeros ? `regexp_replace(${whole}, '^\\s*0+(\\d+)\\s*$', '\\1')` : whole;
}

const marksSchema = z.object({
  with_point: z.coerce.number(),
  with_zero: z.coerce.number(),
  with_plus: z.coerce.number(),
});
const formsSchema = z.object({
  whole_decimals: z.coerce.number(),
  other_decimals: z.coerce.number(),
  padded: z.coerce.number(),
  plain: z.coerce.number(),
  exponents: z.coerce.number(),
  exponent_example: z.string().nullable(),
});

/** How ids of one key are written in all its columns. The slower check runs only if the first finds a sign. */
async function idFormOf(
  connection: DuckDBConnection,
  key: Key,
  columns: readonly StagedFile[],
): Promise<IdForm> {
  const marks = { with_point: 0, with_zero: 0, with_plus: 0 };
  for (const { relation } of columns) {
    await viewTexts(connection, relation, key);
    const found = marksSchema.parse(await readRow(connection, 'duckdb/import/id_marks'));
    marks.with_point += found.with_point;
    marks.with_zero += found.with_zero;
    marks.with_plus += found.with_plus;
  }
  const hasZeros = marks.with_zero > 0 && columns.length > 1;
  if (marks.with_point === 0 && marks.with_plus === 0 && !hasZeros) {
    return { dropsDecimals: false, dropsZeros: false };
  }
  const forms = [];
  for (const file of columns) {
    await viewTexts(connection, file.relation, key);
    const form = formsSchema.parse(await readRow(connection, 'duckdb/import/id_forms'));
    if (form.exponents > 0) throw destroyedIds(file, key, form.exponents, form.exponent_example ?? '');
    forms.push(form);
  }
  return {
    // If the column also holds 10.5, then 10.0 is a code and not a whole number.
    dropsDecimals:
      forms.some((form) => form.whole_decimals > 0) && forms.every((form) => form.other_decimals === 0),
    dropsZeros:
      forms.some((form) => form.padded > 0) &&
      forms.some((form) => form.padded === 0 && form.plain > 0) &&
      !(await wouldMergeIds(connection, key, columns)),
  };
}

const mergedSchema = z.object({ would_merge: z.boolean() });

/** True if one file contains both `007` and `7`. */
async function wouldMergeIds(
  connection: DuckDBConnection,
  key: Key,
  columns: readonly StagedFile[],
): Promise<boolean> {
  for (const { relation } of columns) {
    await viewTexts(connection, relation, key);
    const row = await readRow(connection, 'duckdb/import/id_zeros_that_tell');
    if (mergedSchema.parse(row).would_merge) return true;
  }
  return false;
}

function destroyedIds(
  { file, columns, match }: StagedFile,
  key: Key,
  count: number,
  example: string,
): ChurnMcpError {
  const column = quoted(columns[match[key] ?? -1] ?? key);
  return new ChurnMcpError(
    'IMPORT_REFUSED',
    `A spreadsheet has rounded ids in the file ${quoted(file.name)}: ${count} cells of ${column} are written like ${quoted(example)}, so different ids look the same.`,
    {
      hint: `Export the file again, and do not save it from the spreadsheet unless the column is formatted as text. Or name another column with unique ids: --map ${key}=COLUMN.`,
    },
  );
}
