import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { quoteLiteral } from '../../duckdb/sql-quoting.ts';

/** The step of a path into each element of a list. */
export const EACH = Symbol('each element of a list');
/** The last step of a path whose values may be wrapped in their type, as MongoDB exports them: `{"$numberDecimal": "12.50"}`. */
const WRAPPED = Symbol('a value that may be wrapped in its type');
/** How a value is found within a row: `['customer', 'id']`, or `['line_items', EACH, 'sku']`, which gives many values. */
export type ColumnPath = readonly (string | typeof EACH | typeof WRAPPED)[];

/** MongoDB's names of types: https://www.mongodb.com/docs/manual/reference/mongodb-extended-json */
const WRAPPERS = [
  '$oid',
  '$date',
  '$numberInt',
  '$numberLong',
  '$numberDouble',
  '$numberDecimal',
  '$uuid',
  '$symbol',
];
/** A date may hold a wrapped number. */
const WRAPPED_VALUE = `^\\s*\\{\\s*"[$](?:${WRAPPERS.map((name) => name.slice(1)).join('|')})"\\s*:\\s*(?:\\{\\s*"[$]numberLong"\\s*:\\s*)?"?([^"{}]*)"?[\\s}]*$`;

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
  if (typeof structure !== 'object' || structure === null) {
    if (path.length === 0) return [];
    return [structure === 'JSON' ? [...path, WRAPPED] : path];
  }
  if (Array.isArray(structure)) {
    const elements = pathsIn(structure[0], [...path, EACH]);
    return [
      path,
      ...elements.filter((inner) => typeof inner.at(-1) === 'string' || inner.length > path.length + 2),
    ];
  }
  const keys = Object.keys(structure);
  if (keys.length > 0 && path.length > 0 && keys.every((key) => WRAPPERS.includes(key)))
    return [[...path, WRAPPED]];
  return Object.entries(structure).flatMap(([key, inner]) => pathsIn(inner, [...path, key]));
}

/** A path as the report of an import and `--map` name it: `line_items.sku`. */
export function pathName(path: ColumnPath): string {
  return path.filter((step) => typeof step === 'string').join('.');
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
  return JSON.stringify(path.map((step) => (typeof step === 'string' ? step : 0)));
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
  const isWrapped = inner.at(-1) === WRAPPED;
  if (isWithinList(inner)) {
    return `sum_of_texts(${isWrapped ? `list_transform(${value}, lambda t: ${unwrappedSql('t')})` : value})`;
  }
  return isWrapped ? unwrappedSql(value) : value;
}

/** A text without the type that it is wrapped in, else as it is. */
function unwrappedSql(text: string): string {
  return `regexp_replace(${text}, ${quoteLiteral(WRAPPED_VALUE)}, '\\1')`;
}

/** The elements of a list as a list of JSON, from an expression for the first step of its path. */
export function jsonElementsSql(first: string, inner: ColumnPath): string {
  return `json_extract(${first}, ${jsonPathLiteral([...inner, EACH])})`;
}

function jsonPathLiteral(path: ColumnPath): string {
  const steps = path.map((step) => {
    if (typeof step !== 'string') return step === EACH ? '[*]' : '';
    return `."${step.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  });
  return quoteLiteral(`$${steps.join('')}`);
}
