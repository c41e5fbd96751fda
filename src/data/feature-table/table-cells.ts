import type { ColumnTable } from '../data-source.ts';
import { quoteLiteral } from '../duckdb/sql-quoting.ts';
import type { ColumnCells, ColumnKind, TableColumn } from './feature-table.ts';

/** A column's name within our statements: names from a file never become part of one. */
export function cellName(column: number): string {
  return `c${column}`;
}

/** How dates and numbers are written in a file of customers, as far as the user says. */
export interface TableWriting {
  /** `dmy`, `mdy`, `ymd`, or a format with `%` signs. */
  readonly dateFormat?: string | undefined;
  readonly decimal?: 'comma' | 'point' | undefined;
}

/** The functions that read a day, by the kind of its column. */
const DAY_MACROS: Readonly<Partial<Record<ColumnKind, string>>> = {
  day: 'day_of',
  day_first: 'day_first_of',
  month_first: 'month_first_of',
  year_first: 'year_first_of',
};
const KINDS_OF_ORDERS: Readonly<Record<string, ColumnKind>> = {
  dmy: 'day_first',
  mdy: 'month_first',
  ymd: 'year_first',
};

export function isDay(kind: ColumnKind): boolean {
  return kind in DAY_MACROS;
}

/** The kind as which a file's column is read: its own, unless the user says that the file is written in another way. */
export function kindAsWritten(kind: ColumnKind, { dateFormat = '', decimal }: TableWriting): ColumnKind {
  if (isDay(kind)) return KINDS_OF_ORDERS[dateFormat] ?? kind;
  if (kind === 'number' || kind === 'comma_number') {
    if (decimal === undefined) return kind;
    return decimal === 'comma' ? 'comma_number' : 'number';
  }
  return kind;
}

/** SQL that converts a text cell to its kind. The import of a table and the scoring of a file read cells by it. */
export function cellSql(cell: string, kind: ColumnKind, writing: TableWriting = {}): string {
  if (kind === 'number') return `number_of(${cell})`;
  if (kind === 'comma_number') return `coalesce(comma_number_of(${cell}), number_of(${cell}))`;
  const day = DAY_MACROS[kind];
  if (day !== undefined) return daysSql(`${day}(${cell})`, cell, writing);
  // Some programs write True, others true: both are the same category.
  return `case when lower(${cell}) in ('true', 'false') then lower(${cell}) else ${cell} end`;
}

/** The day that a cell names in the format that the user gives; NULL without one. */
export function formattedDaySql(cell: string, { dateFormat = '' }: TableWriting): string {
  if (!dateFormat.includes('%')) return 'cast(null as date)';
  return `cast(try_strptime(${cell}, ${quoteLiteral(dateFormat)}) as date)`;
}

function daysSql(date: string, cell: string, writing: TableWriting): string {
  return `datediff('day', date '1970-01-01', coalesce(${formattedDaySql(cell, writing)}, ${date}))`;
}

/** Columns `c0` … of a result as cells. */
export function readCells(table: ColumnTable, columns: readonly TableColumn[]): ColumnCells[] {
  return columns.map(({ kind }, i) =>
    kind === 'category'
      ? { kind, values: table.text(cellName(i)) }
      : { kind, values: table.float32(cellName(i)) },
  );
}
