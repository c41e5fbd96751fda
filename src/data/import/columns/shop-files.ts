import { ChurnMcpError } from '../../../errors.ts';
import { quoted } from '../../../text/quoted.ts';
import type { ShopTable } from '../../shop-tables.ts';
import { columnsOfOneValue } from '../files/file-reader.ts';
import { hasOneValue, listParts, pathName } from '../files/json-columns.ts';
import type { OpenedFile } from '../files/open-files.ts';
import type { ImportContext } from '../import-context.ts';
import type { ImportRequest } from '../import-request.ts';
import { SHOP_SYSTEMS } from '../systems/index.ts';
import { columnsOfSystem, recogniseSystem, type ShopSystem } from '../systems/shop-system.ts';
import {
  type ColumnMatch,
  fileOf,
  matchColumns,
  NO_COLUMN,
  namedColumn,
  namesLines,
  requireFields,
} from './column-matcher.ts';
import { columnsOfSomeRows } from './columns-of-some-rows.ts';
import { type CustomerAttribute, columnsOfAttributes, findAttributes } from './customer-attributes.ts';
import { IMPORT_FIELDS } from './import-fields.ts';
import { linesWithin, type OrdersFile } from './lines-within.ts';
import { withPersons } from './person-columns.ts';
import { rowsAreLines } from './rows-are-lines.ts';
import { readUnnamedStatuses, type UnreadStatus } from './unread-statuses.ts';

/** A file of the request with its columns understood. */
export interface MatchedFile extends OpenedFile {
  readonly match: ColumnMatch;
  /** Field to the column that is read in rows where the field's own is 0 or empty. */
  readonly insteadOfZero: ColumnMatch;
  /** Field to the column that is read in rows with a negative amount, if it is filled. */
  readonly ofNegative: ColumnMatch;
  /** The shop system whose export it is, if its columns tell. */
  readonly system: ShopSystem | undefined;
  /** Where each of the shop's attributes stands in this file. */
  readonly attributeColumns: readonly (number | undefined)[];
}

/** All files of a request together. */
export interface ShopFiles {
  readonly files: readonly MatchedFile[];
  /** True if there is no file of orders: they are derived from the lines. */
  readonly derivesOrders: boolean;
  /** True if orders have no id: each row is an order. */
  readonly derivesOrderIds: boolean;
  /** True if the user says that there are no amounts (`--map total_amount=none`). */
  readonly withoutAmounts: boolean;
  /** What customers can be filtered by. */
  readonly attributes: readonly CustomerAttribute[];
  /** Columns with words of statuses that are not read, for the ledger to name. */
  readonly unreadStatuses: readonly UnreadStatus[];
}

/**
 * Matches the columns of all files, and decides from which files orders, lines and totals come.
 *
 * @throws IMPORT_REFUSED if a required column is missing or ambiguous, or `map` names an unknown field
 */
export async function understandFiles(
  opened: readonly OpenedFile[],
  context: ImportContext,
): Promise<ShopFiles> {
  const { request, decisions } = context;
  const withoutAmounts = isWithoutAmounts(opened, request);
  const map = withoutAmounts ? withoutAmountEntries(request.map ?? {}) : (request.map ?? {});
  const given: KnownFile[] = [];
  for (const file of opened) given.push(await asGiven(file, opened, map, context));
  const read = given.map((file) => ({ ...file, match: matchFile(file, map) }));
  const isTold = Object.keys(map).some((key) => key.split('.').at(-1) === 'customer_id');
  const named = withPersons(withLinesWithin(read, map, decisions), decisions, isTold);
  requireKnownFields(named, withoutNoLines(named, map));
  const { files: matched, unreadStatuses } = await readUnnamedStatuses(named, context, (table) =>
    mapFor(table, map),
  );
  const attributes = findAttributes(matched, request.keep ?? []);
  const files = matched.map((file) => ({
    ...file,
    ...columnsOfSomeRows(file),
    attributeColumns: columnsOfAttributes(attributes, file),
  }));
  const orders = files.filter(({ table }) => table === 'orders');
  const hasItems = files.some(({ table }) => table === 'order_items');
  for (const { table, match, columns } of files)
    requireFields(table, match, columns, neededFields(table, { hasOrders: orders.length > 0, match }));
  const lacking = orders.find(({ match }) => !('total_amount' in match));
  if (lacking !== undefined && !hasItems && !withoutAmounts) throw noAmounts(lacking.columns);
  if (withoutAmounts) {
    decisions.say('There are no amounts, so every order counts as 0 and all spend figures are 0.');
  } else if (lacking !== undefined) {
    decisions.say('Order totals are the sums of their lines.');
  }
  const derivesOrderIds = orders.length > 0 && orders.every(({ match }) => !('order_id' in match));
  for (const { match, columns } of orders) {
    if (!derivesOrderIds || hasItems) requireFields('orders', match, columns, ['order_id']);
  }
  if (derivesOrderIds) decisions.say('The orders file has no order ids, so each of its rows is an order.');
  return {
    files,
    derivesOrders: orders.length === 0,
    derivesOrderIds,
    withoutAmounts,
    attributes,
    unreadStatuses,
  };
}

