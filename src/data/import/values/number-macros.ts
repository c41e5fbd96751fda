import { z } from 'zod';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import type { ShopTable } from '../../shop-tables.ts';
import { fileOf } from '../columns/column-matcher.ts';
import type { ImportContext } from '../import-context.ts';
import { readRow } from '../staging/relations.ts';
import { hasField, type StagedTable } from '../staging/staged-file.ts';
import { WHOLE_CURRENCIES } from './currency-units.ts';
import { type DecimalMark, decimalMarkOf, type UndecidedMark } from './decimal-mark.ts';
import { unitOfAmounts } from './minor-units.ts';
import { alignDecimalMarks, type FileNumbers, numbersOfFiles, undecided } from './numbers-of-files.ts';
import { AMOUNT_FIELDS, NUMBER_FIELDS, typedNumberSql } from './typed-column.ts';
import { createWrittenMacro, viewAmounts } from './written-text.ts';

/** Macros that read numbers, in any table; those that others call come first. */
export const NUMBER_MACROS = [
  'duckdb/import/macro_currency_codes',
  'duckdb/import/macro_number_run',
  'duckdb/import/macro_bare_number',
  'duckdb/import/macro_point_number',
  'duckdb/import/macro_comma_number',
] as const;

/**
 * Defines how the numbers of a table are read: the macros `<table>_<field>_written` and `<table>_<field>`, a decimal(18, 4).
 *
 * @param typeOf the type of each staged field
 * @returns whether every number is nothing but digits and a point, so that no currency stands beside one
 * @throws IMPORT_REFUSED if it is not clear whether a comma or a point separates the decimals, or what is in cents
 */
export async function createNumberMacros(
  context: ImportContext,
  staged: StagedTable,
  typeOf: (field: string) => string,
): Promise<boolean> {
  const { table } = staged;
  const texts = NUMBER_FIELDS[table].filter(
    (field) => typeOf(field) === 'VARCHAR' && hasField(staged, field),
  );
  const numbers = await numbersOfFiles(context.connection, staged, texts);
  const arePlain = numbers.every((ofFile) => ofFile.arePlain);
  const mark =
    (await alignDecimalMarks(context, numbers)) ?? (await commonMark(context, staged, texts, numbers));
  for (const field of NUMBER_FIELDS[table]) {
    const type = typeOf(field);
    await createWrittenMacro(context.connection, table, field, type);
    const ofText = (text: string) => textNumberSql(text, mark, arePlain);
    const read = type === 'VARCHAR' ? ofText('t') : typedNumberSql(type, ofText);
    const unit = await unitOfAmounts(context, staged, field);
    const amount = unit === 1 ? read : `try_cast((${read}) * ${unit} as decimal(18, 4))`;
    await context.connection.run(`create temp macro ${table}_${field}(t) as ${amount}`);
  }
  return arePlain;
}

/** The mark of files that do not contradict each other. @throws IMPORT_REFUSED if it is not clear */
async function commonMark(
  { connection, request, decisions }: ImportContext,
  { table, files }: StagedTable,
  texts: readonly string[],
  numbers: readonly FileNumbers[],
): Promise<DecimalMark> {
  const decided = request.decimal ?? markByForms(numbers);
  const writesPoints =
    files.length > 0 &&
    files.every(({ file, columns }) => file.writesPoints || columns.some((name) => EAST_ASIAN.test(name)));
  const mark =
    typeof decided !== 'object'
      ? decided
      : ((await markByCurrency(connection, table, texts)) ?? (writesPoints ? 'point' : decided));
  if (typeof mark === 'object') throw undecided(`The ${fileOf(table)} file`, mark);
  if (mark === 'comma') decisions.say(`In the ${fileOf(table)} file a comma separates the decimals.`);
  return mark;
}

function markByForms(numbers: readonly FileNumbers[]): DecimalMark | UndecidedMark {
  const certain = numbers.find((ofFile) => ofFile.certain !== undefined)?.certain;
  return certain ?? decimalMarkOf(numbers.flatMap(({ forms }) => forms));
}

/** Whoever writes headers in Chinese, Japanese or Korean writes decimals with a point. */
const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

const openAmountsSchema = z.object({
  with_comma: z.coerce.number(),
  with_point: z.coerce.number(),
  whole: z.coerce.number(),
});

/**
 * The decimal mark of amounts that could be read with either, if all are in currencies without thousandths: in `1,250 円`
 * the comma groups thousands. Their currency is beside the amount, in the row, or the only one of the shop.
 */
async function markByCurrency(
  connection: DuckDBConnection,
  table: ShopTable,
  texts: readonly string[],
): Promise<DecimalMark | undefined> {
  const amounts = AMOUNT_FIELDS[table].filter((field) => texts.includes(field));
  const named = (await connection.runAndReadAll(loadSql('duckdb/import/currencies'))).getRowObjectsJson();
  const only = named.length === 1 ? String(named[0]?.currency) : null;
  const total = { with_comma: 0, with_point: 0, whole: 0 };
  for (const field of amounts) {
    await viewAmounts(connection, table, field);
    const values = [JSON.stringify(WHOLE_CURRENCIES), only];
    const found = openAmountsSchema.parse(await readRow(connection, 'duckdb/import/open_amounts', values));
    total.with_comma += found.with_comma;
    total.with_point += found.with_point;
    total.whole += found.whole;
  }
  const { with_comma, with_point, whole } = total;
  if (whole === 0 || whole < with_comma + with_point) return undefined;
  if (with_point === 0) return 'point';
  return with_comma === 0 ? 'comma' : undefined;
}

/**
 * A decimal(18, 4) of the text that the expression `text` gives, NULL if it is none.
 *
 * @param arePlain a cast reads all texts of the column
 */
function textNumberSql(text: string, mark: DecimalMark, arePlain: boolean): string {
  if (mark === 'point' && arePlain) return `try_cast(${text} as decimal(18, 4))`;
  if (mark === 'comma') return `try_cast(comma_number(${text}) as decimal(18, 4))`;
  // The cast alone reads nearly all texts.
  return `coalesce(try_cast(${text} as decimal(18, 4)), try_cast(point_number(${text}) as decimal(18, 4)))`;
}
