import { ChurnMcpError } from '../../errors.ts';

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
