import { ChurnMcpError } from '../../../errors.ts';
import { comparableName } from '../columns/comparable-name.ts';
import type { ImportContext } from '../import-context.ts';
import { readRow } from '../staging/relations.ts';
import type { StagedTable } from '../staging/staged-file.ts';
import { decideLineAmounts, lineAmountProfileSchema } from './line-amounts.ts';

/** About this many lines are examined, whatever the size of the file. */
const LINES_LOOKED_AT = 100_000;

/**
 * Decides which figure of a line is its amount, and sets the variables of
 * `sql/duckdb/import/macro_order_items_amount.sql`.
 *
 * @throws IMPORT_REFUSED if a discount may be in per cent or an amount
 */
export async function settleLineAmounts(
  { connection, request, decisions }: ImportContext,
  { files }: StagedTable,
): Promise<void> {
  const tell = async (name: string, value: string | boolean) =>
    connection.run(`set variable ${name} = ?`, [value]);
  const reads = (field: string) => files.some(({ match }) => field in match);
  let settled = { amount: 'total', discount: 'none', totalIsOrders: false };
  if (request.isOfLog === true) {
    settled = { amount: 'total', discount: 'amount', totalIsOrders: false };
  } else if (reads('line_total') || reads('line_discount')) {
    const lines = files.reduce((sum, { rows }) => sum + rows, 0);
    const every = Math.max(1, Math.floor(lines / LINES_LOOKED_AT));
    const profile = lineAmountProfileSchema.parse(
      await readRow(connection, 'duckdb/import/line_amount_profile', [every]),
    );
    const discountColumn = files.flatMap(({ match, columns }) => columns[match.line_discount ?? -1] ?? [])[0];
    const decision = decideLineAmounts(
      profile,
      discountColumn === undefined ? undefined : comparableName(discountColumn),
      request.discount,
    );
    if (decision === undefined) throw unclearDiscount(discountColumn ?? '');
    settled = decision;
    if (decision.totalIsOrders)
      decisions.say('The total belongs to the order: it stands on every line of an order, or on one.');
    if (decision.sentence !== undefined) decisions.say(decision.sentence);
  }
  await tell('line_amount', settled.amount);
  await tell('discount_form', settled.discount);
  await tell('line_total_is_orders', settled.totalIsOrders);
}

function unclearDiscount(column: string): ChurnMcpError {
  return new ChurnMcpError(
    'IMPORT_REFUSED',
    `The discounts in "${column}" may be per cent or amounts of money.`,
    {
      hint: 'Choose one: --discount percent, --discount amount (off the line), --discount piece (off each piece) or --discount share (0.25 means a quarter).',
    },
  );
}
