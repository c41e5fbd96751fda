import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import { quoted, quotedList } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import type { SqlFile } from '../../sql-file.ts';
import { currencyInName } from '../columns/currency-in-name.ts';
import type { ImportContext } from '../import-context.ts';
import { hasField, type StagedTable } from '../staging/staged-file.ts';
import { stagedTypes } from '../staging/staged-types.ts';
import type { ShopSystem } from '../systems/shop-system.ts';
import { currenciesOf, isSharedSign, minorUnit } from '../values/currency-units.ts';
import { AMOUNT_FIELDS } from '../values/typed-column.ts';
import { viewTexts } from '../values/written-text.ts';

const currencySchema = z.object({
  currency: z.string(),
  row_count: z.coerce.number(),
  /** The sign that all amounts in it are written with, if nothing else tells the currency. */
  only_sign: z.string().nullish(),
});
type CountedCurrency = z.infer<typeof currencySchema>;

/** A table with amounts of money. */
export interface AmountTable extends StagedTable {
  /** No currency stands beside a number of it. */
  readonly hasPlainNumbers: boolean;
}

export interface CurrencyDecision {
  /** All figures are in it; undefined if no file names a currency. */
  readonly currency: string | undefined;
  /** The sign beside all amounts, if several currencies have it and no file names one. */
  readonly sign?: string;
  /** Converted currencies, with the value of one unit. */
  readonly rates: Readonly<Record<string, number>>;
  /** Currencies whose orders are left out, with the number of rows. */
  readonly leftOut: readonly { readonly currency: string; readonly rows: number }[];
}

/**
 * Decides the currency of the shop, and sets the variables of
 * `sql/duckdb/import/macro_in_base_currency.sql`.
 *
 * @throws IMPORT_REFUSED if there are several, and neither one is chosen nor rates are given
 */
export async function settleCurrency(
  { connection, request }: ImportContext,
  staged: readonly AmountTable[],
  systems: readonly ShopSystem[],
): Promise<CurrencyDecision> {
  const { found, by } = await writtenCurrencies(connection, staged);
  const decision = decideCurrency(found, request.currency?.toUpperCase(), request.rates ?? {});
  const isChosen = request.currency !== undefined || Object.keys(decision.rates).length > 0;
  const readsMarks = by === 'marks' && decision.sign === undefined && (found.length > 1 || isChosen);
  const inMinorUnits = systems.some((system) => system.inMinorUnits === true);
  const known = [...found.map(({ currency }) => currency), decision.currency ?? ''].filter(
    (currency) => !decision.leftOut.some((other) => other.currency === currency),
  );
  // The rows do not repeat a currency that the name of their column tells.
  const ofRows = by === 'names' ? (found[0]?.currency ?? '') : '';
  const factors = ['', ...known].map((currency): [string, number] => [
    currency,
    (decision.rates[currency || ofRows] ?? 1) * (inMinorUnits ? minorUnit(currency) : 1),
  ]);
  await connection.run(
    'set variable currency_rates = cast(cast(? as json) as map(varchar, decimal(18, 8)))',
    [JSON.stringify(Object.fromEntries(factors))],
  );
  await connection.run('set variable has_currency_rates = ?', [factors.some(([, factor]) => factor !== 1)]);
  await connection.run('set variable has_left_out_currencies = ?', [decision.leftOut.length > 0]);
  for (const table of ['orders', 'order_items']) {
    await connection.run(`set variable ${table}_has_currency = ?`, [by === 'columns']);
    await connection.run(`set variable ${table}_has_currency_marks = ?`, [readsMarks]);
  }
  return decision;
}

interface WrittenCurrencies {
  readonly found: readonly CountedCurrency[];
  /** What tells the currency: columns, marks beside amounts, or the names of the columns of amounts. */
  readonly by: 'columns' | 'marks' | 'names';
}

async function writtenCurrencies(
  connection: DuckDBConnection,
  staged: readonly AmountTable[],
): Promise<WrittenCurrencies> {
  const isNamed = staged.some((table) => hasField(table, 'currency'));
  const named = isNamed ? await countedCurrencies(connection, 'duckdb/import/currencies') : [];
  if (named.length > 0) return { found: named, by: 'columns' };
  const marks = await currencyMarks(connection, staged);
  return marks.length > 0 ? { found: marks, by: 'marks' } : { found: currencyOfNames(staged), by: 'names' };
}

