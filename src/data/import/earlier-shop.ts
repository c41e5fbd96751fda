import { z } from 'zod';
import { ChurnMcpError } from '../../errors.ts';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { quoteLiteral } from '../duckdb/sql-quoting.ts';
import { homeLayout, readPointer } from '../home-layout.ts';
import { loadSql } from '../load-sql.ts';
import { type IdTypes, SHOP_TABLE_WORDS, type ShopTable } from '../shop-tables.ts';
import type { ShopFiles } from './columns/shop-files.ts';
import type { ImportContext } from './import-context.ts';
import type { SmallShop } from './small-shop.ts';
import { createTable, createView, readFlag, readRow } from './staging/relations.ts';

/** The previous snapshot, attached as `earlier` to read the rows that stay. */
export interface EarlierShop {
  readonly ids: IdTypes;
}

/** The rows of the previous snapshot that stay, unless the files contain them. */
export interface KeptTables {
  readonly tables: ReadonlySet<ShopTable>;
  readonly ids: IdTypes;
}

const earlierSchema = z.object({
  is_of_this_kind: z.boolean(),
  is_demo: z.boolean(),
  has_text_customer_ids: z.boolean(),
  has_text_product_ids: z.boolean(),
});
const commonSchema = z.object({ orders_before: z.coerce.number(), orders_in_common: z.coerce.number() });

/**
 * Attaches the current snapshot as `earlier`, unless that was done before.
 *
 * @returns `none` if nothing was imported before
 */
export async function attachEarlier(
  connection: DuckDBConnection,
  home: string,
): Promise<'attached' | 'unreadable' | 'none'> {
  if (await readFlag(connection, 'duckdb/import/is_earlier_attached')) return 'attached';
  const pointer = await readPointer(home).catch(() => undefined);
  if (pointer === undefined) return 'none';
  const file = homeLayout(home).snapshot(pointer.snapshot);
  return await connection.run(`attach ${quoteLiteral(file)} as earlier (read_only)`).then(
    () => 'attached' as const,
    () => 'unreadable' as const,
  );
}

/** Whether the snapshot that is attached as `earlier` is the demo shop, whose rows never stay. */
export async function isEarlierDemo(connection: DuckDBConnection): Promise<boolean> {
  return earlierSchema.parse(await readRow(connection, 'duckdb/import/earlier_shop')).is_demo;
}

/** @returns undefined if nothing was imported before, or nothing of it is to stay */
export async function attachEarlierShop(
  { connection, request, decisions }: ImportContext,
  home: string,
): Promise<EarlierShop | undefined> {
  const state = await attachEarlier(connection, home);
  if (state === 'none' || request.mode === 'replace') return undefined;
  if (state === 'unreadable') {
    decisions.say('The previous data could not be read, so none of it is kept.');
    return undefined;
  }
  const found = earlierSchema.parse(await readRow(connection, 'duckdb/import/earlier_shop'));
  if (found.is_demo) {
    decisions.say('The demo shop is replaced.');
    return undefined;
  }
  if (!found.is_of_this_kind && request.isOfLog === true) {
    throw new ChurnMcpError(
      'IMPORT_REFUSED',
      'An earlier version of churn-mcp imported the data that the log adds to.',
      {
        hint: 'Import all files once: churn-mcp import --orders FILE. The log is folded into that data then.',
      },
    );
  }
  if (!found.is_of_this_kind) {
    decisions.say(
      'An earlier version of churn-mcp imported the previous data, so none of it is kept. Import all files once.',
    );
    return undefined;
  }
  await createView(connection, 'earlier_orders', 'duckdb/import/earlier_orders');
  return {
    ids: {
      customerId: found.has_text_customer_ids ? 'text' : 'integer',
      productId: found.has_text_product_ids ? 'text' : 'integer',
    },
  };
}

/** Whose persons an import needs: everybody's, or those of the ids in its files. */
export type NeededPersons = 'all' | 'of the files';

/**
 * Persons of the previous snapshot are still who they were, if this import adds to it: an order's customer may be
 * written with an id that only an earlier file of customers explains. What the files say now comes first.
 */
export async function addEarlierPersons(
  { connection, request }: ImportContext,
  earlier: EarlierShop | undefined,
  needed: NeededPersons,
): Promise<void> {
  if (earlier === undefined || request.mode !== 'append') return;
  await connection.run(
    loadSql(
      needed === 'all' ? 'duckdb/import/insert_earlier_persons' : 'duckdb/import/insert_persons_of_files',
    ),
  );
  await connection.run(loadSql('duckdb/import/remember_persons'));
}

/**
 * Decides what stays. With `--append`, all rows stay that the files do not contain. Without it, orders come from the
 * files only; lines, products and customers stay if no file for them was given and the shop is the same.
 */
export async function decideKeptTables(
  { connection, request, decisions }: ImportContext,
  shop: ShopFiles,
  earlier: EarlierShop | undefined,
): Promise<KeptTables | undefined> {
  if (earlier === undefined) return undefined;
  await createTable(
    connection,
    'orders_with_lines',
    request.isOfLog === true ? 'duckdb/refresh/orders_with_lines' : 'duckdb/import/orders_with_lines',
  );
  if (request.mode === 'append') {
    return { tables: new Set(['orders', 'order_items', 'customers', 'product_catalog']), ids: earlier.ids };
  }
  const common = commonSchema.parse(await readRow(connection, 'duckdb/import/earlier_orders_in_common'));
  if (common.orders_in_common === 0) {
    decisions.say(
      'None of the previous orders is in the files, so none of the previous data is kept. To add to it: --append.',
    );
    return undefined;
  }
  const given = new Set(shop.files.map(({ table }) => table));
  const kept = (['order_items', 'customers', 'product_catalog'] as const).filter(
    (table) => !given.has(table),
  );
  return { tables: new Set(kept), ids: earlier.ids };
}

const countsSchema = z.object({
  orders: z.coerce.number(),
  order_items: z.coerce.number(),
  customers: z.coerce.number(),
  product_catalog: z.coerce.number(),
});

/**
 * Reports what stayed, once the shop tables are written.
 *
 * @param small if `earlier` does not hold all rows of the previous snapshot
 */
export async function sayWhatIsKept(
  { connection, decisions }: ImportContext,
  { tables }: KeptTables,
  small: SmallShop | undefined,
): Promise<void> {
  const counts = countsSchema.parse(await readRow(connection, 'duckdb/import/kept_counts'));
  const beside = await small?.countRowsBeside();
  const kept = [...tables]
    .map((table) => ({ table, rows: counts[table] + (beside?.[table] ?? 0) }))
    .filter(({ rows }) => rows > 0);
  if (kept.length === 0) return;
  const listed = kept.map(({ table, rows }) => `${rows} ${SHOP_TABLE_WORDS[table]}`).join(', ');
  decisions.say(`Kept from the previous data: ${listed}. To start anew: --replace.`);
}
