import { refusedModel, SAVE_AGAIN } from './model-refusal.ts';

/** Models nest about six deep. */
const MOST_NESTED = 32;
/** Objects, texts and single values of a file; nodes are in arrays of one type. */
const MOST_VALUES = 1_000_000;
/** Numbers in one array of one type. */
const MOST_NUMBERS = 4_000_000;

/**
 * Reads Universal Binary JSON (draft 12) as XGBoost writes it: numbers big-endian, objects ended by `}`, arrays counted
 * by `#`, of one number type by `$`, or ended by `]`. What XGBoost never writes is refused. A count must fit into the
 * bytes that follow, so that a small file cannot ask for gigabytes.
 *
 * @throws MODEL_REFUSED
 */
export function readUbjson(bytes: Uint8Array): unknown {
  const reader = new UbjsonReader(bytes);
  const value = reader.value(reader.marker(), 0);
  reader.end();
  return value;
}

class UbjsonReader {
  private readonly view: DataView;
  private at = 0;
  private valueCount = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  marker(): string {
    return String.fromCharCode(this.view.getUint8(this.take(1)));
  }

  end(): void {
    if (this.at < this.view.byteLength) {
      throw refusedModel('The model file has more bytes after the end of the model.', SAVE_AGAIN);
    }
  }

  value(marker: string, depth: number): unknown {
    if (depth > MOST_NESTED || ++this.valueCount > MOST_VALUES) throw notUbjson();
    switch (marker) {
      case 'Z':
        return null;
      case 'T':
        return true;
      case 'F':
        return false;
      case 'S':
        return this.text();
      case '[':
        return this.array(depth);
      case '{':
        return this.object(depth);
      default:
        return this.number(marker);
    }
  }

  private object(depth: number): unknown {
    const entries: [string, unknown][] = [];
    for (let marker = this.marker(); marker !== '}'; marker = this.marker()) {
      const key = this.text(marker);
      entries.push([key, this.value(this.marker(), depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  private array(depth: number): unknown[] {
    const first = this.marker();
    if (first === '$') return this.typedArray();
    if (first === '#') {
      const count = this.count(1);
      return Array.from({ length: count }, () => this.value(this.marker(), depth + 1));
    }
    const values: unknown[] = [];
    for (let marker = first; marker !== ']'; marker = this.marker())
      values.push(this.value(marker, depth + 1));
    return values;
  }

  private typedArray(): number[] {
    const type = this.marker();
    if (this.marker() !== '#') throw notUbjson();
    const count = this.count(byteLengthOf(type));
    if (count > MOST_NUMBERS) throw notUbjson();
    const values = new Array<number>(count);
    for (let i = 0; i < count; i++) values[i] = this.number(type);
    return values;
  }

  private text(marker = this.marker()): string {
    const length = this.length(this.number(marker), 1);
    const start = this.take(length);
    const bytes = new Uint8Array(this.view.buffer, this.view.byteOffset + start, length);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (cause) {
      throw notUbjson(cause);
    }
  }

  private count(elementBytes: number): number {
    return this.length(this.number(this.marker()), elementBytes);
  }

  private length(count: number, elementBytes: number): number {
    if (!Number.isSafeInteger(count) || count < 0) throw notUbjson();
    if (count * elementBytes > this.view.byteLength - this.at) throw endsTooEarly();
    return count;
  }

  private number(type: string): number {
    const { view } = this;
    const at = this.take(byteLengthOf(type));
    switch (type) {
      case 'i':
        return view.getInt8(at);
      case 'U':
        return view.getUint8(at);
      case 'I':
        return view.getInt16(at);
      case 'l':
        return view.getInt32(at);
      case 'L':
        return Number(view.getBigInt64(at));
      case 'd':
        return view.getFloat32(at);
      case 'D':
        return view.getFloat64(at);
      default:
        throw notUbjson();
    }
  }

  private take(length: number): number {
    const at = this.at;
    if (at + length > this.view.byteLength) throw endsTooEarly();
    this.at += length;
    return at;
  }
}

const BYTE_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['i', 1],
  ['U', 1],
  ['I', 2],
  ['l', 4],
  ['L', 8],
  ['d', 4],
  ['D', 8],
]);

function byteLengthOf(type: string): number {
  const length = BYTE_LENGTHS.get(type);
  if (length === undefined) throw notUbjson();
  return length;
}

function endsTooEarly() {
  return refusedModel('The model file ends too early: part of it is missing.', SAVE_AGAIN);
}

function notUbjson(cause?: unknown) {
  return refusedModel('The file is not a model that XGBoost saved.', SAVE_AGAIN, cause);
}