/** The currency that the names of columns of amounts tell: `Total (EUR)`. @throws IMPORT_REFUSED if they tell several */
function currencyOfNames(staged: readonly AmountTable[]): CountedCurrency[] {
  const named = staged.flatMap(({ table, files }) =>
    files.flatMap(({ match, columns, rows }) =>
      AMOUNT_FIELDS[table].flatMap((field) => {
        const column = columns[match[field] ?? -1] ?? '';
        const told = currencyInName(column);
        return told === undefined ? [] : [{ ...told, column, rows }];
      }),
    ),
  );
  const [one] = named;
  if (one === undefined) return [];
  const other = named.find(({ currency }) => currency !== one.currency);
  if (other !== undefined) {
    throw refused(
      `The column ${quoted(one.column)} is in ${one.currency}, and ${quoted(other.column)} in ${other.currency}.`,
      'Amounts of several currencies cannot be added up. Import files of one currency, or name the column of amounts with --map.',
    );
  }
  return [{ currency: one.currency, row_count: one.rows, only_sign: one.sign }];
}

/** The currencies whose marks (€, USD) stand beside amounts, if no column names any. Typed amounts have no marks. */
async function currencyMarks(
  connection: DuckDBConnection,
  staged: readonly AmountTable[],
): Promise<CountedCurrency[]> {
  const counts = new Map<string, CountedCurrency>();
  for (const table of staged.filter(({ hasPlainNumbers }) => !hasPlainNumbers)) {
    const types = await stagedTypes(connection, table);
    const fields = AMOUNT_FIELDS[table.table].filter(
      (field) => types.get(field) === 'VARCHAR' && hasField(table, field),
    );
    if (fields.length === 0) continue;
    await viewTexts(connection, table.table, ...fields);
    for (const found of await countedCurrencies(connection, 'duckdb/import/currency_marks')) {
      const known = counts.get(found.currency) ?? { ...found, row_count: 0 };
      const only_sign = known.only_sign === found.only_sign ? found.only_sign : null;
      counts.set(found.currency, { ...known, row_count: known.row_count + found.row_count, only_sign });
    }
  }
  return [...counts.values()].sort((a, b) => b.row_count - a.row_count || (a.currency < b.currency ? -1 : 1));
}

async function countedCurrencies(
  connection: DuckDBConnection,
  statement: SqlFile,
): Promise<CountedCurrency[]> {
  const result = await connection.runAndReadAll(loadSql(statement));
  return result.getRowObjectsJson().map((row) => currencySchema.parse(row));
}

/** @param rates what one unit of a currency is worth in the shop's; the shop's own is the one without a rate */
function decideCurrency(
  found: readonly CountedCurrency[],
  chosen: string | undefined,
  rates: Readonly<Record<string, number>>,
): CurrencyDecision {
  const sign = found.length === 1 ? (found[0]?.only_sign ?? '') : '';
  const mayBeChosen = chosen === undefined || currenciesOf(sign).includes(chosen);
  if (isSharedSign(sign) && mayBeChosen && Object.keys(rates).length === 0) {
    return { currency: chosen, sign, rates: {}, leftOut: [] };
  }
  const names = found.map(({ currency }) => currency);
  const listed = found.map(({ currency, row_count }) => `${currency} (${row_count} rows)`);
  const without = names.filter((name) => rates[name] === undefined);
  // If every amount is converted, none need be in the shop's own currency.
  const areConverted = names.length > 0 && without.length === 0;
  if (chosen !== undefined && !names.includes(chosen) && !areConverted) {
    throw refused(
      `No row is in the currency ${chosen}; there are: ${quotedList(names)}.`,
      'Name another with --currency CODE.',
    );
  }
  if (Object.keys(rates).length > 0) {
    const currency = chosen ?? (without.length === 1 ? without[0] : undefined);
    const missing = without.filter((name) => name !== currency);
    if (missing.length === 0) return { currency: currency ?? chosen, rates, leftOut: [] };
    throw refused(
      `There is no rate for ${quotedList(missing)}.`,
      'Give the value of one unit in the shop’s currency: --rates USD=0.92,GBP=1.17 --currency EUR.',
    );
  }
  if (names.length <= 1 || chosen !== undefined) {
    const leftOut = found
      .filter(({ currency }) => chosen !== undefined && currency !== chosen)
      .map(({ currency, row_count }) => ({ currency, rows: row_count }));
    return { currency: chosen ?? names[0], rates: {}, leftOut };
  }
  throw refused(
    `The orders are in ${names.length} currencies: ${listed.slice(0, 8).join(', ')}.`,
    `Amounts of several currencies cannot be added up. Give rates (--rates ${names[1]}=0.92 --currency ${names[0]}), or import the orders of one: --currency ${names[0]}.`,
  );
}

function refused(message: string, hint: string): ChurnMcpError {
  return new ChurnMcpError('IMPORT_REFUSED', message, { hint });
}
