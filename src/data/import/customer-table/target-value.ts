import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import { quoted, quotedList } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { cellName } from '../../feature-table/table-cells.ts';
import { loadSql } from '../../load-sql.ts';
import type { StagedTable } from './stage-table.ts';

/** Words for "yes, the customer left". */
const YES = new Set(['yes', 'y', 'true', 't', '1', '1.0']);
/** Words for "no". A `1` beside any other word is an unknown code, so it does not count as yes. */
const NO = new Set(['no', 'n', 'false', 'f', '0', '0.0']);
const CHURNED = new Set(
  'churn churned churner left lost gone exited cancelled canceled closed departed inactive attrited'
    .split(' ')
    .concat('attrited customer'),
);
const STAYED = new Set(
  'stayed active retained existing current renewed loyal'.split(' ').concat('existing customer'),
);

/** Words in a column's name that ask who stayed, and words that negate the question. */
const ASKS_WHO_STAYED =
  /^(retain(ed|s)?|retention|stay(ed|s)?|active|renew(ed|s|al)?|loyal|remain(ed|s)?|kept|current|subscribed)$/;
const ASKS_WHO_LEFT =
  /^(no|not|non|inactive|unsubscribed|churn(ed)?|left|lost|exit(ed)?|cancel(l?ed)?|attrition)$/;

/** Values listed in an error. */
const MOST_LISTED = 10;

export interface TargetValue {
  readonly value: string;
  /** Whether the value says "not known" (NA and the like). */
  readonly saysMissing: boolean;
}

/**
 * Finds the value of a target column that means that a customer left. Cells that mean "not known" are emptied if two
 * outcomes remain without them.
 *
 * @param wanted the caller's own word for it; all other values then count as stayed
 * @throws IMPORT_REFUSED if it is not clear
 */
export async function readTargetValue(
  connection: DuckDBConnection,
  { columns }: StagedTable,
  target: number,
  wanted: string | undefined,
): Promise<string> {
  const cell = cellName(target);
  await connection.run(`create or replace temp view staged_target as select ${cell} as value from staged`);
  const result = await connection.runAndReadAll(loadSql('duckdb/table/target_values'));
  const values = result.getRowObjectsJson().map((row) => targetValueSchema.parse(row));
  const outcomes = outcomesOf(values);
  if (outcomes.length < values.length) {
    await connection.run(`update staged set ${cell} = null where says_missing(${cell})`);
  }
  return positiveOf(columns[target] ?? '', outcomes, wanted);
}

const targetValueSchema = z
  .object({ value: z.string(), is_missing_word: z.coerce.boolean() })
  .transform(({ value, is_missing_word }): TargetValue => ({ value, saysMissing: is_missing_word }));

/** The values that are outcomes: "None" and "Churned" are both; of "NA", "Yes" and "No", the last two are. */
export function outcomesOf(values: readonly TargetValue[]): string[] {
  const said = values.filter(({ saysMissing }) => !saysMissing);
  return (said.length < 2 ? values : said).map(({ value }) => value);
}

/** @throws IMPORT_REFUSED */
export function positiveOf(column: string, values: readonly string[], wanted: string | undefined): string {
  const name = quoted(column);
  const listed = quotedList(values, MOST_LISTED);
  if (values.length < 2) {
    throw refused(
      `The target column ${name} has ${values.length === 0 ? 'no value' : `only one value: ${listed}`}.`,
      'Name a column with two outcomes, left and stayed: --target COLUMN.',
    );
  }
  if (wanted !== undefined) {
    const found = values.find((value) => value.toLowerCase() === wanted.trim().toLowerCase());
    if (found !== undefined) return found;
    throw refused(
      `The target column ${name} has no value ${quoted(wanted)}; it has ${listed}.`,
      'Name one of these values with --positive VALUE.',
    );
  }
  if (values.length > 2) {
    throw refused(
      `The target column ${name} has more than two values: ${listed}.`,
      'Name the value that means "left" with --positive VALUE, or another column with --target COLUMN.',
    );
  }
  const positive = positiveByWords(column, values);
  if (positive !== undefined) return positive;
  throw refused(
    `It is not clear which value of ${name} means that a customer left: ${listed}.`,
    'Name it with --positive VALUE.',
  );
}

/** Decides by the words of the values. A plain yes means left only if the column does not ask who stayed. */
function positiveByWords(column: string, values: readonly string[]): string | undefined {
  const only = (matching: readonly string[]) => (matching.length === 1 ? matching[0] : undefined);
  const said = (words: ReadonlySet<string>) => values.filter((value) => words.has(value.toLowerCase()));
  const churned = only(said(CHURNED));
  if (churned !== undefined) return churned;
  const stayed = only(said(STAYED));
  if (stayed !== undefined) return values.find((value) => value !== stayed);
  const yes = only(said(YES));
  return asksWhoStayed(column) || said(NO).length !== 1 ? undefined : yes;
}

function asksWhoStayed(column: string): boolean {
  const words = column
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.some((word) => ASKS_WHO_STAYED.test(word)) && !words.some((word) => ASKS_WHO_LEFT.test(word));
}

function refused(message: string, hint: string): ChurnMcpError {
  return new ChurnMcpError('IMPORT_REFUSED', message, { hint });
}
