import { ChurnMcpError } from '../errors.ts';
import type { DataSource } from './data-source.ts';
import { DuckDBDataSource } from './duckdb/duckdb-data-source.ts';
import { homeLayout, readPointer } from './home-layout.ts';

/**
 * Opens the data as the import before the current one left it.
 *
 * @throws NO_DATA if there was no import before, or its snapshot is gone
 */
export async function openPreviousSnapshot(home: string): Promise<DataSource & AsyncDisposable> {
  const { previous } = (await readPointer(home)) ?? { previous: null };
  if (previous === null) throw noEarlierImport();
  const { snapshot, data } = homeLayout(home);
  return await DuckDBDataSource.open(snapshot(previous), data).catch((cause: unknown) => {
    throw noEarlierImport(cause);
  });
}

function noEarlierImport(cause?: unknown): ChurnMcpError {
  return new ChurnMcpError('NO_DATA', 'There is no earlier import to compare with.', {
    hint: 'Compare with a day (compare_with: YYYY-MM-DD), or leave compare_with out to compare with a week ago.',
    cause,
  });
}
