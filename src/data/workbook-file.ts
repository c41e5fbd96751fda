import { writeXlsx } from 'hucre/xlsx';
import { replaceFile } from '../files/durable-files.ts';

/** A sheet of texts: a spreadsheet shows each as it is, and runs none as a formula. */
export interface TextSheet {
  readonly name: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Writes an Excel workbook of one sheet, for this user alone. The file appears complete or not at all. */
export async function writeWorkbook({ name, header, rows }: TextSheet, file: string): Promise<void> {
  const workbook = await writeXlsx({
    sheets: [{ name, rows: [[...header], ...rows.map((row) => [...row])] }],
  });
  await replaceFile(file, workbook);
}
