import { ChurnMcpError } from '../../errors.ts';
import type { SqlValue } from '../data-source.ts';

/**
 * Quotes a name from a file as an SQL identifier: the only place where untrusted text becomes part of a statement,
 * because names cannot be bound. Inside double quotes only the double quote itself is special.
 */
export function quoteIdentifier(name: string): string {
  if (name.includes('\0')) throw new ChurnMcpError('IMPORT_REFUSED', 'A column name holds a NUL character.');
  return `"${name.replaceAll('"', '""')}"`;
}

/** Text as an SQL literal, for the few places that take no bound value (options of `read_csv`, `attach`). */
export function quoteLiteral(text: string): string {
  if (text.includes('\0')) throw new ChurnMcpError('IMPORT_REFUSED', 'A name holds a NUL character.');
  return `'${text.replaceAll("'", "''")}'`;
}

const PLACES = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g;
const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * A statement with its values written into it, where an engine would plan a statement with bound ones at each run; undefined
 * if one of them is anything but a day or a whole number, because other values are bound and nothing else.
 */
export function withLiterals(text: string, values: readonly SqlValue[]): string | undefined {
  if (!values.every(isDayOrCount)) return undefined;
  let next = 0;
  return text.replaceAll(PLACES, (found) => {
    if (found !== '?') return found;
    const value = values[next++];
    return typeof value === 'string' ? quoteLiteral(value) : String(value);
  });
}

function isDayOrCount(value: SqlValue): boolean {
  return typeof value === 'string' ? DAY.test(value) : Number.isSafeInteger(value);
}
