import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { writeXlsx } from 'hucre/xlsx';
import type { ImportRequest } from '../../src/data/import/import-request.ts';
import type { WrittenFormat } from './shop-format.ts';
import type { WrittenFile, WrittenShop } from './shop-writer.ts';

type Files = Pick<ImportRequest, 'orders' | 'orderItems'>;

/** Saves a written shop below `folder` as its format packs it, and says what to import. */
export async function packShop(
  { orders, orderItems }: WrittenShop,
  { packing }: WrittenFormat,
  folder: string,
): Promise<Files> {
  const pack = {
    files: saveFiles,
    folder: saveFolder,
    zip: saveZip,
    workbook: saveWorkbook,
    json: saveJson,
    ndjson: saveLines,
  }[packing];
  return {
    ...(orders.length > 0 ? { orders: await pack(orders, join(folder, 'orders')) } : {}),
    ...(orderItems.length > 0 ? { orderItems: await pack(orderItems, join(folder, 'lines')) } : {}),
  };
}

async function saveFiles(files: readonly WrittenFile[], path: string): Promise<string[]> {
  return Promise.all(
    files.map(async ({ csv }, at) => {
      await writeFile(`${path}-${at}.csv`, csv);
      return `${path}-${at}.csv`;
    }),
  );
}

async function saveFolder(files: readonly WrittenFile[], path: string): Promise<string> {
  await mkdir(path);
  await saveFiles(files, join(path, 'part'));
  return path;
}

async function saveZip(files: readonly WrittenFile[], path: string): Promise<string> {
  const entries = files.map(({ csv }, at) => [`export/part-${at}.csv`, csv] as const);
  await writeFile(`${path}.zip`, zipSync(Object.fromEntries(entries)));
  return `${path}.zip`;
}

async function saveJson(files: readonly WrittenFile[], path: string): Promise<string[]> {
  return saveTexts(files, path, ({ objects }) => JSON.stringify({ data: objects }), '.json');
}

async function saveLines(files: readonly WrittenFile[], path: string): Promise<string[]> {
  const lines = ({ objects }: WrittenFile) => objects.map((object) => JSON.stringify(object)).join('\n');
  return saveTexts(files, path, lines, '.ndjson');
}

async function saveTexts(
  files: readonly WrittenFile[],
  path: string,
  textOf: (file: WrittenFile) => string,
  ending: string,
): Promise<string[]> {
  return Promise.all(
    files.map(async (file, at) => {
      await writeFile(`${path}-${at}${ending}`, textOf(file));
      return `${path}-${at}${ending}`;
    }),
  );
}

/** One sheet per file. What a spreadsheet takes for a number is one. */
async function saveWorkbook(files: readonly WrittenFile[], path: string): Promise<string> {
  const sheets = files.map(({ cells }, at) => ({
    name: `Part ${at + 1}`,
    rows: cells.map((row) => row.map((cell) => (IS_NUMBER.test(cell) ? Number(cell) : cell))),
  }));
  await writeFile(`${path}.xlsx`, await writeXlsx({ sheets }));
  return `${path}.xlsx`;
}

const IS_NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d+)?$/;
