import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import type { EarlierShop } from '../earlier-shop.ts';
import type { ImportContext } from '../import-context.ts';
import { currenciesOf } from '../values/currency-units.ts';
import type { CurrencyDecision } from './currencies.ts';

const currencySchema = z.object({ currency: z.string() });

/**
 * The currency of the whole shop: that of the files, or of the orders that they are added to. A sign that several currencies
 * share ($) if nothing names one of them.
 *
 * @throws IMPORT_REFUSED if orders are added to those of another currency
 */
export async function currencyWithEarlier(
  { connection, request }: ImportContext,
  earlier: EarlierShop | undefined,
  { currency, sign }: CurrencyDecision,
): Promise<string | undefined> {
  const added = currency ?? sign;
  if (earlier === undefined || request.mode !== 'append') return added;
  const result = await connection.runAndReadAll(loadSql('duckdb/import/earlier_currency'));
  const before = currencySchema.optional().parse(result.getRowObjectsJson()[0])?.currency;
  if (added === undefined || before === undefined) return added ?? before;
  if (added === before || currenciesOf(before).includes(added)) return added;
  if (currenciesOf(added).includes(before)) return before;
  const [code, codeBefore] = [currenciesOf(added)[0], currenciesOf(before)[0]];
  throw new ChurnMcpError(
    'IMPORT_REFUSED',
    `The new orders are in ${added}, and those they are added to in ${before}.`,
    {
      hint: `Amounts of several currencies cannot be added up. Say what one ${code} is worth: --rates ${code}=0.92 --currency ${codeBefore}. To start anew: --replace.`,
    },
  );
}

/** Notes the currency in the snapshot that is being built, for a later import that adds orders. */
export async function noteCurrency(
  connection: DuckDBConnection,
  currency: string | undefined,
): Promise<void> {
  if (currency !== undefined) await connection.run('insert into raw.currency values (?)', [currency]);
}
