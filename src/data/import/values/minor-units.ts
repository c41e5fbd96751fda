import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import { quoted, quotedList } from '../../../text/quoted.ts';
import { loadSql } from '../../load-sql.ts';
import { fileOf } from '../columns/column-matcher.ts';
import { withoutMinorUnit } from '../columns/minor-unit-name.ts';
import type { ImportContext } from '../import-context.ts';
import { readRow } from '../staging/relations.ts';
import { hasField, type StagedTable } from '../staging/staged-file.ts';
import { minorUnit } from './currency-units.ts';
import { viewTexts } from './written-text.ts';

/**
 * What one of the amounts of a field is worth: 0.01 if the name of its column says that they are cents, else 1.
 *
 * @throws IMPORT_REFUSED if only some files count in cents, or currencies have different smallest units
 */
export async function unitOfAmounts(
  context: ImportContext,
  staged: StagedTable,
  field: string,
): Promise<number> {
  const { connection, decisions } = context;
  const column = minorColumn(staged, field);
  if (column === undefined) return 1;
  await viewTexts(connection, staged.table, field);
  const { example } = exampleSchema.parse(await readRow(connection, 'duckdb/import/amount_with_decimals'));
  if (example !== null) {
    decisions.say(
      `The name ${quoted(column)} says that its amounts are in the smallest unit of the currency, but some have decimals, such as ${quoted(example)}, so they are read as they are.`,
    );
    return 1;
  }
  const unit = await unitOfCurrencies(context, column);
  decisions.say(
    `The amounts of ${quoted(column)} are in the smallest unit of the currency, so 1250 is read as ${1250 * unit}.`,
  );
  return unit;
}

const exampleSchema = z.object({ example: z.string().nullable() });

/** The column of a field if its name tells a smallest unit. @throws IMPORT_REFUSED if that of another file does not */
function minorColumn(staged: StagedTable, field: string): string | undefined {
  if (!hasField(staged, field)) return undefined;
  const columns = staged.files.flatMap(({ columns, match, system, file }) => {
    const column = columns[match[field] ?? -1];
    return column === undefined || system?.inMinorUnits === true ? [] : [{ column, file: file.name }];
  });
  const isMinor = ({ column }: { column: string }) => withoutMinorUnit(column) !== undefined;
  const [minor, other] = [columns.find(isMinor), columns.find((named) => !isMinor(named))];
  if (minor === undefined || other === undefined) return minor?.column;
  throw new ChurnMcpError(
    'IMPORT_REFUSED',
    `The ${fileOf(staged.table)} files count amounts differently: ${quoted(minor.column)} of ${quoted(minor.file)} in the smallest unit of the currency, ${quoted(other.column)} of ${quoted(other.file)} not.`,
    { hint: 'Import the files of one kind, then add the others: --append.' },
  );
}

const namedSchema = z.object({ currency: z.string() });

async function unitOfCurrencies({ connection }: ImportContext, column: string): Promise<number> {
  const result = await connection.runAndReadAll(loadSql('duckdb/import/currencies'));
  const currencies = result.getRowObjectsJson().map((row) => namedSchema.parse(row).currency);
  const [unit = minorUnit(''), another] = [...new Set(currencies.map(minorUnit))];
  if (another === undefined) return unit;
  throw new ChurnMcpError(
    'IMPORT_REFUSED',
    `The amounts of ${quoted(column)} are in the smallest unit of currencies that are divided differently: ${quotedList(currencies)}.`,
    { hint: 'Import the orders of each currency from a file of their own.' },
  );
}
