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
 * Opens every file of a request. The sheets of a workbook, and the files of an archive or a folder, become the tables
 * that their columns tell.
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
    for (const path of [paths].flat()) {
      const parts: OpenedFile[] = [];
      for (const found of await listFiles(path)) {
        const read: OpenedFile[] = [];
        for (const file of await openSource(found, context)) {
          read.push({ table, file, ...(await describeColumns(connection, file)) });
        }
        parts.push(...withTablesOfSheets(read, context));
      }
      opened.push(...withTablesOfParts(parts, context));
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
  const isGiven = givenTables(request);
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

/**
 * The files of an archive or a folder, of which some may hold another table than the one it was given for, and some, such as
 * a README, none: a text has one column. A file with columns that are not known stays, because its rows may not be missed.
 */
function withTablesOfParts(
  parts: readonly OpenedFile[],
  { decisions, request }: Pick<ImportContext, 'decisions' | 'request'>,
): readonly OpenedFile[] {
  const isGiven = givenTables(request);
  const hasTable = parts.some(({ columns }) => columns.length > 1);
  return parts.flatMap((part) => {
    const name = quoted(part.file.name);
    if (hasTable && part.columns.length === 1) {
      decisions.say(`${name} was left out, because it has only one column.`);
      return [];
    }
    const table = parts.length > 1 ? tableOfSheet(part.columns) : undefined;
    if (table === undefined || table === part.table) return [part];
    // Without a file of orders beside them, rows of orders are lines if their content says so, too.
    const isOfOrders = part.table === 'orders' && table === 'order_items' && !isGiven.has(table);
    const hasOrders = parts.some(({ columns }) => tableOfSheet(columns) === 'orders');
    if (ORDER_TABLES.has(table) && !(isOfOrders && hasOrders)) return [part];
    if (isGiven.has(table)) {
      decisions.say(`${name} was left out, because another file of ${fileOf(table)} was given.`);
      return [];
    }
    decisions.say(`${name} was read as ${fileOf(table)}, because of its columns.`);
    return [{ ...part, table }];
  });
}

const ORDER_TABLES: ReadonlySet<ShopTable> = new Set(['orders', 'order_items']);

function givenTables(request: ImportRequest): ReadonlySet<ShopTable> {
  return new Set(tablesOf(request).flatMap(({ table, paths }) => (paths.length > 0 ? [table] : [])));
}

function namesOf({ columns }: OpenedFile): string {
  return columns.map(comparableName).sort().join();
}
