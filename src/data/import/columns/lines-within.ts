import { ChurnMcpError } from '../../../errors.ts';
import { quoted, quotedList } from '../../../text/quoted.ts';
import {
  type ColumnPath,
  isSamePath,
  isWithinList,
  listsAmong,
  pathName,
  pathWithin,
} from '../files/json-columns.ts';
import type { OpenedFile } from '../files/open-files.ts';
import { columnsOfSystem, type ShopSystem } from '../systems/shop-system.ts';
import { type ColumnMatch, matchColumns, namedColumn, namesLines } from './column-matcher.ts';
import { IMPORT_FIELDS } from './import-fields.ts';
import { isLineList } from './line-columns.ts';

/** A file of orders, one JSON object each, whose columns are matched. */
export type OrdersFile = OpenedFile & {
  readonly match: ColumnMatch;
  readonly system: ShopSystem | undefined;
};

/** What a line says of itself. The order says the rest. */
const LINE_FIELDS = IMPORT_FIELDS.order_items.filter(
  (field) => field !== 'order_total' && !IMPORT_FIELDS.orders.some((ofOrder) => ofOrder === field),
);

const NO_LIST = 'none';

/** A list of objects within each order, and the columns of its elements. */
interface LineList {
  readonly path: ColumnPath;
  /** Positions in the file, with the name within an element. */
  readonly columns: readonly { readonly at: number; readonly name: string }[];
}

/**
 * The lines that each order of a JSON file holds as a list, as a file of order lines: one row per element, with the
 * order's id. Undefined if no list holds lines, or the user does not want them (`--map product_id=none`).
 *
 * @param map what the user says of order lines, by field
 * @throws IMPORT_REFUSED if it is not clear which list holds the lines, or which product a line is of
 */
export function linesWithin(file: OrdersFile, map: Readonly<Record<string, string>>): OrdersFile | undefined {
  if (map.product_id === NO_LIST) return undefined;
  const list = chooseList(file, listsOf(file), map);
  if (list === undefined) return undefined;
  const orderId = file.match.order_id;
  if (orderId === undefined) {
    throw refused(
      file,
      `hold their lines in the list ${quoted(pathName(list.path))}, but no column is the order’s id`,
      'Name it with --map orders.order_id=COLUMN, or read the orders without lines: --map product_id=none.',
    );
  }
  const ofList = file.paths.findIndex((path) => isSamePath(path, list.path));
  const places = [orderId, ofList, ...list.columns.map(({ at }) => at)];
  const pick = <Item>(all: readonly Item[]) => places.flatMap((at) => all[at] ?? []);
  const columns = pick(file.columns);
  return {
    ...file,
    table: 'order_items',
    columns,
    types: pick(file.types),
    paths: places.map((at) => file.paths[at] ?? []),
    list: list.path,
    match: { order_id: 0, ...matchLines(file, list, columns, map) },
  };
}

/** All lists of objects of a file that are not within another list. */
function listsOf({ paths }: OpenedFile): LineList[] {
  const isList = listsAmong(paths);
  const lists = paths.filter((path) => !isWithinList(path) && isList(path));
  return lists.map((path) => {
    const columns = paths.flatMap((column, at) => {
      const inner = pathWithin(path, column);
      return inner === undefined || isWithinList(inner) ? [] : [{ at, name: pathName(inner) }];
    });
    return { path, columns: withoutWrapper(columns) };
  });
}

/** GraphQL wraps each element: `edges: [{node: {…}}]`. */
function withoutWrapper(columns: LineList['columns']): LineList['columns'] {
  const isWrapped = columns.some(({ name }) => name.startsWith('node.'));
  if (!isWrapped) return columns;
  return columns.flatMap(({ at, name }) =>
    name.startsWith('node.') ? [{ at, name: name.slice('node.'.length) }] : [],
  );
}

