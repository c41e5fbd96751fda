import { ChurnMcpError } from '../../../errors.ts';
import { quoted } from '../../../text/quoted.ts';
import type { ShopTable } from '../../shop-tables.ts';
import { comparableName } from '../columns/column-matcher.ts';
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
 * Opens every file of a request. Of a workbook with several sheets it takes those with the same columns as the largest.
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
      opened.push(...withoutOtherSheets(parts, context));
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

/** Leaves out sheets with other columns, such as notes. */
function withoutOtherSheets(
  parts: readonly OpenedFile[],
  { decisions }: ImportContext,
): readonly OpenedFile[] {
  const sheets = parts.filter(({ file }) => file.name.endsWith(']') && file.name !== file.origin.name);
  const [largest] = sheets.toSorted((a, b) => b.columns.length - a.columns.length);
  if (largest === undefined) return parts;
  const namesOf = ({ columns }: OpenedFile) => columns.map(comparableName).sort().join();
  return parts.filter((part) => {
    if (!sheets.includes(part) || namesOf(part) === namesOf(largest)) return true;
    decisions.say(
      `${quoted(part.file.name)} was left out, because its columns differ from those of ${quoted(largest.file.name)}.`,
    );
    return false;
  });
}
