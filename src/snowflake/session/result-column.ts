import type { Column } from 'snowflake-sdk';
import { ChurnMcpError } from '../../errors.ts';

/**
 * A cell as the driver hands it over: numbers as Snowflake's own text, so that none is rounded; days and times as moments, which no
 * setting of the account or the session changes.
 */
export type Cell = string | boolean | Date | null;

/** A column of a result, as Snowflake describes it. */
export interface ResultColumn {
  /** Lower case, as everywhere but in Snowflake. */
  readonly name: string;
  readonly type: string;
  readonly scale: number;
}

/** How the cells of one type become numbers and text. */
export type CellReader =
  | { readonly kind: 'text' }
  | {
      readonly kind: 'number';
      number(cell: Cell): number;
      /** The text of a cell, if its number would lose digits. */
      exactText(cell: Cell): string | undefined;
      text(value: number): string | null;
    };

const MILLISECONDS_PER_DAY = 86_400_000;

/** A double can hold every number with this many digits. */
const SAFE_DIGITS = 15;

/** Session settings that an account may have changed; statements read and write dates by them. */
export const SESSION_FORMATS = {
  DATE_INPUT_FORMAT: 'YYYY-MM-DD',
  DATE_OUTPUT_FORMAT: 'YYYY-MM-DD',
  TIMEZONE: 'UTC',
} as const;

export function describe(column: Column): ResultColumn {
  return {
    name: column.getName().toLowerCase(),
    type: column.getType().toLowerCase(),
    scale: column.getScale() ?? 0,
  };
}

/** NULL is NaN, a truth value 1 or 0, a date its days since 1970. */
export function readerOf({ type, scale }: ResultColumn): CellReader {
  switch (type) {
    case 'fixed':
      return {
        kind: 'number',
        number: numberOf,
        exactText: (cell) => (typeof cell === 'string' && digitsOf(cell) > SAFE_DIGITS ? cell : undefined),
        text: (value) => (Number.isNaN(value) ? null : value.toFixed(scale)),
      };
    case 'real':
      return { kind: 'number', number: numberOf, exactText: () => undefined, text: textOrNull };
    case 'boolean':
      return {
        kind: 'number',
        number: (cell) => (cell === null ? Number.NaN : cell === true || cell === 'TRUE' ? 1 : 0),
        exactText: () => undefined,
        text: (value) => (Number.isNaN(value) ? null : String(value === 1)),
      };
    case 'date':
      return { kind: 'number', number: daysOf, exactText: () => undefined, text: isoDateOf };
    case 'timestamp_ntz':
      return {
        kind: 'number',
        number: daysOf,
        exactText: (cell) => (cell instanceof Date ? timeText(cell) : undefined),
        text: () => null,
      };
    case 'text':
      return { kind: 'text' };
    default:
      throw new ChurnMcpError('INTERNAL', 'A query in Snowflake returned an unknown type.');
  }
}

/** One value of a small result as plain data; an integer that a double would round stays text. */
export function plainValue(cell: Cell, { type, scale }: ResultColumn): string | number | boolean | null {
  if (cell === null || typeof cell === 'boolean') return cell;
  if (cell instanceof Date) return type === 'date' ? isoDateOf(daysOf(cell)) : timeText(cell);
  if (type === 'fixed') return scale === 0 && digitsOf(cell) > SAFE_DIGITS ? cell : Number(cell);
  return type === 'real' ? Number(cell) : cell;
}

function numberOf(cell: Cell): number {
  return cell === null ? Number.NaN : Number(cell);
}

function digitsOf(text: string): number {
  return text.replace(/^-?0*|\./g, '').length;
}

function daysOf(cell: Cell): number {
  return cell instanceof Date ? cell.getTime() / MILLISECONDS_PER_DAY : Number.NaN;
}

/** With six digits of a second; the driver adds those that a moment does not hold. */
function timeText(time: Date): string {
  const nanoseconds =
    'getNanoSeconds' in time && typeof time.getNanoSeconds === 'function'
      ? Number(time.getNanoSeconds())
      : time.getUTCMilliseconds() * 1_000_000;
  const digits = String(Math.floor(nanoseconds / 1000)).padStart(6, '0');
  return `${time.toISOString().replace('T', ' ').replace(/\..*$/, '')}.${digits}`;
}

function isoDateOf(days: number): string | null {
  return Number.isNaN(days) ? null : new Date(days * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}

function textOrNull(value: number): string | null {
  return Number.isNaN(value) ? null : String(value);
}
