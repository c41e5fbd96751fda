import type { Cell, ResultColumn } from './result-column.ts';
import type { RowSink } from './row-sink.ts';

/** What the driver says of each file that it moved. */
export class TransferredFiles implements RowSink {
  failed = false;
  #status = -1;

  begin(columns: readonly ResultColumn[]): void {
    this.#status = columns.findIndex(({ name }) => name === 'status');
  }

  row(cells: readonly Cell[]): void {
    if (!['UPLOADED', 'DOWNLOADED', 'SKIPPED'].includes(String(cells[this.#status]))) this.failed = true;
  }
}
