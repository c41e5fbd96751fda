import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';

/**
 * The columns of a JSON file, as paths: `{"customer": {"id": 7}}` has the column `customer.id`. Lists within a row are one
 * column each. All rows are read, because a key may be in the last one only: a status, a refund.
 *
 * @param reader reads each object as the column `json`; its one bound value is the path
 */
export async function jsonPathsOf(
  connection: DuckDBConnection,
  reader: string,
  path: string,
): Promise<string[][]> {
  const result = await connection.runAndReadAll(
    `select json_group_structure(json) from (select json from ${reader})`,
    [path],
  );
  const structure: unknown = JSON.parse(String(result.getRowsJson()[0]?.[0] ?? '{}'));
  return pathsIn(structure, []);
}

function pathsIn(structure: unknown, path: readonly string[]): string[][] {
  if (typeof structure !== 'object' || structure === null || Array.isArray(structure)) {
    return path.length === 0 ? [] : [[...path]];
  }
  return Object.entries(structure).flatMap(([key, inner]) => pathsIn(inner, [...path, key]));
}
