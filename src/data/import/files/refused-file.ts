import { ChurnMcpError } from '../../../errors.ts';
import { quoted } from '../../../text/quoted.ts';

const SUPPORTED =
  'Files may be CSV, TSV, JSON, NDJSON (each also gzipped), Parquet, Excel workbooks (.xlsx), and zip archives of these.';

/** @param what a part of a sentence: `The file "orders.csv" is empty.` */
export function refuseFile(name: string, what: string, hint = SUPPORTED, cause?: unknown): ChurnMcpError {
  return new ChurnMcpError('IMPORT_REFUSED', `The file ${quoted(name)} ${what}.`, { hint, cause });
}
