import { writeXlsx } from 'hucre/xlsx';
import { ChurnMcpError } from '../errors.ts';
import type { OutputColumn } from './output-column.ts';

/** Rows of a sheet besides its header, in every version of Excel since 2007. */
const MOST_ROWS = 1_048_575;

/**
 * The bytes of an Excel workbook of one sheet: a header, then one row per entry of the columns, part after part. Texts are
 * stored as texts, so a spreadsheet shows each as it is and runs none as a formula; NaN and null are empty cells.
 *
 * @throws INVALID_ARGUMENT if there are more rows than a sheet holds
 */
export async function workbookOf(parts: AsyncIterable<readonly OutputColumn[]>): Promise<Uint8Array> {
  let header: string[] = [];
  const rows: (number | string | null)[][] = [];
  for await (const columns of parts) {
    header = columns.map(({ name }) => name);
    const rowCount = columns[0]?.values.length ?? 0;
    requireRoom(rows.length + rowCount);
    for (let row = 0; row < rowCount; row++) rows.push(columns.map(({ values }) => cellOf(values[row])));
  }
  return await writeXlsx({ sheets: [{ name: 'List', rows: [header, ...rows] }] });
}

function requireRoom(rowCount: number): void {
  if (rowCount <= MOST_ROWS) return;
  throw new ChurnMcpError('INVALID_ARGUMENT', `An Excel sheet holds at most ${MOST_ROWS} rows.`, {
    hint: 'Write CSV or Parquet, or choose fewer customers.',
  });
}

function cellOf(value: number | string | null): number | string | null {
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
}
