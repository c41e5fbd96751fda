/** An imported table of customers as a model of it sees it: who is still there, with score and cells. */
import { parseAttribute } from '../customers/customer-attributes.ts';
import type { ColumnCells, FeatureTable, TableColumn } from '../data/feature-table/feature-table.ts';
import { readFeatureTable } from '../data/feature-table/feature-table-home.ts';
import { isDay } from '../data/feature-table/table-cells.ts';
import { didYouMean } from '../did-you-mean.ts';
import { ChurnMcpError } from '../errors.ts';
import { isoDay } from '../features/calendar-day.ts';
import { quoted, quotedList } from '../text/quoted.ts';
import { type TableModel, wantedCells } from './score-table.ts';
import { scoreCells } from './table-scorer.ts';

export interface ScoredTable {
  readonly table: FeatureTable;
  /** Of the model, in its order. */
  readonly columns: readonly TableColumn[];
  readonly cells: readonly ColumnCells[];
  /** Of every row, also of customers who have left. */
  readonly probabilities: Float32Array;
  /** Rows of customers who had not left when the table was made, by id. */
  readonly stillThere: readonly number[];
}

/**
 * Reads the imported table and scores it.
 *
 * @throws NO_DATA without a table, MISSING_TABLE if the model was trained on one with other columns
 */
export async function scoreImportedTable(
  home: string,
  { columns, onnx }: TableModel,
  signal: AbortSignal | undefined,
): Promise<ScoredTable> {
  const table = await readFeatureTable(home, signal);
  const cells = wantedCells(table, columns);
  const probabilities = await scoreCells(onnx, cells, table.ids.length, signal);
  const stillThere = [...table.labels.keys()].filter((row) => table.labels[row] === 0);
  return { table, columns, cells, probabilities, stillThere };
}

/**
 * Of these rows those that have all the attributes, written NAME=VALUE, by the names and values of the file, whatever their case.
 *
 * @throws INVALID_ARGUMENT if the table has no such column
 */
export function rowsWithAttributes(
  rows: readonly number[],
  { table: { summary, cells } }: ScoredTable,
  attributes: readonly string[],
): readonly number[] {
  const wanted = attributes.map(parseAttribute).map(({ name, value }) => {
    const at = summary.columns.findIndex((column) => attributeName(column.name) === name);
    if (at < 0) throw unknownColumn(name, summary.columns);
    return { cells: cells[at], kind: summary.columns[at].kind, value };
  });
  return rows.filter((row) => wanted.every((one) => hasValue(one.cells, row, one)));
}

function attributeName(column: string): string {
  return column
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}

function hasValue(
  cells: ColumnCells,
  row: number,
  { kind, value }: Pick<TableColumn, 'kind'> & { readonly value: string },
): boolean {
  if (cells.kind === 'category') return cells.values[row]?.toLowerCase() === value.toLowerCase();
  const cell = cells.values[row];
  return isDay(kind) ? cellText(cells, row) === value : cell === Math.fround(Number(value));
}

function unknownColumn(name: string, columns: readonly TableColumn[]): ChurnMcpError {
  const names = columns.map((column) => column.name);
  return new ChurnMcpError('INVALID_ARGUMENT', `The table of customers has no column ${quoted(name)}.`, {
    hint: `${didYouMean(name, names)}Customers can be filtered by: ${quotedList(names)}.`,
  });
}

/** A cell as people write it; undefined if it is missing. */
export function cellText(cells: ColumnCells, row: number): string | undefined {
  if (cells.kind === 'category') return cells.values[row] ?? undefined;
  const value = cells.values[row];
  return Number.isNaN(value) ? undefined : numberText(cells.kind, value);
}

/** A number with the digits that it was written with, as far as a float32 can hold them; a day as YYYY-MM-DD. */
export function numberText(kind: TableColumn['kind'], value: number): string {
  return isDay(kind) ? isoDay(value) : String(Number(value.toPrecision(7)));
}
