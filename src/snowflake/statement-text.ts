import { sep } from 'node:path';
import { loadSql } from '../data/load-sql.ts';
import { servingTable } from '../data/serving-tables.ts';
import { CUSTOMER_ATTRIBUTES, SHOP_TABLES, type ShopTable } from '../data/shop-tables.ts';
import { ChurnMcpError } from '../errors.ts';
import { fillBlanks } from './blanks.ts';
import { type CountedRows, countedRows } from './counted-rows.ts';
import type { SnowflakeTables, TableName } from './snowflake-config.ts';

/** Comments, literals and quoted names are separate tokens, so nothing inside them is taken for a table. */
const PIECES =
  /--[^\n]*|\/\*.*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![\w.$])(raw|interactive)\s*\.\s*([a-z_]+)\b/gis;

const QUERY_ID = /^[0-9a-f-]{36}$/i;

/** The names of a statement's tables in Snowflake. */
export interface TableNames {
  readonly tables: SnowflakeTables;
  /** If set, tables are read as the statement with this id saw them. */
  readonly asSeenBy: string | undefined;
  /** Serving tables that the account keeps up to date. The others are temporary ones of the session. */
  readonly served?: ReadonlyMap<string, TableName> | undefined;
  /** Undefined if all rows are wanted, to look at them. */
  readonly counted: CountedRows | undefined;
}

export interface SnowflakeStatement {
  readonly text: string;
  /** The serving tables it reads, which must exist first. */
  readonly servingTables: readonly string[];
}

/**
 * The one change that a statement of `sql/` needs for Snowflake: `raw.orders` becomes the table that is configured, or the rows
 * of it that count, `interactive.purchased_pairs` a temporary table of the session. Values never go into the text.
 */
export function inSnowflake(sql: string, names: TableNames): SnowflakeStatement {
  const servingTables = new Set<string>();
  const text = sql.replaceAll(PIECES, (piece: string, schema?: string, table?: string) => {
    if (schema === undefined || table === undefined) return piece;
    const name = table.toLowerCase();
    if (schema.toLowerCase() === 'raw') return shopTable(name, names);
    const served = names.served?.get(name);
    if (served !== undefined) return tableAt(served, names.asSeenBy);
    servingTables.add(name);
    return temporaryName(name);
  });
  return { text, servingTables: [...servingTables] };
}

/** The name of a serving table among the session's temporary ones. @throws INTERNAL if there is none of the name */
export function temporaryName(table: string): string {
  return `churn_mcp_${servingTable(table).table}`;
}

/** A name as an identifier, as it is stored: inside double quotes only the double quote is special. */
export function quoted(...parts: readonly string[]): string {
  return parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
}

/** A name as stored, with quotes only if it needs them: some places take quotes for a part of it. */
export function plainName(...parts: readonly string[]): string {
  return parts.every((part) => /^[A-Z_][A-Z0-9_$]*$/.test(part)) ? parts.join('.') : quoted(...parts);
}

/** A text as a literal. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** A file or folder of this machine, for PUT and GET. They take slashes on Windows too, and no backslashes. */
export function localFile(path: string, separator: string = sep): string {
  return literal(`file://${path.replaceAll(separator, '/')}`);
}

function shopTable(name: string, names: TableNames): string {
  if (name === 'customer_attributes') return emptyTable(CUSTOMER_ATTRIBUTES);
  if (!isShopTable(name)) throw new ChurnMcpError('INTERNAL', `"${name}" is no table of a shop.`);
  const { tables, counted } = names;
  const tableOf = (table: ShopTable) => tableAsSeen(table, names);
  if (counted === undefined || tables[name] === undefined) return tableOf(name);
  return countedRows(name, counted, tableOf);
}

function tableAsSeen(name: ShopTable, names: TableNames): string {
  const table = namedTable(name, names);
  if (name !== 'orders' || names.counted?.ordersHaveZones !== true) return table;
  return `(\n${fillBlanks(loadSql('snowflake/shop/orders_in_utc'), { orders: table })}\n)`;
}

function namedTable(name: ShopTable, { tables, asSeenBy }: TableNames): string {
  const table: TableName | undefined = tables[name];
  if (table === undefined) return emptyTable(SHOP_TABLES[name]);
  return tableAt(table, asSeenBy);
}

function tableAt(table: TableName, asSeenBy: string | undefined): string {
  if (asSeenBy === undefined) return quoted(...table);
  if (!QUERY_ID.test(asSeenBy)) throw new ChurnMcpError('INTERNAL', 'Snowflake gave a statement no id.');
  return `${quoted(...table)} at (statement => '${asSeenBy}')`;
}

function isShopTable(name: string): name is ShopTable {
  return Object.hasOwn(SHOP_TABLES, name);
}

/** Replaces a table that the shop does not have. Ids have no type, so they take that of the columns they are joined with. */
function emptyTable(types: Readonly<Record<string, string>>): string {
  const columns = Object.entries(types).map(([column, type]) =>
    type.endsWith(' id') ? `null as ${column}` : `cast(null as ${type}) as ${column}`,
  );
  return `(select ${columns.join(', ')} where 1 = 0)`;
}
