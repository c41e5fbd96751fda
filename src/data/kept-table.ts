/** Tables about all customers, kept in the home for the current data and a version: `FOLDER/VERSION_DATA.parquet`. */
import { stateOfFile } from '../files/checksum.ts';
import { exists } from '../files/durable-files.ts';
import { type KeptFile, keepFile, keptFilePath } from '../files/kept-file.ts';
import type { ColumnTable, DataSource } from './data-source.ts';
import type { OutputColumn } from './output-column.ts';
import { readParquet } from './parquet-file.ts';
import { writeTable } from './table-file.ts';

/** What is kept of which data. */
export interface KeptOf extends Pick<KeptFile, 'folder' | 'version'> {
  readonly data: DataSource;
  readonly signal?: AbortSignal | undefined;
}

export async function keptFileOf(
  { folder, version, data }: KeptOf,
  ending: KeptFile['ending'],
): Promise<KeptFile> {
  const { fingerprint } = await data.summary();
  return { folder, version, fingerprint, ending };
}

/** The path of a kept table; undefined if it is not kept, or the file is damaged. */
export async function intactTable(home: string, kept: KeptOf): Promise<string | undefined> {
  const path = keptFilePath(home, await keptFileOf(kept, 'parquet'));
  return (await stateOfFile(path, kept.signal)) === 'intact' ? path : undefined;
}

/** A kept table; undefined as above. */
export async function readKeptTable(home: string, kept: KeptOf): Promise<ColumnTable | undefined> {
  const path = await intactTable(home, kept);
  if (path === undefined) return undefined;
  try {
    return await readParquet(path, kept.signal);
  } catch (error) {
    // One of newer data or another version took its place after it was checked.
    if (!(await exists(path))) return undefined;
    throw error;
  }
}

/** @throws STORAGE, CANCELLED */
export async function keepTable(home: string, kept: KeptOf, columns: readonly OutputColumn[]): Promise<void> {
  await keepFile(home, await keptFileOf(kept, 'parquet'), (path) =>
    writeTable({ columns }, path, { withChecksum: true, signal: kept.signal }),
  );
}
