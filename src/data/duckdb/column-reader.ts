import type {
  DuckDBDataChunk,
  DuckDBDecimal16Vector,
  DuckDBDecimal32Vector,
  DuckDBDecimal64Vector,
  DuckDBDecimal128Vector,
  DuckDBValue,
  DuckDBVector,
} from '@duckdb/node-api';
import type * as engine from '@duckdb/node-bindings';
import { ChurnMcpError } from '../../errors.ts';
import type { ColumnTable, Id } from '../data-source.ts';

const MILLISECONDS_PER_DAY = 86_400_000;

/** The rows of a result that are read: where each lies, by chunk and place in the chunk. */
interface Places {
  readonly chunks: Uint32Array;
  readonly items: Uint32Array;
}

/** What the engine has in memory, without an object in between. */
type Engine = Pick<typeof engine, 'data_chunk_get_vector' | 'vector_get_data' | 'vector_get_validity'>;

/** A query's result as columns. */
export async function columnTableOf(
  columnNames: readonly string[],
  chunks: readonly DuckDBDataChunk[],
): Promise<ColumnTable> {
  // Imported here, because it loads the native module.
  const { default: engine } = await import('@duckdb/node-bindings');
  return new ChunkedColumnTable(engine, columnNames, chunks);
}

/**
 * A query's result, kept in the engine's own column chunks until a caller asks for a column in one of four forms.
 * Each form is read once, chunk by chunk, into one array of exactly the right length.
 */
class ChunkedColumnTable implements ColumnTable {
  readonly rowCount: number;
  readonly columnNames: readonly string[];
  readonly #engine: Engine;
  readonly #chunks: readonly DuckDBDataChunk[];
  /** Undefined if every row is read. */
  readonly #places: Places | undefined;

  constructor(
    engine: Engine,
    columnNames: readonly string[],
    chunks: readonly DuckDBDataChunk[],
    places?: Places,
  ) {
    this.#engine = engine;
    this.columnNames = columnNames.map((name) => name.toLowerCase());
    this.#chunks = chunks;
    this.#places = places;
    this.rowCount = places?.items.length ?? chunks.reduce((rows, chunk) => rows + chunk.rowCount, 0);
  }

  pick(rows: Uint32Array): ColumnTable {
    const places = this.#places ? pickPlaces(this.#places, rows) : findPlaces(this.#chunks, rows);
    return new ChunkedColumnTable(this.#engine, this.columnNames, this.#chunks, places);
  }

  float32(name: string): Float32Array<SharedArrayBuffer> {
    const target = new Float32Array(new SharedArrayBuffer(this.rowCount * Float32Array.BYTES_PER_ELEMENT));
    this.#readNumbers(target, name);
    return target;
  }

  float64(name: string): Float64Array {
    const target = new Float64Array(this.rowCount);
    this.#readNumbers(target, name);
    return target;
  }

  ids(name: string): Id[] {
    const type = this.#typeOf(this.#columnIndex(name));
    if (type !== 'BIGINT' && type !== 'INTEGER') return this.#readAll(name, idOf);
    const ids = this.float64(name);
    // There are no ids for NULL, and who asks for them is told so.
    if (ids.includes(Number.NaN)) return this.#readAll(name, idOf);
    // A loop takes half as long as Array.from.
    const numbers = new Array<number>(ids.length);
    for (let row = 0; row < ids.length; row++) numbers[row] = ids[row];
    return numbers;
  }

  text(name: string): (string | null)[] {
    return this.#readAll(name, textOf);
  }

  /** Numbers are copied chunk by chunk: nearly all features are doubles, and most of them have missing values. */
  #readNumbers(target: Float32Array | Float64Array, name: string): void {
    const column = this.#columnIndex(name);
    const copy = COPIED.get(this.#typeOf(column));
    if (copy === undefined || this.#places) {
      this.#readInto(target, name, numberReader);
      return;
    }
    let first = 0;
    for (const { chunk, rowCount } of this.#chunks) {
      const vector = this.#engine.data_chunk_get_vector(chunk, column);
      const data = this.#engine.vector_get_data(vector, rowCount * copy.bytesEach);
      const rows = target.subarray(first, first + rowCount);
      copy.into(rows, data);
      takeMissing(rows, this.#engine.vector_get_validity(vector, Math.ceil(rowCount / 64) * 8));
      first += rowCount;
    }
  }

  #typeOf(column: number): string | undefined {
    return this.#chunks.at(0)?.getColumnVector(column).type.toString();
  }

  #readAll<Value>(name: string, convert: (value: DuckDBValue) => Value): Value[] {
    const values = new Array<Value>(this.rowCount);
    this.#readInto(values, name, (vector) => (item) => convert(vector.getItem(item)));
    return values;
  }