type KnownFile = OpenedFile & { readonly system: ShopSystem | undefined };

/** A file with the table that its rows are, and the shop system that wrote it. @throws IMPORT_REFUSED if that cannot be used */
async function asGiven(
  file: OpenedFile,
  all: readonly OpenedFile[],
  map: Readonly<Record<string, string>>,
  { connection, decisions, request }: ImportContext,
): Promise<KnownFile> {
  if (request.isOfLog === true) return { ...file, system: undefined };
  const { columns } = columnsOfOneValue(file);
  const ofRow = Object.fromEntries(
    Object.entries(map).filter(([, wanted]) => {
      const column = namedColumn(wanted, file.columns);
      return column === undefined || hasOneValue(file.paths[column] ?? [], undefined);
    }),
  );
  const system = recogniseSystem(SHOP_SYSTEMS, file.table, columns);
  if (system?.refusal !== undefined) {
    throw new ChurnMcpError(
      'IMPORT_REFUSED',
      `The file ${quoted(file.file.name)} is ${system.name}, and cannot be used: ${system.refusal.why}.`,
      { hint: system.refusal.instead },
    );
  }
  if (system !== undefined) {
    decisions.say(
      `The file ${quoted(file.file.name)} is an export of ${system.name}.${system.note ? ` ${system.note}` : ''}`,
    );
  }
  const areLines =
    file.table === 'orders' &&
    all.every(({ table }) => table !== 'order_items') &&
    (system === undefined
      ? namesLines(columns, ofRow) || (await rowsAreLines(connection, file, mapFor('order_items', ofRow)))
      : system.rowsAre === 'order_items');
  const areOrders =
    file.table === 'order_items' &&
    all.every(({ table }) => table !== 'orders') &&
    columns.length < file.columns.length &&
    !namesLines(columns, ofRow);
  if (areOrders)
    return { ...file, system: recogniseSystem(SHOP_SYSTEMS, 'orders', columns), table: 'orders' };
  if (!areLines) return { ...file, system };
  decisions.say('The orders file holds order lines, so orders were derived from them.');
  return { ...file, system, table: 'order_items' };
}

/** The files, and the lines that orders hold as lists, unless a file of lines is given. */
function withLinesWithin(
  files: readonly OrdersFile[],
  map: Readonly<Record<string, string>>,
  decisions: ImportContext['decisions'],
): OrdersFile[] {
  if (files.some(({ table }) => table === 'order_items')) return [...files];
  return files.flatMap((file) => {
    const lines = file.table === 'orders' ? linesWithin(file, mapFor('order_items', map)) : undefined;
    if (lines === undefined) return [file];
    decisions.say(
      `The lines of the orders in ${quoted(file.file.name)} are those of the list ${quoted(pathName(lines.list ?? []))}; order totals are the orders’ own.`,
    );
    return [file, lines];
  });
}

/** The user's --map wins, then the known columns of the shop system, then the names of columns. */
function matchFile(
  { table, columns, paths, system }: KnownFile,
  map: Readonly<Record<string, string>>,
): ColumnMatch {
  const told = mapFor(table, map);
  // Names within a list are not the order's; only a map may take them.
  const isOfList = listParts(paths);
  const ofLists = columns.filter((_, column) => isOfList(paths[column] ?? []));
  if (table === 'orders') refuseListsAsFields(told, columns, paths);
  if (system === undefined) return matchColumns(table, columns, told, ofLists);
  const taken = new Set(Object.values(told));
  const known = Object.entries(columnsOfSystem(system, columns)).filter(
    ([field, column]) => IMPORT_FIELDS[table].some((name) => name === field) && !taken.has(column),
  );
  return matchColumns(table, columns, { ...Object.fromEntries(known), ...told }, [
    ...ofLists,
    ...(system.notRead ?? []),
  ]);
}

