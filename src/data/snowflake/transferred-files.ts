import type { Cell } from './column-stream.ts';
import type { WarehouseColumn } from './warehouse-column.ts';
import type { RowSink } from './warehouse-session.ts';

/** What the driver says of each file that it moved. */
export class TransferredFiles implements RowSink {
  failed = false;
  #status = -1;

  begin(columns: readonly WarehouseColumn[]): void {
    this.#status = columns.findIndex(({ name }) => name === 'status');
  }

  row(cells: readonly Cell[]): void {
    if (!['UPLOADED', 'DOWNLOADED', 'SKIPPED'].includes(String(cells[this.#status]))) this.failed = true;
  }
}
