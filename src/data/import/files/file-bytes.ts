import { stat } from 'node:fs/promises';
import type { ImportRequest } from '../import-request.ts';
import { listFiles } from './file-list.ts';

/** How many bytes the files of a request have together. 0 if a file cannot be found: it is refused when it is read. */
export async function bytesOfFiles({
  orders,
  orderItems,
  products,
  customers,
}: ImportRequest): Promise<number> {
  const given = [orders, orderItems, products, customers].flatMap((paths) => paths ?? []);
  const files = await listFiles(given).catch(() => []);
  let bytes = 0;
  for (const file of files) bytes += await bytesOf(file);
  return bytes;
}

/** The bytes of a file, 0 if there is none. */
export async function bytesOf(file: string): Promise<number> {
  return await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
