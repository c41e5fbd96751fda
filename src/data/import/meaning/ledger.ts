import { z } from 'zod';
import { loadSql } from '../../load-sql.ts';
import type { AppendedOrders } from '../checks/earlier-orders.ts';
import type { ShopFiles } from '../columns/shop-files.ts';
import type { ImportContext } from '../import-context.ts';
import { readRow } from '../staging/relations.ts';
import type { ShopSystem } from '../systems/shop-system.ts';
import type { RejectedRows, TableReport } from '../table-report.ts';
import { type LedgerAttribute, ledgerAttributes } from '../write-attributes.ts';
import type { CurrencyDecision } from './currencies.ts';
import type { Charge } from './find-charges.ts';
import { type HelpfulColumn, helpfulColumns } from './helpful-columns.ts';
import type { GuestId } from './nobody.ts';
import type { Matches } from './plausibility.ts';
import type { StatusDecision } from './statuses.ts';

/** Amounts are decimal texts, so no digit is lost before they are compared with the shop's books. */
export interface Ledger {
  readonly orders: number;
  readonly customers: number;
  /** Further customers in the files whose orders all do not count. */
  readonly customers_without_sale: number;
  /** Net of refunds. */
  readonly revenue: string;
  readonly mean_order_value: string | null;
  readonly currency: string | null;
  readonly first_day: string;
  readonly last_day: string;
  /** Today by the clock; later orders do not count. */
  readonly today: string;
  readonly lines: number;
  readonly products: number;
  readonly rows: readonly RowShare[];
  readonly matches: LedgerMatches;
  readonly shop_systems: readonly string[];
  readonly statuses: readonly LedgerStatus[];
  readonly guests: readonly GuestId[];
  readonly left_out: readonly LeftOut[];
  readonly refunds: { readonly count: number; readonly taken_off: string; readonly without_order: string };
  readonly not_products: readonly LedgerCharge[];
  /** What became of the orders of the files beside the earlier ones; null if the import does not add to earlier data. */
  readonly appended: AppendedOrders | null;
  /** What customers can be filtered by. */
  readonly attributes: readonly LedgerAttribute[];
  readonly helpful_columns: readonly HelpfulColumn[];
}

export interface RowShare {
  readonly table: string;
  readonly read: number;
  /** Rows used. A row equal to another was merged with it and counts as used. */
  readonly used: number;
  /** Rows that only give something back. */
  readonly refunds: number;
  /** Understood, and left out for what they say: no sale, guests, later than today. */
  readonly left_out: number;
  readonly unusable: number;
}

interface Found {
  readonly found: number;
  readonly of: number;
}

/** Null if there is nothing to match because no such file was given. */
export interface LedgerMatches {
  readonly lines_with_order: Found | null;
  readonly customers_in_file: Found | null;
  readonly products_in_catalogue: Found | null;
}

export interface LedgerStatus {
  readonly column: string;
  readonly word: string;
  readonly rows: number;
  readonly counts: boolean;
  readonly meaning: string;
}

const totalsSchema = z.object({
  orders: z.coerce.number(),
  customers: z.coerce.number(),
  customers_without_sale: z.coerce.number(),
  revenue: z.string(),
  mean_order_value: z.string().nullable(),
  first_day: z.string(),
  last_day: z.string(),
  lines: z.coerce.number(),
  products: z.coerce.number(),
});
const leftOutSchema = z.object({
  reason: z.string(),
  orders: z.coerce.number(),
  amount: z.string(),
  customers: z.coerce.number(),
  first_day: z.string().nullable(),
  last_day: z.string().nullable(),
});
export type LeftOut = z.infer<typeof leftOutSchema>;
/** Amounts in ten-thousandths. Refunds of orders that are not in the shop cannot be subtracted. */
const refundsSchema = z.object({
  refunds: z.coerce.number(),
  taken_off: z.coerce.bigint(),
  without_order: z.coerce.bigint(),
});
const chargeSchema = z.object({
  product_id: z.string(),
  product_name: z.string().nullable(),
  lines: z.coerce.number(),
  amount: z.string(),
});
export type LedgerCharge = z.infer<typeof chargeSchema> & { readonly why: string };

