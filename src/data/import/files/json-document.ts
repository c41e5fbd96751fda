import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { hasColumnFor } from '../columns/column-matcher.ts';
import { refuseFile } from './refused-file.ts';
import type { TextBytes } from './text-scan.ts';

/** Largest document, because it is read as a whole; larger exports have one object per line. */
const MOST_BYTES = 400_000_000;
/** How deep in a document its list of rows may be: `{"data": {"orders": [...]}}`. */
const DEEPEST = 3;

/** True if each line is an object, judged by the first one; a single line may be a document that holds a list. */
export function isOneObjectPerLine(start: string, lineCount: number): boolean {
  const [line = ''] = start.trimStart().split('\n', 1);
  try {
    const first: unknown = JSON.parse(line);
    return lineCount > 1 || isOrder(first) || listsIn(first, []).length !== 1;
  } catch {
    return false;
  }
}

/**
 * Writes the rows of a document, `{"orders": [{…}, {…}]}`, one per line.
 *
 * @throws IMPORT_REFUSED if it is no JSON, or holds no list or several lists of objects
 */
export async function writeRows(
  text: TextBytes,
  copy: string,
  signal: AbortSignal | undefined,
): Promise<TextBytes> {
  const document = await parse(text);
  if (isOrder(document)) {
    await writeFile(copy, `${JSON.stringify(document)}\n`);
    return { path: copy, name: text.name, compressed: false };
  }
  const lists = listsIn(document, []);
  const [list] = lists;
  if (list === undefined || lists.length > 1) {
    const found = lists.map(({ path }) => path.join('.')).join(', ');
    throw refuseFile(
      text.name,
      lists.length === 0
        ? 'is JSON without a list of objects'
        : `is JSON with several lists of objects: ${found}`,
      'Save the list of orders as a separate file: [{…}, {…}].',
    );
  }
  const lines = list.rows.map((row) => `${JSON.stringify(row)}\n`);
  await pipeline(Readable.from(lines), createWriteStream(copy), { signal });
  return { path: copy, name: text.name, compressed: false };
}

async function parse({ path, name, compressed }: TextBytes): Promise<unknown> {
  const bytes = await readFile(path);
  const text = compressed ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes;
  if (text.length > MOST_BYTES) {
    throw refuseFile(
      name,
      'is one JSON document of more than 400 MB',
      'Export it as NDJSON, one object per line.',
    );
  }
  try {
    return JSON.parse(text.toString('utf8').replace(/^\ufeff/, ''));
  } catch (cause) {
    throw refuseFile(
      name,
      'is incomplete or broken JSON',
      'Export it again, as a list of objects or one object per line.',
      cause,
    );
  }
}

/** True if a document is one order, whose lists are its own: it has a date, and a customer or an amount. */
function isOrder(document: unknown): boolean {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return false;
  const keys = Object.entries(document).flatMap(([key, value]) => (Array.isArray(value) ? [] : [key]));
  const has = (field: string) => hasColumnFor('orders', field, keys, 5);
  return has('order_date') && (has('customer_id') || has('total_amount'));
}

interface RowList {
  readonly path: readonly string[];
  readonly rows: readonly object[];
}

function listsIn(value: unknown, path: readonly string[]): RowList[] {
  if (path.length > DEEPEST || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    const rows = value.filter((row) => typeof row === 'object' && row !== null && !Array.isArray(row));
    return rows.length > 0 && rows.length === value.length ? [{ path, rows }] : [];
  }
  return Object.entries(value).flatMap(([key, inner]) => listsIn(inner, [...path, key]));
}
