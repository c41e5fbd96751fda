import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readXlsx, streamXlsxRows } from 'hucre/xlsx';
import { refuseFile } from './refused-file.ts';
import { requirePlausibleWorkbook } from './unpacked-size.ts';

/** A sheet of a workbook, written as CSV. */
export interface SheetFile {
  readonly sheet: string;
  readonly path: string;
}

/**
 * Writes each non-empty sheet of an Excel workbook as a CSV file: numbers with a point, dates as
 * `YYYY-MM-DD HH:MM:SS`, texts unchanged.
 *
 * @param copyName gives a name for a file
 * @throws IMPORT_REFUSED if it is no workbook or encrypted, or unpacks to far more than its size
 */
export async function writeSheets(
  workbook: { readonly path: string; readonly name: string },
  copyName: () => string,
  signal: AbortSignal | undefined,
): Promise<SheetFile[]> {
  await requirePlausibleWorkbook(workbook, signal);
  const bytes = await readFile(workbook.path);
  try {
    const { sheets } = await readXlsx(bytes, { maxRows: 1 });
    const written: SheetFile[] = [];
    for (const [index, { name, rows }] of sheets.entries()) {
      if (rows.length === 0) continue;
      const path = copyName();
      await pipeline(Readable.from(csvLines(bytes, index)), createWriteStream(path), { signal });
      written.push({ sheet: name, path });
    }
    return written;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw refuseFile(
      workbook.name,
      'is not a readable Excel workbook',
      'If it has a password, save it without one. Otherwise save the sheet as CSV.',
      cause,
    );
  }
}

async function* csvLines(bytes: Uint8Array, sheet: number): AsyncGenerator<string> {
  for await (const { values } of streamXlsxRows(bytes, { sheet })) {
    if (values.every((value) => value === null || value === '')) continue;
    yield `${values.map(csvCell).join(',')}\n`;
  }
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date)
    return value
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d+Z$/, '');
  const text = String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
