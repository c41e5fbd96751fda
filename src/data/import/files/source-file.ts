import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CsvHead } from './csv-head.ts';
import { readCsvHead } from './csv-head.ts';
import type { FileOrigin } from './file-origin.ts';
import { isOneObjectPerLine, writeRows } from './json-document.ts';
import { refuseFile } from './refused-file.ts';
import { requireShallow } from './shallow-json.ts';
import { scanText, type TextBytes } from './text-scan.ts';
import { copyAsUtf8 } from './utf8-copy.ts';

/** A file as the engine reads it: the user's own, or a copy of it in UTF-8 or as CSV. */
export type SourceFile = {
  readonly path: string;
  /** Its name in sentences: `book.xlsx [Sheet 2]`. */
  readonly name: string;
  readonly origin: FileOrigin;
  /** True if the original held typed numbers, so the copy writes decimals with a point. */
  readonly writesPoints: boolean;
} & (
  | { readonly format: 'parquet' }
  | { readonly format: 'ndjson' | 'json'; readonly compressed: boolean }
  | {
      readonly format: 'csv';
      readonly compressed: boolean;
      readonly head: CsvHead;
      /** Lines of the text, including those before the header. */
      readonly lineCount: number;
    }
);

/** The folder for copies of files. */
export interface Workshop {
  readonly workFolder: string;
  readonly signal: AbortSignal | undefined;
}

/** A name for a copy. */
export function copyName({ workFolder }: Workshop, ending: string): string {
  return join(workFolder, `${randomUUID()}.${ending}`);
}

/**
 * Examines a text before the engine reads it, because the engine would guess from a sample: the format by the content, the
 * encoding over the whole text, and the header line.
 *
 * @throws IMPORT_REFUSED if it is empty, binary, or of a format that is not read
 */
export async function inspectText(
  text: TextBytes,
  origin: FileOrigin,
  workshop: Workshop,
): Promise<SourceFile> {
  const { head, encoding, lineCount } = await scanText(text, workshop.signal);
  if (encoding !== 'utf-8') {
    const copy = await copyAsUtf8(text, encoding, copyName(workshop, 'txt'), workshop.signal);
    return inspectText(copy, origin, workshop);
  }
  const start = head.toString('utf8').replace(/^\ufeff/, '');
  const first = start.trimStart()[0];
  if (first === undefined) throw refuseFile(text.name, 'is empty');
  if (first === '<') {
    throw refuseFile(
      text.name,
      'is a web page or XML, whatever its ending',
      'Export the table as CSV or .xlsx.',
    );
  }
  const shared = { path: text.path, name: text.name, compressed: text.compressed, origin };
  if (first === '[') {
    await requireShallow(text, false, workshop.signal);
    return { ...shared, format: 'json', writesPoints: true };
  }
  if (first === '{') {
    const isLines = isOneObjectPerLine(start, lineCount);
    await requireShallow(text, isLines, workshop.signal);
    const rows = isLines ? text : await writeRows(text, copyName(workshop, 'ndjson'), workshop.signal);
    return { ...shared, ...rows, format: 'ndjson', writesPoints: true };
  }
  return { ...shared, format: 'csv', head: readCsvHead(start), lineCount, writesPoints: false };
}
