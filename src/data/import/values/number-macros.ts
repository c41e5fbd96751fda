import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import { quotedList } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import type { ShopTable } from '../../shop-tables.ts';
import { fileOf } from '../columns/column-matcher.ts';
import type { ImportContext } from '../import-context.ts';
import { readRow } from '../staging/relations.ts';
import { hasField, type StagedTable } from '../staging/staged-file.ts';
import { WHOLE_CURRENCIES } from './currency-units.ts';
import { type DecimalMark, decimalMarkOf, numberFormsSchema, type UndecidedMark } from './decimal-mark.ts';
import { unitOfAmounts } from './minor-units.ts';
import { AMOUNT_FIELDS, NUMBER_FIELDS, typedNumberSql } from './typed-column.ts';
import { createWrittenMacro, viewAmounts, viewTexts } from './written-text.ts';

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
  const marks = await marksOf(context.connection, table, texts);
  const arePlain = marks.not_plain === 0;
  const mark = await markOf(context, staged, texts, marks);
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

const marksSchema = z.object({
  with_comma: z.coerce.number(),
  with_point: z.coerce.number(),
  with_decimals: z.coerce.number(),
  not_plain: z.coerce.number(),
});
type NumberMarks = z.infer<typeof marksSchema>;

const NO_MARKS: NumberMarks = { with_comma: 0, with_point: 0, with_decimals: 0, not_plain: 0 };

async function marksOf(
  connection: DuckDBConnection,
  table: ShopTable,
  fields: readonly string[],
): Promise<NumberMarks> {
  if (fields.length === 0) return NO_MARKS;
  await viewTexts(connection, table, ...fields);
  return marksSchema.parse(await readRow(connection, 'duckdb/import/number_marks'));
}

/** @throws IMPORT_REFUSED if the decimal mark is not clear */
async function markOf(
  { connection, request, decisions }: ImportContext,
  { table, files }: StagedTable,
  texts: readonly string[],
  marks: NumberMarks,
): Promise<DecimalMark> {
  const decided = request.decimal ?? (await markByForms(connection, table, texts, marks));
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

/** Without any comma, a single number like 12.50 decides; only otherwise every number is examined. */
async function markByForms(
  connection: DuckDBConnection,
  table: ShopTable,
  fields: readonly string[],
  { with_comma, with_point, with_decimals }: NumberMarks,
): Promise<DecimalMark | UndecidedMark> {
  if (with_comma === 0 && (with_point === 0 || with_decimals > 0)) return 'point';
  const columns = [];
  for (const field of fields) {
    await viewTexts(connection, table, field);
    columns.push(numberFormsSchema.parse(await readRow(connection, 'duckdb/import/number_forms')));
  }
  return decimalMarkOf(columns);
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

/** @param file how the sentence names it: `The orders file` */
export function undecided(file: string, { examples }: UndecidedMark): ChurnMcpError {
  return new ChurnMcpError(
    'IMPORT_REFUSED',
    `${file} does not tell whether a comma or a point separates the decimals: ${quotedList(examples)}.`,
    {
      hint: 'Choose one: --decimal comma (1.250 means one thousand two hundred and fifty) or --decimal point (1,250 means that).',
    },
  );
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
