import { quoted, quotedList } from '../../../text/quoted.ts';
import { comparableName } from '../columns/comparable-name.ts';
import type { ImportContext } from '../import-context.ts';
import type { TableReport } from '../table-report.ts';

const SUBTOTAL = /subtotal|soustotal|zwischensumme|totalparcial|tussentotaal/;
const DISCOUNT = /discount|rabatt|rabat|remise|descuento|sconto|desconto|korting|coupon|voucher|gutschein/;
/** Their names, rates and codes are no amounts. */
const NO_AMOUNT = /code|name|type|id$|percent|rate/;
const MOST_NAMED = 3;

/** Says what the revenue leaves out of account if an order's only amount is the one before discounts. */
export function saySubtotals(
  { decisions }: Pick<ImportContext, 'decisions'>,
  tables: readonly TableReport[],
): void {
  for (const { table, columns, ignoredColumns } of tables) {
    const total = table === 'orders' ? columns.total_amount : undefined;
    if (total === undefined || !SUBTOTAL.test(comparableName(total))) continue;
    const discounts = ignoredColumns.filter((column) => {
      const name = comparableName(column);
      return DISCOUNT.test(name) && !NO_AMOUNT.test(name);
    });
    if (discounts.length === 0) continue;
    decisions.say(
      `Revenue is the sum of ${quoted(total)}, from which ${quotedList(discounts, MOST_NAMED)} was not subtracted. If a column has the amount after discounts: --map orders.total_amount=COLUMN.`,
    );
  }
}
