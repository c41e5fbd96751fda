import { ChurnMcpError } from '../../errors.ts';
import { type Cell, plainValue, type ResultColumn } from './result-column.ts';
import type { RowSink } from './row-sink.ts';

/** Most rows to return as objects. A caller that needs more should ask for columns. */
const MAX_ROWS = 100_000;

/** A small result as objects by lower-case names. */
export class CollectedRows implements RowSink {
  readonly rows: Record<string, string | number | boolean | null>[] = [];
  /** As Snowflake describes them. */
  columns: readonly ResultColumn[] = [];

  begin(columns: readonly ResultColumn[]): void {
    this.columns = columns;
  }

  row(cells: readonly Cell[]): void {
    if (this.rows.length === MAX_ROWS) {
      throw new ChurnMcpError('INTERNAL', 'A result is too big to be read as rows.');
    }
    const entries = this.columns.map((column, index) => [
      column.name,
      plainValue(cells[index] ?? null, column),
    ]);
    this.rows.push(Object.fromEntries(entries));
  }
}
