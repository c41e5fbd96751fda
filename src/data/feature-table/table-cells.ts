import type { ColumnTable } from '../data-source.ts';
import type { ColumnCells, ColumnKind, TableColumn } from './feature-table.ts';

/** A column's name within our statements: names from a file never become part of one. */
export function cellName(column: number): string {
  return `c${column}`;
}

/** SQL that converts a text cell to its kind. */
export function cellSql(cell: string, kind: ColumnKind): string {
  if (kind === 'number') return `number_of(${cell})`;
  if (kind === 'comma_number') return `coalesce(comma_number_of(${cell}), number_of(${cell}))`;
  if (kind === 'day') return daysSql(`day_of(${cell})`);
  if (kind === 'day_first') return daysSql(`day_first_of(${cell})`);
  if (kind === 'month_first') return daysSql(`month_first_of(${cell})`);
  // Some programs write True, others true: both are the same category.
  return `case when lower(${cell}) in ('true', 'false') then lower(${cell}) else ${cell} end`;
}

function daysSql(date: string): string {
  return `datediff('day', date '1970-01-01', ${date})`;
}

/** Columns `c0` … of a result as cells. */
export function readCells(table: ColumnTable, columns: readonly TableColumn[]): ColumnCells[] {
  return columns.map(({ kind }, i) =>
    kind === 'category'
      ? { kind, values: table.text(cellName(i)) }
      : { kind, values: table.float32(cellName(i)) },
  );
}
