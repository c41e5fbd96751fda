import type { ColumnTable, Id } from '../../data/data-source.ts';
import { ChurnMcpError } from '../../errors.ts';
import { type Cell, type CellReader, type ResultColumn, readerOf } from './result-column.ts';
import type { RowSink } from './row-sink.ts';

const FIRST_CAPACITY = 1024;

/** Collects a result row by row into columns, without keeping the rows. */
export class CollectedColumns implements RowSink {
  #names: readonly string[] = [];
  #columns: readonly CollectedColumn[] = [];
  #rows = 0;

  begin(columns: readonly ResultColumn[]): void {
    this.#names = columns.map(({ name }) => name);
    this.#columns = columns.map((column) => new CollectedColumn(readerOf(column)));
  }

  row(cells: readonly Cell[]): void {
    for (let index = 0; index < this.#columns.length; index++) this.#columns[index].add(cells[index] ?? null);
    this.#rows++;
  }

  finished(): ColumnTable {
    return this.#tableOf(Uint32Array.from({ length: this.#rows }, (_, row) => row));
  }

  #tableOf(rows: Uint32Array): ColumnTable {
    const column = (name: string) => {
      const index = this.#names.indexOf(name.toLowerCase());
      if (index < 0) throw new ChurnMcpError('INTERNAL', `The result has no column "${name}".`);
      return this.#columns[index];
    };
    const numbersInto = <Target extends Float32Array | Float64Array>(
      target: Target,
      name: string,
    ): Target => {
      const numbers = column(name).numbers();
      for (const [i, row] of rows.entries()) target[i] = numbers[row];
      return target;
    };
    const eachRow = <Value>(read: (row: number) => Value) => Array.from(rows, read);
    return {
      rowCount: rows.length,
      columnNames: this.#names,
      pick: (indices) => this.#tableOf(indices.map((index) => rows[index])),
      float32: (name) =>
        numbersInto(
          new Float32Array(new SharedArrayBuffer(rows.length * Float32Array.BYTES_PER_ELEMENT)),
          name,
        ),
      float64: (name) => numbersInto(new Float64Array(rows.length), name),
      ids(name) {
        const read = column(name);
        return eachRow((row) => read.id(row));
      },
      text(name) {
        const read = column(name);
        return eachRow((row) => read.text(row));
      },
    };
  }
}

/** One column: a double per row if its type is a number, and the text of values that a double would round. */
class CollectedColumn {
  readonly #reader: CellReader;
  readonly #texts: (string | null)[] = [];
  readonly #exact = new Map<number, string>();
  #numbers = new Float64Array(0);
  #count = 0;

  constructor(reader: CellReader) {
    this.#reader = reader;
  }

  add(cell: Cell): void {
    const row = this.#count++;
    if (this.#reader.kind === 'text') {
      this.#texts.push(cell === null ? null : String(cell));
      return;
    }
    if (row >= this.#numbers.length) this.#grow();
    this.#numbers[row] = this.#reader.number(cell);
    const exact = this.#reader.exactText(cell);
    if (exact !== undefined) this.#exact.set(row, exact);
  }

  numbers(): Float64Array {
    if (this.#reader.kind === 'text') {
      throw new ChurnMcpError('INTERNAL', 'A column that holds no numbers was read as numbers.');
    }
    return this.#numbers.subarray(0, this.#count);
  }

  id(row: number): Id {
    const value =
      this.#reader.kind === 'text' ? this.#texts[row] : (this.#exact.get(row) ?? this.#numbers[row]);
    if (value === null || Number.isNaN(value)) {
      throw new ChurnMcpError('INTERNAL', 'A column that holds no ids was read as ids.');
    }
    return value;
  }

  text(row: number): string | null {
    if (this.#reader.kind === 'text') return this.#texts[row];
    return this.#exact.get(row) ?? this.#reader.text(this.#numbers[row]);
  }

  #grow(): void {
    const grown = new Float64Array(Math.max(FIRST_CAPACITY, this.#numbers.length * 2));
    grown.set(this.#numbers);
    this.#numbers = grown;
  }
}
