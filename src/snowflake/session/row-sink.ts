import type { Cell, ResultColumn } from './result-column.ts';

/** Receives the rows of a result one after the other. */
export interface RowSink {
  /** Called once, before the rows. */
  begin(columns: readonly ResultColumn[]): void;
  row(cells: readonly Cell[]): void;
}
