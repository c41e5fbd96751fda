import type {
  DuckDBDataChunk,
  DuckDBDecimal16Vector,
  DuckDBDecimal32Vector,
  DuckDBDecimal64Vector,
  DuckDBDecimal128Vector,
  DuckDBValue,
  DuckDBVector,
} from '@duckdb/node-api';
import { ChurnMcpError } from '../../errors.ts';
import type { ColumnTable, Id } from '../data-source.ts';

const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * A query's result, kept in the engine's own column chunks until a caller asks for a column in one of four forms.
 * Each form is read once, chunk by chunk, into one array of exactly the right length.
 */
export class ChunkedColumnTable implements ColumnTable {
  readonly rowCount: number;
  readonly columnNames: readonly string[];
  readonly #chunks: readonly DuckDBDataChunk[];

  constructor(columnNames: readonly string[], chunks: readonly DuckDBDataChunk[]) {
    this.columnNames = columnNames.map((name) => name.toLowerCase());
    this.#chunks = chunks;
    this.rowCount = chunks.reduce((rows, chunk) => rows + chunk.rowCount, 0);
  }

  float32(name: string): Float32Array<SharedArrayBuffer> {
    const target = new Float32Array(new SharedArrayBuffer(this.rowCount * Float32Array.BYTES_PER_ELEMENT));
    this.#readNumbers(name, target);
    return target;
  }

  float64(name: string): Float64Array {
    const target = new Float64Array(this.rowCount);
    this.#readNumbers(name, target);
    return target;
  }

  ids(name: string): Id[] {
    return this.#readAll(name, idOf);
  }

  text(name: string): (string | null)[] {
    return this.#readAll(name, textOf);
  }

  #readNumbers(name: string, target: Float32Array | Float64Array): void {
    const column = this.#columnIndex(name);
    let row = 0;
    for (const chunk of this.#chunks) {
      const read = numberReader(chunk.getColumnVector(column));
      // Read once, because each read of the chunk's row count calls the engine.
      const { rowCount } = chunk;
      for (let item = 0; item < rowCount; item++) target[row++] = read(item);
    }
  }

  #readAll<Value>(name: string, convert: (value: DuckDBValue) => Value): Value[] {
    const column = this.#columnIndex(name);
    const values = new Array<Value>(this.rowCount);
    let row = 0;
    for (const chunk of this.#chunks) {
      const vector = chunk.getColumnVector(column);
      const { rowCount } = chunk;
      for (let item = 0; item < rowCount; item++) values[row++] = convert(vector.getItem(item));
    }
    return values;
  }

  #columnIndex(name: string): number {
    const index = this.columnNames.indexOf(name.toLowerCase());
    if (index < 0) throw new ChurnMcpError('INTERNAL', `The result has no column "${name}".`);
    return index;
  }
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
