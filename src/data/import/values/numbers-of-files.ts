import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import { quoted, quotedList } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import type { ImportContext } from '../import-context.ts';
import { readRow } from '../staging/relations.ts';
import { rewriteFields } from '../staging/rewrite-fields.ts';
import type { StagedFile, StagedTable } from '../staging/staged-file.ts';
import {
  certainMarkOf,
  type DecimalMark,
  decimalMarkOf,
  examplesOf,
  type NumberForms,
  numberFormsSchema,
  type UndecidedMark,
} from './decimal-mark.ts';
import { viewTexts } from './written-text.ts';

const marksSchema = z.object({
  with_comma: z.coerce.number(),
  with_point: z.coerce.number(),
  with_decimals: z.coerce.number(),
  with_long_decimals: z.coerce.number(),
  not_plain: z.coerce.number(),
});

/** How one of several files of a table writes its numbers. */
export interface FileNumbers {
  readonly file: StagedFile;
  /** Its fields with numbers as text. */
  readonly fields: readonly string[];
  /** The decimal mark, if a number can be read in only one way; undefined also if there is no mark at all. */
  readonly certain: DecimalMark | undefined;
  /** How each field is written; empty if nothing can be read in two ways. */
  readonly forms: readonly NumberForms[];
  /** True if all texts are nothing but digits and a point. */
  readonly arePlain: boolean;
}

/** @param texts the fields of the table that hold numbers as text */
export async function numbersOfFiles(
  connection: DuckDBConnection,
  { files }: StagedTable,
  texts: readonly string[],
): Promise<FileNumbers[]> {
  const numbers: FileNumbers[] = [];
  for (const file of files) {
    const fields = texts.filter((field) => field in file.match);
    if (fields.length > 0) numbers.push(await numbersOfFile(connection, file, fields));
  }
  return numbers;
}

/** Without any comma, a single number like 12.50 or 12.5000 decides; only otherwise every number is examined. */
async function numbersOfFile(
  connection: DuckDBConnection,
  file: StagedFile,
  fields: readonly string[],
): Promise<FileNumbers> {
  await viewTexts(connection, file.relation, ...fields);
  const marks = marksSchema.parse(await readRow(connection, 'duckdb/import/number_marks'));
  const arePlain = marks.not_plain === 0;
  // 1.2500 has a decimal point, unless 1.234.567 beside it says that points group.
  const hasDecimals = marks.with_decimals > 0 || (arePlain && marks.with_long_decimals > 0);
  if (marks.with_comma === 0 && (marks.with_point === 0 || hasDecimals)) {
    return { file, fields, certain: marks.with_point > 0 ? 'point' : undefined, forms: [], arePlain };
  }
  const forms = [];
  for (const field of fields) {
    await viewTexts(connection, file.relation, field);
    forms.push(numberFormsSchema.parse(await readRow(connection, 'duckdb/import/number_forms')));
  }
  return { file, fields, certain: certainMarkOf(forms), forms, arePlain };
}

/**
 * If some files write a decimal comma and others a point, writes the numbers of the former with a point. A file whose numbers
 * tell nothing has the mark that the user names.
 *
 * @returns the mark of all files, if they had different ones
 * @throws IMPORT_REFUSED if they do, and a file does not tell which one it has
 */
export async function alignDecimalMarks(
  { connection, request, decisions }: ImportContext,
  numbers: readonly FileNumbers[],
): Promise<DecimalMark | undefined> {
  const known = numbers.map((of) => ({ of, mark: of.certain ?? markOfOpen(of, request.decimal) }));
  const [mark, other] = new Set(known.flatMap((each) => each.mark ?? []));
  const open = known.filter(({ of, mark: own }) => own === undefined && tellsNothing(of.forms));
  // A habit of programs is no proof, but it contradicts.
  const doubtful = open.find(({ of }) => {
    const habit = decimalMarkOf(of.forms);
    return other !== undefined || (mark !== undefined && typeof habit === 'string' && habit !== mark);
  });
  if (doubtful !== undefined) {
    const { file, forms } = doubtful.of;
    throw undecided(`The file ${quoted(file.file.name)}`, { examples: examplesOf(forms) });
  }
  if (other === undefined) return undefined;
  const withCommas = known.filter((each) => each.mark === 'comma').map(({ of }) => of);
  for (const { file, fields } of withCommas) {
    const exchanged = fields.map((field) => [field, `translate(${field}, '.,', ',.')`]);
    await rewriteFields(connection, file, Object.fromEntries(exchanged));
  }
  decisions.say(
    `Each file is read by its own decimal mark, which is a comma in ${quotedList(withCommas.map(({ file }) => file.file.name))} and a point in the others.`,
  );
  return 'point';
}

/** The formats JSON and workbooks write a point; of other files without proof the user's word counts. */
function markOfOpen({ file, forms }: FileNumbers, wanted: DecimalMark | undefined): DecimalMark | undefined {
  if (!tellsNothing(forms)) return undefined;
  return wanted ?? (file.file.writesPoints ? 'point' : undefined);
}

/** True if numbers have marks that may be of either kind. */
function tellsNothing(forms: readonly NumberForms[]): boolean {
  return certainMarkOf(forms) === undefined && examplesOf(forms).length > 0;
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
