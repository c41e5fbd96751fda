import type { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import { quoted } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { readCount } from '../../duckdb/read-count.ts';
import type { LeftOutColumn, TableColumn } from '../../feature-table/feature-table.ts';
import { cellName, formattedDaySql, type TableWriting } from '../../feature-table/table-cells.ts';
import { loadSql } from '../../load-sql.ts';
import { type DecimalMark, decimalMarkOf } from '../values/decimal-mark.ts';
import { undecided } from '../values/numbers-of-files.ts';
import { refusedDates } from '../values/written-dates.ts';
import {
  type ColumnDays,
  type ColumnProfile,
  daysSchema,
  hasOpenDays,
  judgeColumn,
  numberReadings,
  profileSchema,
} from './column-profile.ts';
import { decideDays, numberFormsIn } from './column-writing.ts';
import type { StagedTable } from './stage-table.ts';

/** A column kept, with its position in the file. */
export interface KeptColumn extends TableColumn {
  readonly place: number;
  readonly unreadable: number;
}

interface Judging {
  /** Positions of columns that are no features: the id and the target. */
  readonly others: readonly number[];
  /** Position of the sample weights. */
  readonly weight: number | undefined;
  readonly writing: TableWriting;
  readonly now: Date;
}

interface ProfiledColumn {
  readonly place: number;
  readonly name: string;
  readonly profile: ColumnProfile;
}

/**
 * Decides what each column of the table `labelled` is: a number, a day or a category, or why it is left out.
 *
 * @throws IMPORT_REFUSED if no column is left, or one can be read in two ways and nothing tells which
 */
export async function judgeColumns(
  connection: DuckDBConnection,
  staged: StagedTable,
  judging: Judging,
): Promise<{ kept: KeptColumn[]; leftOut: LeftOutColumn[] }> {
  const churned = await readCount(connection, loadSql('duckdb/table/label_count'));
  await connection.run(
    `create or replace temp macro formatted_day(t) as ${formattedDaySql('t', judging.writing)}`,
  );
  const profiled = await profileColumns(connection, staged, judging.others);
  const file = `The file ${quoted(staged.fileName)}`;
  const kept: KeptColumn[] = [];
  const leftOut: LeftOutColumn[] = [];
  for (const column of profiled) {
    const { place, name, profile } = column;
    if (place === judging.weight) {
      leftOut.push({
        name,
        reason: 'it says how much each customer counts, in training and in the figures, and is not a feature',
      });
      continue;
    }
    const days = hasOpenDays(profile)
      ? await decideDays(connection, { relation: 'labelled', place }, judging)
      : undefined;
    if (days !== undefined && 'problem' in days) throw refusedDates(file, quoted(name), days);
    const dayOrder = days?.formats.find(({ order }) => order !== undefined)?.order;
    const mark = await markOf(connection, column, profiled, judging.writing.decimal);
    if (typeof mark === 'object') throw undecided(`${file}, column ${quoted(name)},`, mark);
    const judged = judgeColumn(profile, churned, { mark, dayOrder });
    if (judged.kind === undefined) leftOut.push({ name, reason: judged.reason });
    else kept.push({ name, kind: judged.kind, unreadable: judged.unreadable, place });
  }
  if (kept.length > 0) return { kept, leftOut };
  throw new ChurnMcpError('IMPORT_REFUSED', 'No column is left to learn from.', {
    hint: `Left out: ${leftOut.map(({ name, reason }) => `${quoted(name)} (${reason})`).join(', ')}.`,
  });
}

async function profileColumns(
  connection: DuckDBConnection,
  { columns }: StagedTable,
  others: readonly number[],
): Promise<ProfiledColumn[]> {
  const profiled: ProfiledColumn[] = [];
  for (const [place, name] of columns.entries()) {
    if (others.includes(place)) continue;
    await connection.run(
      `create or replace temp view one_column as select ${cellName(place)} as value, label from labelled`,
    );
    const result = await connection.runAndReadAll(loadSql('duckdb/table/column_profile'));
    const profile = profileSchema.parse(result.getRowObjectsJson()[0]);
    const days = mayHoldDays(profile) ? await readDays(connection) : NO_DAYS;
    profiled.push({ place, name, profile: { ...profile, ...days } });
  }
  return profiled;
}

const NO_DAYS: ColumnDays = {
  days: 0,
  days_day_first: 0,
  days_month_first: 0,
  days_year_first: 0,
  day_example: null,
};

/** Looks for dates only if needed: that takes longer than all other checks, and most columns hold numbers or words. */
function mayHoldDays(profile: z.infer<typeof profileSchema>): boolean {
  const { point, comma } = numberReadings(profile);
  const readable = profile.present - profile.missing_words;
  return point === undefined && comma === undefined && readable > 0 && profile.looks_dated >= readable;
}

async function readDays(connection: DuckDBConnection): Promise<ColumnDays> {
  const result = await connection.runAndReadAll(loadSql('duckdb/table/column_days'));
  return daysSchema.parse(result.getRowObjectsJson()[0]);
}

/**
 * The decimal mark of a column that could be read in two ways (`1.250`): decided by its own numbers, else by the other
 * columns of the file, else by the user. Undefined if it can be read in only one way, or has no marks.
 */
async function markOf(
  connection: DuckDBConnection,
  { place, profile }: ProfiledColumn,
  all: readonly ProfiledColumn[],
  wanted: DecimalMark | undefined,
) {
  const { point, comma } = numberReadings(profile);
  if (point === undefined || comma === undefined) return undefined;
  const own = decimalMarkOf([await numberFormsIn(connection, { relation: 'labelled', place })]);
  if (typeof own !== 'object') return own;
  const marks = new Set(
    all.map((column) => clearMarkOf(column.profile)).filter((mark) => mark !== undefined),
  );
  const [only] = marks;
  return wanted ?? (marks.size === 1 && only !== undefined ? only : own);
}

/** The mark of a column that can be read with only one of them. */
function clearMarkOf(profile: ColumnProfile): DecimalMark | undefined {
  const { point, comma } = numberReadings(profile);
  if (point !== undefined && comma === undefined) return 'point';
  return comma !== undefined && point === undefined ? 'comma' : undefined;
}
