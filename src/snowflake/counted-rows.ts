/** Which rows of a warehouse's tables count. An import cleans a shop; nobody cleans a warehouse. */
import { z } from 'zod';
import type { LeftOutRows } from '../data/left-out-rows.ts';
import { loadSql } from '../data/load-sql.ts';
import { SHOP_TABLE_NAMES, type ShopTable } from '../data/shop-tables.ts';
import { addDays } from '../features/calendar-day.ts';
import { fillBlanks } from './blanks.ts';
import type { ResultColumn } from './session/result-column.ts';

export interface CountedRows {
  /** Tables with rows that do not count; the others are read as they are. */
  readonly unclean: ReadonlySet<ShopTable>;
  /** The last day whose orders count: later ones are typing errors. An expression. */
  readonly lastDay: string;
  /** Whether the times of orders have zones, so that their day has to be made that in UTC. */
  readonly ordersHaveZones: boolean;
}

/** Of the result of `sql/snowflake/order_times.sql`. */
export function haveZones(columns: readonly ResultColumn[]): boolean {
  return columns.some(({ type }) => type === 'timestamp_tz' || type === 'timestamp_ltz');
}

/** For statements that Snowflake runs by itself, whatever the tables hold by then. */
export const COUNTED_ON_ANY_DAY: Omit<CountedRows, 'ordersHaveZones'> = {
  unclean: new Set(['orders', 'order_items', 'customers', 'product_catalog']),
  lastDay: 'current_date + 1',
};

const RELATIONS = {
  orders: 'snowflake/shop/orders',
  order_items: 'snowflake/shop/order_items',
  customers: 'snowflake/shop/customers',
  product_catalog: 'snowflake/shop/product_catalog',
} as const satisfies Record<ShopTable, string>;

/** The rows of a table that count, in its place. @param tableOf a table as it is read otherwise */
export function countedRows(
  table: ShopTable,
  { unclean, lastDay }: CountedRows,
  tableOf: (table: ShopTable) => string,
): string {
  if (!unclean.has(table)) return tableOf(table);
  const tables = Object.fromEntries(SHOP_TABLE_NAMES.map((name) => [name, tableOf(name)]));
  const text = fillBlanks(loadSql(RELATIONS[table]), { ...tables, last_day: lastDay });
  return `(\n${text}\n)`;
}

/** The last day whose orders count: tomorrow, because days begin earlier elsewhere. */
export function lastDayAt(now: Date): string {
  return addDays(now.toISOString().slice(0, 10), 1);
}

const leftOutSchema = z.object({
  shop_table: z.enum(SHOP_TABLE_NAMES),
  reason: z.string(),
  row_count: z.coerce.number(),
});

/** A row of `sql/snowflake/left_out.sql`. */
export function leftOutRowsOf(row: unknown): LeftOutRows {
  const { shop_table, reason, row_count } = leftOutSchema.parse(row);
  return { table: shop_table, reason, rows: row_count };
}