function neededFields(table: ShopTable, shop: { hasOrders: boolean; match: ColumnMatch }): string[] {
  switch (table) {
    case 'orders':
      return ['customer_id', 'order_date'];
    case 'order_items': {
      const product = 'product_name' in shop.match ? [] : ['product_id'];
      if (shop.hasOrders) return ['order_id', ...product];
      const amount = 'line_total' in shop.match || 'order_total' in shop.match ? [] : ['unit_price'];
      return ['order_id', ...product, ...amount, 'customer_id', 'order_date'];
    }
    case 'customers':
      return ['customer_id'];
    case 'product_catalog':
      return ['product_id'];
  }
}

/** Of a list within an order only a sum makes sense, so only amounts may be one. @throws IMPORT_REFUSED */
function refuseListsAsFields(
  told: Readonly<Record<string, string>>,
  columns: readonly string[],
  paths: OpenedFile['paths'],
): void {
  for (const [field, wanted] of Object.entries(told)) {
    const column = namedColumn(wanted, columns);
    if (column === undefined || hasOneValue(paths[column] ?? [], undefined)) continue;
    if (/amount|cost/.test(field)) continue;
    throw new ChurnMcpError(
      'IMPORT_REFUSED',
      `The column ${quoted(wanted)}, which --map names for ${field}, is in a list, so an order has several values of it.`,
      { hint: 'Name a column with one value for each order.' },
    );
  }
}

/** The entries of `map` for one table, by field. */
function mapFor(table: ShopTable, map: Readonly<Record<string, string>>): Record<string, string> {
  const fields: readonly string[] = IMPORT_FIELDS[table];
  const entries = Object.entries(map).flatMap(([key, column]): [string, string][] => {
    const [first = '', second] = key.split('.');
    const field = second ?? first;
    if (second !== undefined && TABLE_NAMES[first] !== table) return [];
    return fields.includes(field) ? [[field, column]] : [];
  });
  return Object.fromEntries(entries);
}

/** Names of tables that a user may write in `--map`. */
const TABLE_NAMES: Readonly<Record<string, ShopTable>> = {
  orders: 'orders',
  order_items: 'order_items',
  'order-items': 'order_items',
  orderItems: 'order_items',
  items: 'order_items',
  customers: 'customers',
  products: 'product_catalog',
  product_catalog: 'product_catalog',
};

function requireKnownFields(files: readonly OpenedFile[], map: Readonly<Record<string, string>>): void {
  for (const [key, column] of Object.entries(map)) {
    if (files.some(({ table }) => Object.keys(mapFor(table, { [key]: column })).length > 0)) continue;
    const fields = files.map(({ table }) => `${table} (${IMPORT_FIELDS[table].join(', ')})`).join('; ');
    throw new ChurnMcpError('IMPORT_REFUSED', '--map names a field that none of the given files has.', {
      hint: `Fields are: ${fields}.`,
    });
  }
}

function isWithoutAmounts(files: readonly OpenedFile[], request: ImportRequest): boolean {
  const orders = files.find(({ table }) => table === 'orders');
  if (orders === undefined || orders.columns.includes(NO_COLUMN)) return false;
  return ['total_amount', 'orders.total_amount'].some((key) => request.map?.[key] === NO_COLUMN);
}

function withoutAmountEntries(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).filter(([key, column]) => !(column === NO_COLUMN && key.endsWith('total_amount'))),
  );
}

/** Without the entry that says that the lists of orders are not to be read as lines. */
function withoutNoLines(
  files: readonly OpenedFile[],
  map: Readonly<Record<string, string>>,
): Record<string, string> {
  const hasLines = files.some(({ table }) => table === 'order_items');
  return Object.fromEntries(
    Object.entries(map).filter(
      ([key, column]) => hasLines || column !== NO_COLUMN || !key.endsWith('product_id'),
    ),
  );
}

function noAmounts(columns: readonly string[]): ChurnMcpError {
  try {
    requireFields('orders', {}, columns, ['total_amount']);
  } catch (error) {
    if (error instanceof ChurnMcpError) {
      return new ChurnMcpError('IMPORT_REFUSED', error.message, {
        hint: `${error.hint}, or give the lines with --order-items FILE. If there are no amounts at all: --map total_amount=none`,
      });
    }
  }
  return new ChurnMcpError('IMPORT_REFUSED', `The ${fileOf('orders')} file has no amounts.`);
}
