import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportReport } from '../../src/data/import/import-report.ts';
import type { ImportRequest } from '../../src/data/import/import-request.ts';
import { importShop } from '../../src/data/import/import-shop.ts';
import type { ChurnMcpError } from '../../src/errors.ts';
import { newTestHome } from './snapshot.ts';

/** Writes a file of the given name into a folder of its own, and returns its path. */
export async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(await newTestHome(), 'files-'));
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

export interface ImportedText {
  readonly report: ImportReport;
  readonly home: string;
  readonly rejects: string;
}

/** Imports CSV text given as the orders file (or other files) into a new home. */
export async function importText(
  texts: { orders?: string | Uint8Array; orderItems?: string; products?: string; customers?: string },
  extra: Omit<ImportRequest, 'orders' | 'orderItems' | 'products' | 'customers'> = {},
  now?: Date,
): Promise<ImportedText> {
  const home = await newTestHome();
  const request: Record<string, string> = {};
  for (const [file, text] of Object.entries(texts)) request[file] = await fileWith(`${file}.csv`, text);
  const report = await importShop({ ...request, ...extra }, { home, now });
  const rejects = report.rejectsFile === undefined ? '' : await readFile(report.rejectsFile, 'utf8');
  return { report, home, rejects };
}

/** The error of an import that must fail, as a user sees it. */
export async function refusal(importing: Promise<unknown>): Promise<string> {
  const error = await importing.then(
    () => undefined,
    (reason: ChurnMcpError) => reason,
  );
  return error === undefined ? 'not refused' : `${error.code}: ${error.message} ${error.hint ?? ''}`;
}
