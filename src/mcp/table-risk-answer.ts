/** Answers about the customers of an imported table, as get_at_risk_customers and explain_churn_risk give them. */
import { z } from 'zod';
import { type OutputColumn, textColumn } from '../data/output-column.ts';
import { ChurnMcpError } from '../errors.ts';
import { plainText } from '../text/plain-text.ts';
import type { AtRiskPage } from './at-risk-text.ts';
import { amounts, REASONS, shares } from './list-columns.ts';
import { pageEnd, riskFieldsOf } from './risk-fields.ts';
import { labelFieldsOf } from './schemas.ts';
import { raisingOf, tableReasonText } from './table-reason-text.ts';
import { tableRiskText } from './table-risk-text.ts';
import type {
  AtRiskOrder,
  CustomerFilter,
  TableCustomerExplanation,
  TableRisk,
  ToolContext,
} from './tool-context.ts';

export const tableLabelSchema = z
  .enum(['forward', 'column'])
  .optional()
  .describe('column: customers of an imported table. Default forward, if there are orders.');

/** Which customers a call is about: those of an imported table if it says so, or if there is nothing else. */
export async function isAboutTable(
  label: z.output<typeof tableLabelSchema>,
  { tables }: Pick<ToolContext, 'tables'>,
): Promise<boolean> {
  return label === 'column' || (label === undefined && (await tables.isOnlyData()));
}

/**
 * The attributes of a filter. A table has no orders, so nothing else of a filter applies to it.
 *
 * @throws INVALID_ARGUMENT if more is asked for
 */
export function tableAttributesOf(filter: CustomerFilter, asOf: string | undefined): readonly string[] {
  const { attributes = [], ...others } = filter;
  const isOther = Object.values(others).some((condition) => condition !== undefined);
  if (!isOther && asOf === undefined) return attributes;
  if (asOf !== undefined) {
    throw new ChurnMcpError(
      'INVALID_ARGUMENT',
      'A table of customers has no dates of orders, so as_of does not apply to it.',
      { hint: 'Leave out as_of.' },
    );
  }
  throw new ChurnMcpError(
    'INVALID_ARGUMENT',
    'A table of customers has no orders, so it can be filtered by attributes only.',
    {
      hint: 'Filter by columns of the table, as in attributes: ["Contract=Month-to-month"], and leave out the rest.',
    },
  );
}

/** @throws INVALID_ARGUMENT for an order by what only orders tell */
export function tableOrderOf(
  order: AtRiskOrder | undefined,
): 'value_at_risk' | 'churn_probability' | undefined {
  if (order === undefined || order === 'value_at_risk' || order === 'churn_probability') return order;
  throw new ChurnMcpError(
    'INVALID_ARGUMENT',
    `A table of customers has no orders, so it cannot be sorted by ${order}.`,
    {
      hint: 'Sort by value_at_risk or churn_probability.',
    },
  );
}

/** The fields that name the model. */
export function tableModelFieldsOf({ card }: Pick<TableRisk, 'card'>) {
  return {
    model: card.model,
    version: card.version,
    ...labelFieldsOf(card),
    as_of: card.as_of,
    scored_as_of: card.as_of,
  };
}

export function cellFieldsOf(cells: TableCustomerExplanation['cells']) {
  return cells.map(({ column, value }) => ({ column: plainText(column), value: plainText(value) }));
}

/** The first rows of what was found, as the whole answer. Without a column of values there is no money to tell. */
export function tableRiskAnswer(found: TableRisk, rows: number, page: Omit<AtRiskPage, 'cutAt'>) {
  const customers = found.customers.slice(0, rows);
  const { cutAt, nextOffset } = pageEnd(found, page.offset, rows);
  const money = (amount: number) => (found.valueColumn === undefined ? null : amount);
  return {
    ...tableModelFieldsOf(found),
    customers: customers.map((customer) => ({
      customer_id: plainText(customer.customerId),
      churn_probability: customer.churnProbability,
      value_at_risk: customer.valueAtRisk ?? null,
      value: customer.value ?? null,
      ...(customer.expectedProfit !== undefined && { expected_profit: customer.expectedProfit }),
      reasons: raisingOf(customer.reasons)
        .slice(0, page.format === 'concise' ? 1 : REASONS)
        .map(tableReasonText),
    })),
    next_offset: nextOffset,
    active_customers: found.stillThere,
    ...riskFieldsOf(found, money),
    text: tableRiskText({ ...found, customers }, { ...page, cutAt }),
  };
}

/** The columns of the exported list: the id, the risk, the reasons, and the table's own columns. */
export function tableRiskColumns({ customers, valueColumn, card }: TableRisk): OutputColumn[] {
  const names = [...new Set(customers.flatMap(({ cells }) => cells.map(({ column }) => column)))];
  const own = customers.map(({ cells }) => new Map(cells.map(({ column, value }) => [column, value])));
  const reasons = customers.map((customer) => raisingOf(customer.reasons));
  return [
    textColumn('customer_id', customers, ({ customerId }) => customerId),
    shares('churn_probability', customers, ({ churnProbability }) => churnProbability),
    ...(valueColumn === undefined
      ? []
      : [
          amounts('value', customers, ({ value = Number.NaN }) => value),
          amounts('value_at_risk', customers, ({ valueAtRisk = Number.NaN }) => valueAtRisk),
        ]),
    ...(customers.some(({ expectedProfit }) => expectedProfit !== undefined)
      ? [amounts('expected_profit', customers, ({ expectedProfit = Number.NaN }) => expectedProfit)]
      : []),
    ...Array.from({ length: REASONS }, (_, at) =>
      textColumn(`reason_${at + 1}`, reasons, (raising) => {
        const reason = raising.at(at);
        return reason && tableReasonText(reason);
      }),
    ),
    ...names.map((name) => textColumn(name, own, (cells) => cells.get(name))),
    textColumn('model_version', customers, () => card.version),
  ];
}
