import { join } from 'node:path';

/**
 * The `table` folder of a home: `current.json` is replaced in one step and names an immutable Parquet file beside it.
 * A shop's orders and a table of customers may live in one home; neither knows of the other.
 */
export function featureTableLayout(home: string) {
  const folder = join(home, 'table');
  return {
    folder,
    pointer: join(folder, 'current.json'),
    file: (name: string) => join(folder, name),
  };
}
