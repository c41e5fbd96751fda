import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { quoteLiteral } from '../../duckdb/sql-quoting.ts';

/** The step of a path into each element of a list. */
export const EACH = Symbol('each element of a list');
/** How a value is found within a row: `['customer', 'id']`, or `['line_items', EACH, 'sku']`, which gives many values. */
export type ColumnPath = readonly (string | typeof EACH)[];

/**
 * The columns of a JSON file, as paths: `{"customer": {"id": 7}}` has the column `customer.id`. A list of objects is one
 * column as a whole, and one column for each key of its elements. All rows are read, because a key may be in the last one
 * only: a status, a refund.
 *
 * @param reader reads each object as the column `json`; its one bound value is the path
 */
export async function jsonPathsOf(
  connection: DuckDBConnection,
  reader: string,
  path: string,
): Promise<ColumnPath[]> {
  const result = await connection.runAndReadAll(
    `select json_group_structure(json) from (select json from ${reader})`,
    [path],
  );
  const structure: unknown = JSON.parse(String(result.getRowsJson()[0]?.[0] ?? '{}'));
  return pathsIn(structure, []);
}

function pathsIn(structure: unknown, path: ColumnPath): ColumnPath[] {
  if (typeof structure !== 'object' || structure === null) return path.length === 0 ? [] : [path];
  if (Array.isArray(structure)) {
    const elements = pathsIn(structure[0], [...path, EACH]);
    return [path, ...elements.filter((inner) => inner.at(-1) !== EACH)];
  }
  return Object.entries(structure).flatMap(([key, inner]) => pathsIn(inner, [...path, key]));
}

/** A path as the report of an import and `--map` name it: `line_items.sku`. */
export function pathName(path: ColumnPath): string {
  return path.filter((step) => step !== EACH).join('.');
}

export function isWithinList(path: ColumnPath): boolean {
  return path.includes(EACH);
}

/** True if a path leads to one value in each row; the rows are the elements of `list`, if it is given. */
export function hasOneValue(path: ColumnPath, list: ColumnPath | undefined): boolean {
  return !isWithinList((list && pathWithin(list, path)) ?? path);
}

/** Tells whether a path is a list of objects that some of all paths lead into. Files may have thousands of columns. */
export function listsAmong(all: readonly ColumnPath[]): (path: ColumnPath) => boolean {
  const lists = new Set<string>();
  for (const path of all) {
    for (const [at, step] of path.entries()) if (step === EACH) lists.add(keyOf(path.slice(0, at)));
  }
  return (path) => lists.size > 0 && lists.has(keyOf(path));
}

/** Tells whether a path is such a list, or leads into one. */
export function listParts(all: readonly ColumnPath[]): (path: ColumnPath) => boolean {
  const isList = listsAmong(all);
  return (path) => isWithinList(path) || isList(path);
}

function keyOf(path: ColumnPath): string {
  return JSON.stringify(path.map((step) => (step === EACH ? 0 : step)));
}

export function isSamePath(one: ColumnPath, other: ColumnPath): boolean {
  return one.length === other.length && one.every((step, at) => step === other[at]);
}

/** The steps after `list` and into its elements; undefined if the path leads elsewhere. */
export function pathWithin(list: ColumnPath, path: ColumnPath): ColumnPath | undefined {
  const isWithin = path[list.length] === EACH && list.every((step, at) => path[at] === step);
  return isWithin ? path.slice(list.length + 1) : undefined;
}

/**
 * The SQL for the value at a path, as text, from an expression for its first step. Of many values it is their sum, if all are numbers.
 */
export function jsonValueSql(first: string, inner: ColumnPath): string {
  if (inner.length === 0) return first;
  const value = `json_extract_string(${first}, ${jsonPathLiteral(inner)})`;
  return isWithinList(inner) ? `sum_of_texts(${value})` : value;
}

/** The elements of a list as a list of JSON, from an expression for the first step of its path. */
export function jsonElementsSql(first: string, inner: ColumnPath): string {
  return `json_extract(${first}, ${jsonPathLiteral([...inner, EACH])})`;
}

function jsonPathLiteral(path: ColumnPath): string {
  const steps = path.map((step) =>
    step === EACH ? '[*]' : `."${step.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
  );
  return quoteLiteral(`$${steps.join('')}`);
}
