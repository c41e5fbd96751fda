import { ChurnMcpError } from '../../../errors.ts';
import { quoted } from '../../../text/quoted.ts';
import type { ShopTable } from '../../shop-tables.ts';
import { fileOf } from '../columns/column-matcher.ts';
import { comparableName } from '../columns/comparable-name.ts';
import { tableOfSheet } from '../columns/table-of-sheet.ts';
import type { ImportContext } from '../import-context.ts';
import type { ImportRequest } from '../import-request.ts';
import { listFiles } from './file-list.ts';
import { describeColumns, type FileColumns } from './file-reader.ts';
import { openSource } from './open-source.ts';
import type { SourceFile } from './source-file.ts';

/** An opened file of the request, and the table it was given for. */
export interface OpenedFile extends FileColumns {
  readonly table: ShopTable;
  readonly file: SourceFile;
}

/**
 * Opens every file of a request. The sheets of a workbook become the tables that their columns tell.
 *
 * @throws IMPORT_REFUSED if no file of orders was given, or one cannot be read
 */
export async function openFiles(context: ImportContext): Promise<OpenedFile[]> {
  const { connection, request } = context;
  if (request.orders === undefined && request.orderItems === undefined) {
    throw new ChurnMcpError('IMPORT_REFUSED', 'No file with orders was given.', {
      hint: 'Name one with --orders FILE, or a file of order lines with --order-items FILE.',
    });
  }
  const opened: OpenedFile[] = [];
  for (const { table, paths } of tablesOf(request)) {
    for (const path of await listFiles(paths)) {
      const parts: OpenedFile[] = [];
      for (const file of await openSource(path, context)) {
        parts.push({ table, file, ...(await describeColumns(connection, file)) });
      }
      opened.push(...withTablesOfSheets(parts, context));
    }
  }
  return opened;
}

function tablesOf({ orders, orderItems, products, customers }: ImportRequest) {
  return [
    { table: 'orders' as const, paths: orders ?? [] },
    { table: 'order_items' as const, paths: orderItems ?? [] },
    { table: 'product_catalog' as const, paths: products ?? [] },
    { table: 'customers' as const, paths: customers ?? [] },
  ];
}

/**
 * The sheets of a workbook with the tables that they hold by their columns: the table that the workbook was given for, and
 * others for which no file was given. If no sheet is such a table, those with the same columns as the largest.
 */
function withTablesOfSheets(
  parts: readonly OpenedFile[],
  { decisions, request }: Pick<ImportContext, 'decisions' | 'request'>,
): readonly OpenedFile[] {
  const sheets = parts.filter(({ file }) => file.name.endsWith(']') && file.name !== file.origin.name);
  const [largest] = sheets.toSorted((a, b) => b.columns.length - a.columns.length);
  const given = largest?.table;
  if (largest === undefined || new Set(sheets.map(namesOf)).size === 1) return parts;
  const isGiven = new Set(tablesOf(request).flatMap(({ table, paths }) => (paths.length > 0 ? [table] : [])));
  const tables = new Map(sheets.map((sheet) => [sheet, tableOfSheet(sheet.columns)]));
  const isKnown = [...tables.values()].some(
    (table) => table === given || (given === 'orders' && table === 'order_items'),
  );
  return parts.flatMap((part) => {
    if (!sheets.includes(part)) return [part];
    const table = tables.get(part);
    if (isKnown ? table === given : namesOf(part) === namesOf(largest)) return [part];
    if (isKnown && table !== undefined && !isGiven.has(table)) {
      decisions.say(`${quoted(part.file.name)} was read as ${fileOf(table)}, because of its columns.`);
      return [{ ...part, table }];
    }
    decisions.say(
      isKnown && table !== undefined
        ? `${quoted(part.file.name)} was left out, because another file of ${fileOf(table)} was given.`
        : `${quoted(part.file.name)} was left out, because its columns are not those of ${fileOf(given ?? 'orders')}.`,
    );
    return [];
  });
}

function namesOf({ columns }: OpenedFile): string {
  return columns.map(comparableName).sort().join();
}
