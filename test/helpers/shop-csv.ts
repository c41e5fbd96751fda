import { Buffer } from 'node:buffer';
import type { WrittenFormat } from './shop-format.ts';

export function csvBytes(table: readonly (readonly string[])[], format: WrittenFormat): Uint8Array {
  return encode(csvText(table, format), format.encoding);
}

function csvText(table: readonly (readonly string[])[], format: WrittenFormat): string {
  const { delimiter, heading, lineEnd } = format;
  const lines = table.map((cells) => cells.map((cell) => csvCell(cell, format)).join(delimiter));
  const above = { nothing: [], title: ['Orders of the shop', ''], 'sep=': [`sep=${delimiter}`] }[heading];
  return [...above, ...lines].join(lineEnd);
}

function csvCell(cell: string, { delimiter, quotes }: WrittenFormat): string {
  const needsQuotes = cell.includes(delimiter) || cell.includes('"') || cell.includes('\n');
  return quotes === 'everywhere' || needsQuotes ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function encode(text: string, encoding: WrittenFormat['encoding']): Uint8Array {
  if (encoding === 'utf-16') return Buffer.from(`\ufeff${text}`, 'utf16le');
  if (encoding === 'cp1252') return Buffer.from(text.replaceAll('€', '\u0080'), 'latin1');
  return Buffer.from(encoding === 'utf-8' ? text : `\ufeff${text}`, 'utf8');
}
