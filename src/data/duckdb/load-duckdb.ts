import { createRequire } from 'node:module';
import type * as DuckDB from '@duckdb/node-api';

/**
 * Loads DuckDB at the first call, so that commands that touch no data start without it. It is required: to import the package,
 * Node first reads all of its files for the names that they export, which takes as long again (260 ms in place of 150 on a
 * busy machine).
 */
export function loadDuckDB(): typeof DuckDB {
  return createRequire(import.meta.url)('@duckdb/node-api');
}
