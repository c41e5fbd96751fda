import { ChurnMcpError } from '../../../errors.ts';
import type { ShopTable } from '../../shop-tables.ts';
import type { ImportContext } from '../import-context.ts';
import type { FilePaths, ImportRequest } from '../import-report.ts';
import { describeColumns, type FileColumns } from './file-reader.ts';
import { inspectFile, type SourceFile } from './source-file.ts';

/** A file of the request, looked at, and which table it was given for. */
export interface OpenedFile extends FileColumns {
  readonly table: ShopTable;
  readonly file: SourceFile;
}

/**
 * Looks at every file of a request.
 *
 * @throws IMPORT_REFUSED where no file of orders was given, or one cannot be read
 */
export async function openFiles({ connection, request, signal }: ImportContext): Promise<OpenedFile[]> {
  const opened: OpenedFile[] = [];
  for (const { table, path } of filesOf(request)) {
    const file = await inspectFile(path, signal);
    opened.push({ table, file, ...(await describeColumns(connection, file)) });
  }
  return opened;
}

function filesOf(request: ImportRequest): { table: ShopTable; path: string }[] {
  const paths = (table: ShopTable, given: FilePaths | undefined) =>
    [given ?? []].flat().map((path) => ({ table, path }));
  const orders = paths('orders', request.orders);
  const lines = paths('order_items', request.orderItems);
  if (orders.length === 0 && lines.length === 0) {
    throw new ChurnMcpError('IMPORT_REFUSED', 'No file with orders was given.', {
      hint: 'Name one with --orders FILE, or a file of order lines with --order-items FILE.',
    });
  }
  return [
    ...orders,
    ...lines,
    ...paths('product_catalog', request.products),
    ...paths('customers', request.customers),
  ];
}