/** The list that the user's columns are in, else that of the shop system, else the one whose elements look like lines. */
function chooseList(
  file: OrdersFile,
  lists: readonly LineList[],
  map: Readonly<Record<string, string>>,
): LineList | undefined {
  const told = lists.find((list) =>
    LINE_FIELDS.some((field) => {
      const column = map[field] === undefined ? undefined : namedColumn(map[field], file.columns);
      return list.columns.some(({ at }) => at === column);
    }),
  );
  if (told !== undefined) return told;
  const known = file.system?.lines?.list;
  const ofSystem = lists.find(({ path }) => known !== undefined && pathName(path) === known);
  if (ofSystem !== undefined) return ofSystem;
  const alike = lists.filter(({ columns }) => namesLines(columns.map(({ name }) => name)));
  const named = lists.filter(({ path }) => path.some((step) => typeof step === 'string' && isLineList(step)));
  const both = alike.filter((list) => named.includes(list));
  const [only, other] = both.length > 0 ? both : alike;
  if (other !== undefined) throw severalLists(file, both.length > 0 ? both : alike);
  if (only === undefined && named[0] !== undefined) throw unknownProduct(file, named[0]);
  return only;
}

function matchLines(
  file: OrdersFile,
  list: LineList,
  columns: readonly string[],
  map: Readonly<Record<string, string>>,
): ColumnMatch {
  // Within the file of lines: the order's id, the list itself, then the columns of its elements.
  const names = ['', '', ...list.columns.map(({ name }) => name)];
  const told = LINE_FIELDS.flatMap((field): [string, string][] => {
    const wanted = map[field];
    if (wanted === undefined) return [];
    const column = namedColumn(wanted, columns) ?? namedColumn(wanted, names);
    if (column === undefined) throw unknownColumn(file, list, field, wanted);
    return [[field, names[column] ?? '']];
  });
  const known = columnsOfSystem({ columns: file.system?.lines?.columns ?? {} }, names);
  const found = matchColumns('order_items', names, { ...known, ...Object.fromEntries(told) }, [
    'id',
    ...(file.system?.lines?.notRead ?? []),
  ]);
  const match: Record<string, number> = {};
  for (const field of LINE_FIELDS) if (found[field] !== undefined) match[field] = found[field];
  const id = namedColumn('id', names);
  if (match.product_id === undefined && match.product_name === undefined && id !== undefined)
    match.product_id = id;
  if (match.product_id === undefined && match.product_name === undefined) throw unknownProduct(file, list);
  // Without an id, a line is known by its position, so that an order that stands in two files has its lines once.
  match.order_item_id ??= match.product_id === id ? 1 : (id ?? 1);
  return match;
}

function refused({ file }: OpenedFile, what: string, hint: string): ChurnMcpError {
  return new ChurnMcpError('IMPORT_REFUSED', `The orders of ${quoted(file.name)} ${what}.`, { hint });
}

function severalLists(file: OpenedFile, lists: readonly LineList[]): ChurnMcpError {
  const names = lists.map(({ path }) => pathName(path));
  return refused(
    file,
    `have several lists that may be their lines: ${quotedList(names)}`,
    `Name the column of the product in the right one, for example --map product_id=${names[0]}.COLUMN, or read the orders without lines: --map product_id=none.`,
  );
}

function unknownProduct(file: OpenedFile, { path, columns }: LineList): ChurnMcpError {
  const name = pathName(path);
  return refused(
    file,
    `hold the list ${quoted(name)}, but none of its columns is known as the product’s`,
    `Its columns are: ${quotedList(columns.map((column) => column.name))}. Name the product’s with --map product_id=${name}.COLUMN, or read the orders without lines: --map product_id=none.`,
  );
}

function unknownColumn(
  file: OpenedFile,
  { path, columns }: LineList,
  field: string,
  wanted: string,
): ChurnMcpError {
  return refused(
    file,
    `have no column ${quoted(wanted)} in the list ${quoted(pathName(path))}, which --map names for ${field}`,
    `The list’s columns are: ${quotedList(columns.map(({ name }) => name))}.`,
  );
}