  #readInto<Value>(
    target: { [row: number]: Value },
    name: string,
    readerOf: (vector: DuckDBVector) => (item: number) => Value,
  ): void {
    const column = this.#columnIndex(name);
    if (this.#places) {
      this.#readPlaces(this.#places, target, column, readerOf);
      return;
    }
    let row = 0;
    for (const chunk of this.#chunks) {
      const read = readerOf(chunk.getColumnVector(column));
      // Read once, because each read of the chunk's row count calls the engine.
      const { rowCount } = chunk;
      for (let item = 0; item < rowCount; item++) target[row++] = read(item);
    }
  }

  #readPlaces<Value>(
    { chunks, items }: Places,
    target: { [row: number]: Value },
    column: number,
    readerOf: (vector: DuckDBVector) => (item: number) => Value,
  ): void {
    const readers = new Map<number, (item: number) => Value>();
    for (const [row, item] of items.entries()) {
      const chunk = chunks[row];
      const read = readers.get(chunk) ?? readerOf(this.#chunks[chunk].getColumnVector(column));
      readers.set(chunk, read);
      target[row] = read(item);
    }
  }

  #columnIndex(name: string): number {
    const index = this.columnNames.indexOf(name.toLowerCase());
    if (index < 0) throw new ChurnMcpError('INTERNAL', `The result has no column "${name}".`);
    return index;
  }
}

/** How the numbers of a type lie in the engine's memory, and how they are copied from there. */
interface CopiedNumbers {
  readonly bytesEach: number;
  readonly into: (rows: Float32Array | Float64Array, data: Uint8Array) => void;
}

const COPIED: ReadonlyMap<string | undefined, CopiedNumbers> = new Map([
  [
    'DOUBLE',
    {
      bytesEach: 8,
      into: (rows, { buffer, byteOffset }) => rows.set(new Float64Array(buffer, byteOffset, rows.length)),
    },
  ],
  [
    'INTEGER',
    {
      bytesEach: 4,
      into: (rows, { buffer, byteOffset }) => rows.set(new Int32Array(buffer, byteOffset, rows.length)),
    },
  ],
  ['BIGINT', { bytesEach: 8, into: copyLongs }],
]);

/** By halves, because an integer of 64 bits would be an object of its own. The sum is rounded once, as the integer would be. */
function copyLongs(rows: Float32Array | Float64Array, { buffer, byteOffset }: Uint8Array): void {
  const low = new Uint32Array(buffer, byteOffset, rows.length * 2);
  const high = new Int32Array(buffer, byteOffset, rows.length * 2);
  for (let row = 0; row < rows.length; row++) rows[row] = high[2 * row + 1] * 2 ** 32 + low[2 * row];
}

/** Puts NaN where the bit of a row is 0. Without bits no row is NULL. */
function takeMissing(rows: Float32Array | Float64Array, validity: Uint8Array | null): void {
  if (validity === null) return;
  for (let row = 0; row < rows.length; row++) {
    if ((validity[row >> 3] & (1 << (row & 7))) === 0) rows[row] = Number.NaN;
  }
}

function pickPlaces({ chunks, items }: Places, rows: Uint32Array): Places {
  return { chunks: rows.map((row) => chunks[row]), items: rows.map((row) => items[row]) };
}

function findPlaces(chunks: readonly DuckDBDataChunk[], rows: Uint32Array): Places {
  const ends: number[] = [];
  for (const { rowCount } of chunks) ends.push((ends.at(-1) ?? 0) + rowCount);
  const chunkOf = rows.map((row) => firstAbove(ends, row));
  return {
    chunks: chunkOf,
    items: rows.map((row, i) => row - (chunkOf[i] === 0 ? 0 : ends[chunkOf[i] - 1])),
  };
}

/** The first index of an ascending list whose value is above `value`. */
function firstAbove(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

type DecimalVector =
  | DuckDBDecimal16Vector
  | DuckDBDecimal32Vector
  | DuckDBDecimal64Vector
  | DuckDBDecimal128Vector;

/** Recognised by its method, not by its class: importing the classes would load the native module at start. */
function isDecimalVector(vector: DuckDBVector): vector is DecimalVector {
  return 'getScaledValue' in vector;
}

/** Reads items of one vector as numbers: NULL is NaN, a decimal its value, a date its days since 1970. */
function numberReader(vector: DuckDBVector): (item: number) => number {
  if (isDecimalVector(vector)) {
    // Decimals without an object per value: the scaled integer, divided once. Correctly rounded below 2^53.
    const divisor = 10 ** vector.type.scale;
    return (item) => {
      const value = vector.getScaledValue(item);
      return value === null ? Number.NaN : Number(value) / divisor;
    };
  }
  return (item) => numberOf(vector.getItem(item));
}

function numberOf(value: DuckDBValue): number {
  switch (typeof value) {
    case 'number':
      return value;
    case 'bigint':
      return Number(value);
    case 'boolean':
      return value ? 1 : 0;
    default:
      if (value === null) return Number.NaN;
      if (typeof value === 'object' && 'days' in value && !('micros' in value)) return Number(value.days);
      if (typeof value === 'object' && 'micros' in value) {
        return Number(value.micros) / 1000 / MILLISECONDS_PER_DAY;
      }
      throw new ChurnMcpError('INTERNAL', 'A column that holds no numbers was read as numbers.');
  }
}

function idOf(value: DuckDBValue): Id {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  throw new ChurnMcpError('INTERNAL', 'A column that holds no ids was read as ids.');
}

function textOf(value: DuckDBValue): string | null {
  return value === null ? null : String(value);
}

/** One value of a small result as plain JSON-like data: dates and timestamps as ISO text, all numbers as number. */
export function plainValue(value: DuckDBValue): string | number | boolean | null {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    typeof value === 'number'
  ) {
    return value;
  }
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'object' && 'scale' in value && 'toDouble' in value) return value.toDouble();
  return String(value);
}
