import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

/**
 * The `table` folder of a home: `current.json` is replaced in one step and names an immutable Parquet file beside it, with its
 * checksum beside it.
 * A shop's orders and a table of customers may be in one home and are independent of each other.
 */
export function featureTableLayout(home: string) {
  const folder = join(home, 'table');
  return {
    folder,
    pointer: join(folder, 'current.json'),
    file: (name: string) => join(folder, name),
  };
}

/** Names of our Parquet files; no other file in the folder is ever removed. */
export const TABLE_FILE_NAME = /^[0-9a-f]{16}\.parquet$/;

/** Random, so that no import overwrites a file that another process reads. */
export function newTableFileName(): string {
  return `${randomBytes(8).toString('hex')}.parquet`;
}
