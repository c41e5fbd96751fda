import { loadSql } from '../../load-sql.ts';
import type { ShopTable } from '../../shop-tables.ts';
import type { ShopFiles } from '../columns/shop-files.ts';
import type { ImportContext } from '../import-context.ts';
import type { StagedShop } from '../staging/stage-shop.ts';
import { hasField } from '../staging/staged-file.ts';
import { type ShopSystem, systemsOf } from '../systems/shop-system.ts';
import { type CurrencyDecision, settleCurrency } from './currencies.ts';
import { settleLineAmounts } from './decide-line-amounts.ts';
import { findGuests, type GuestId } from './nobody.ts';
import { decideStatuses, type StatusDecision } from './statuses.ts';

/** The meaning of rows, decided before any row is checked. */
export interface SettledMeaning {
  readonly systems: readonly ShopSystem[];
  readonly statuses: readonly StatusDecision[];
  readonly guests: readonly GuestId[];
  readonly currency: CurrencyDecision;
}

/** The staged rows, once it is known how their values are read. */
export interface ReadValues {
  readonly staged: StagedShop;
  /** Tables whose numbers are nothing but digits and a point. */
  readonly withPlainNumbers: ReadonlySet<ShopTable>;
}

/** The macros for the meaning of rows; each comes after those it calls. */
const MACROS = [
  'says_yes',
  'says_no',
  'says_cancelled',
  'most_telling_meaning',
  'orders_meaning',
  'order_items_meaning',
  'orders_currency',
  'order_items_currency',
  'is_guest',
  'person_of',
  'signed_amount',
  'discounted',
  'order_items_amount',
  'in_base_currency',
  'is_left_out_currency',
  'is_understood',
  'order_reason',
  'is_near',
] as const;

/**
 * Decides over all rows which statuses are sales, which ids are guests, the currency, and how lines' amounts are computed.
 *
 * @throws IMPORT_REFUSED if one of these is not clear
 */
export async function settleMeaning(
  context: ImportContext,
  shop: ShopFiles,
  { staged, withPlainNumbers }: ReadValues,
): Promise<SettledMeaning> {
  const { connection, request } = context;
  const hasPersons = hasField(staged.customers, 'person_id');
  await connection.run(loadSql('duckdb/import/create_persons'));
  if (hasPersons)
    await connection.run(`insert into staging.persons by name ${loadSql('duckdb/import/persons')}`);
  for (const macro of MACROS) await connection.run(loadSql(`duckdb/import/macro_${macro}`));
  const systems = systemsOf(shop);
  await connection.run('set variable has_persons = ?', [hasPersons]);
  const statuses = await decideStatuses(connection, shop, request.salesStatuses);
  await connection.run('set variable negative_sales_are_paid_out = ?', [
    systems.some((system) => system.negativeSalesArePaidOut === true),
  ]);
  const guests = await findGuests(connection, systems, request.guests ?? []);
  const ofMoney = [staged.orders, staged.order_items].map((table) => ({
    ...table,
    hasPlainNumbers: withPlainNumbers.has(table.table),
  }));
  const currency = await settleCurrency(context, ofMoney, systems);
  await settleLineAmounts(context, staged.order_items);
  return { systems, statuses, guests, currency };
}
