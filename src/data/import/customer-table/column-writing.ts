import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import type { ColumnKind, TableColumn } from '../../feature-table/feature-table.ts';
import { cellName, isDay, kindAsWritten, type TableWriting } from '../../feature-table/table-cells.ts';
import { loadSql } from '../../load-sql.ts';
import { type DateDecision, type DateProblem, decideDates, hasShortYears } from '../values/date-decision.ts';
import {
  type DecimalMark,
  decimalMarkOf,
  type NumberForms,
  numberFormsSchema,
} from '../values/decimal-mark.ts';
import { dateOrderOf, dateShapes, shortYearReadings } from '../values/written-dates.ts';

/** A column of a table of customers: the relation that holds it, and its position. */
export interface ColumnPlace {
  readonly relation: 'staged' | 'labelled';
  readonly place: number;
}

/** Makes the filled cells of a column readable as `written_texts(t)`. */
async function viewFilled(connection: DuckDBConnection, { relation, place }: ColumnPlace): Promise<void> {
  await connection.run(
    `create or replace temp view written_texts as
     select ${cellName(place)} as t from ${relation} where not says_missing(${cellName(place)})`,
  );
}

/** The order of the dates of a column, decided as that of an orders file. */
export async function decideDays(
  connection: DuckDBConnection,
  column: ColumnPlace,
  { writing, now }: { readonly writing: TableWriting; readonly now: Date },
): Promise<DateDecision | DateProblem> {
  await viewFilled(connection, column);
  const shapes = await dateShapes(connection);
  const short = hasShortYears(shapes) ? await shortYearReadings(connection, now) : [];
  return decideDates(shapes, dateOrderOf(writing.dateFormat), short);
}

/** How the numbers of a column are written. */
export async function numberFormsIn(connection: DuckDBConnection, column: ColumnPlace): Promise<NumberForms> {
  await viewFilled(connection, column);
  const result = await connection.runAndReadAll(loadSql('duckdb/import/number_forms'));
  return numberFormsSchema.parse(result.getRowObjectsJson()[0]);
}

/**
 * The kinds as which the columns of another file are read. They are those of the file that was learnt from, unless this one
 * is written in another way: by its own dates and numbers, or as the user says.
 */
export async function kindsInFile(
  connection: DuckDBConnection,
  columns: readonly TableColumn[],
  places: readonly number[],
  written: { readonly writing: TableWriting; readonly now: Date },
): Promise<ColumnKind[]> {
  const marks = await marksInFile(connection, columns, places);
  const kinds: ColumnKind[] = [];
  for (const [at, { kind }] of columns.entries()) {
    const place = places[at] ?? 0;
    const own = isDay(kind)
      ? await dayKindInFile(connection, { relation: 'staged', place }, kind, written)
      : kindAsWritten(kind, { decimal: marks[at] });
    kinds.push(kindAsWritten(own, written.writing));
  }
  return kinds;
}

/** The decimal mark of each column of numbers: that of its own numbers, else the only one of the file. */
async function marksInFile(
  connection: DuckDBConnection,
  columns: readonly TableColumn[],
  places: readonly number[],
): Promise<(DecimalMark | undefined)[]> {
  const own: (DecimalMark | undefined)[] = [];
  for (const [at, { kind }] of columns.entries()) {
    const isNumber = kind === 'number' || kind === 'comma_number';
    own.push(isNumber ? await ownMark(connection, places[at] ?? 0) : undefined);
  }
  const [only, other] = new Set(own.filter((mark) => mark !== undefined));
  return own.map((mark) => mark ?? (other === undefined ? only : undefined));
}

async function ownMark(connection: DuckDBConnection, place: number): Promise<DecimalMark | undefined> {
  const forms = await numberFormsIn(connection, { relation: 'staged', place });
  const isMarked = forms.comma_decimals + forms.point_decimals + forms.open_commas + forms.open_points > 0;
  const mark = isMarked ? decimalMarkOf([forms]) : undefined;
  return typeof mark === 'object' ? undefined : mark;
}

async function dayKindInFile(
  connection: DuckDBConnection,
  column: ColumnPlace,
  kind: ColumnKind,
  written: { readonly writing: TableWriting; readonly now: Date },
): Promise<ColumnKind> {
  const days = await decideDays(connection, column, written);
  const order =
    'problem' in days ? undefined : days.formats.find((format) => format.order !== undefined)?.order;
  return kindAsWritten(kind, { dateFormat: order });
}