/** The decisions that the ledger reports. */
export interface Decided {
  readonly systems: readonly ShopSystem[];
  readonly statuses: readonly StatusDecision[];
  readonly guests: readonly GuestId[];
  readonly currency: CurrencyDecision;
  readonly charges: readonly Charge[];
  readonly appended: AppendedOrders | undefined;
  /** Undefined if no file of customers or products was given. */
  readonly matches: Matches | undefined;
}

/** Draws up the ledger once the shop tables are written. */
export async function drawUpLedger(
  context: ImportContext,
  shop: ShopFiles,
  tables: readonly TableReport[],
  decided: Decided,
): Promise<Ledger> {
  const { connection, now } = context;
  const totals = totalsSchema.parse(await readRow(connection, 'duckdb/import/ledger_totals'));
  const refunds = refundsSchema.parse(await readRow(connection, 'duckdb/import/ledger_refunds'));
  const leftOut = await connection.runAndReadAll(loadSql('duckdb/import/ledger_left_out'));
  return {
    ...totals,
    currency: decided.currency.currency ?? null,
    today: now.toISOString().slice(0, 10),
    rows: tables.map(rowShare),
    matches: ledgerMatches(shop, tables, decided.matches),
    shop_systems: decided.systems.map(({ name }) => name),
    statuses: decided.statuses.map(({ column, word, rows, counts, meaning }) => ({
      column,
      word,
      rows,
      counts,
      meaning,
    })),
    guests: decided.guests,
    left_out: leftOut.getRowObjectsJson().map((row) => leftOutSchema.parse(row)),
    refunds: {
      count: refunds.refunds,
      taken_off: decimalText(refunds.taken_off),
      without_order: decimalText(refunds.without_order),
    },
    not_products: await ledgerCharges(context, decided.charges),
    appended: decided.appended ?? null,
    attributes: await ledgerAttributes(connection),
    helpful_columns: helpfulColumns(tables, shop.unreadStatuses),
  };
}

function rowShare({ table, rowsRead, rejected }: TableReport): RowShare {
  const sum = (matches: (rows: RejectedRows) => boolean) =>
    rejected.filter(matches).reduce((total, { count }) => total + count, 0);
  const refunds = sum(({ reason }) => reason === 'refund');
  const left_out = sum(({ isUnderstood }) => isUnderstood) - refunds;
  const unusable = sum(({ isUnderstood }) => !isUnderstood);
  return {
    table,
    read: rowsRead,
    used: rowsRead - refunds - left_out - unusable,
    refunds,
    left_out,
    unusable,
  };
}

function ledgerMatches(
  shop: ShopFiles,
  tables: readonly TableReport[],
  found: Matches | undefined,
): LedgerMatches {
  const has = (table: string) => shop.files.some((file) => file.table === table);
  const lines = tables.find(({ table }) => table === 'order_items');
  const unknown = lines?.rejected.find(({ reason }) => reason === 'unknown order')?.count ?? 0;
  return {
    lines_with_order: lines === undefined ? null : { found: lines.rowsRead - unknown, of: lines.rowsRead },
    customers_in_file:
      found === undefined || !has('customers') ? null : { found: found.customers_found, of: found.customers },
    products_in_catalogue:
      found === undefined || !has('product_catalog')
        ? null
        : { found: found.products_found, of: found.products },
  };
}

async function ledgerCharges(
  { connection }: ImportContext,
  charges: readonly Charge[],
): Promise<LedgerCharge[]> {
  if (charges.length === 0) return [];
  const rows = (await connection.runAndReadAll(loadSql('duckdb/import/ledger_charges'))).getRowObjectsJson();
  const why = new Map(charges.map((charge) => [charge.id, charge.why]));
  return rows
    .map((row) => chargeSchema.parse(row))
    .map((row) => ({ ...row, why: why.get(row.product_id) ?? 'as you said' }));
}

/** Ten-thousandths as a decimal text with two places, or four if it needs them. */
export function decimalText(tenThousandths: bigint): string {
  const sign = tenThousandths < 0n ? '-' : '';
  const digits = (tenThousandths < 0n ? -tenThousandths : tenThousandths).toString().padStart(5, '0');
  const text = `${sign}${digits.slice(0, -4)}.${digits.slice(-4)}`;
  return text.replace(/00$/, '');
}
