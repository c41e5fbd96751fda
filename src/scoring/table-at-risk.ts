/** Customers of an imported table who are still there and may leave: what `findAtRiskCustomers` is for a shop. */
import { meanOf } from '../metrics/mean.ts';
import { readTableEncoding } from '../onnx/read-table-encoding.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { RegisteredVersion } from '../registry/model-registry.ts';
import { leastOf, rankAtRisk } from './at-risk-ranking.ts';
import {
  type Campaign,
  type CampaignCosts,
  expectedProfit,
  type Prospect,
  planCampaign,
} from './campaign.ts';
import { trustOf } from './forecast-trust.ts';
import { type MoneyAtRisk, moneyAtRisk, type RiskBand, valueAtRiskOf } from './money-at-risk.ts';
import { tableModelOf } from './score-table.ts';
import { cellText, rowsWithAttributes, type ScoredTable, scoreImportedTable } from './table-customers.ts';
import { createTableExplainer, type TableReason } from './table-reasons.ts';

export interface TableRiskRequest {
  readonly limit: number;
  readonly offset: number;
  readonly minProbability?: number | undefined;
  readonly band?: RiskBand | undefined;
  readonly minValueAtRisk?: number | undefined;
  readonly costs?: CampaignCosts | undefined;
  readonly sortBy?: 'value_at_risk' | 'churn_probability' | undefined;
  /** NAME=VALUE each. */
  readonly attributes: readonly string[];
  readonly version?: string | undefined;
}

/** A customer of a table: its cells, by the names of the file. */
export interface TableCustomer {
  readonly customerId: string;
  readonly churnProbability: number;
  /** What the customer is worth; undefined without a column of values, or if the cell is missing. */
  readonly value: number | undefined;
  /** Probability × value; undefined without a column of values. */
  readonly valueAtRisk: number | undefined;
  readonly expectedProfit?: number;
  /** Missing cells are left out. */
  readonly cells: readonly { readonly column: string; readonly value: string }[];
  /** Strongest first, whichever way they point. */
  readonly reasons: readonly TableReason[];
}

export interface TableAtRisk {
  readonly card: ModelCard;
  /** The column of values; undefined if none was named at import. */
  readonly valueColumn: string | undefined;
  readonly customers: readonly TableCustomer[];
  readonly listableCustomers: number;
  /** Customers considered: those who match and had not left when the table was made. */
  readonly stillThere: number;
  /** Over all of them; without a column of values each counts 1, so that money is a number of customers. */
  readonly totals: MoneyAtRisk;
  readonly listable: MoneyAtRisk;
  readonly leastProbability: number;
  /** Undefined if none was asked for. */
  readonly band: RiskBand | undefined;
  /** Of those considered. */
  readonly averageProbability: number;
  /** The share of the whole table that left. */
  readonly left: number;
  /** Considered customers whose value is missing, so that they count nothing. */
  readonly withoutValue: number;
  readonly campaign?: Campaign;
}

export interface TableEnvironment {
  readonly home: string;
  readonly version: RegisteredVersion;
  readonly signal?: AbortSignal | undefined;
}

/** Most money at stake first; without a column of values, the most likely to leave first. */
export async function findAtRiskInTable(
  request: TableRiskRequest,
  { home, version, signal }: TableEnvironment,
): Promise<TableAtRisk> {
  const { card } = version;
  const scored = await scoreImportedTable(home, tableModelOf(version), signal);
  const { probabilities, table } = scored;
  const considered = rowsWithAttributes(scored.stillThere, scored, request.attributes);
  const prospectOf = prospectsOf(scored);
  const averageProbability = averageOf(scored);
  const leastProbability = leastOf(request, averageProbability);
  const ranked = rankAtRisk(considered, prospectOf, {
    ...request,
    leastProbability,
    rankOf: request.sortBy === 'churn_probability' ? (row) => probabilities[row] : undefined,
  });
  const { deviation } = trustOf(card);
  const moneyOf = (rows: readonly number[]) => moneyAtRisk(rows.map(prospectOf), deviation);
  const { costs, offset, limit } = request;
  const rows = ranked.listable.slice(offset, offset + limit);
  const explainer = explainerOf(scored, version);
  const reasons = explainer.explain(rows);
  return {
    card,
    valueColumn: table.summary.value,
    customers: rows.map((row, i) => ({
      ...customerOf(scored, row),
      ...(costs && { expectedProfit: expectedProfit(prospectOf(row), costs) }),
      reasons: reasons[i],
    })),
    listableCustomers: ranked.listable.length,
    stillThere: considered.length,
    totals: moneyOf(considered),
    listable: moneyOf(ranked.listable),
    leastProbability,
    band: request.band,
    averageProbability: considered.length === 0 ? 0 : meanOf(considered.map((row) => probabilities[row])),
    left: explainer.left,
    withoutValue: considered.filter((row) => Number.isNaN(table.values?.[row] ?? 0)).length,
    ...(costs && { campaign: planCampaign(ranked.considered.map(prospectOf), costs, trustOf(card)) }),
  };
}

export function explainerOf(scored: ScoredTable, { onnx, ensemble }: RegisteredVersion) {
  return createTableExplainer(scored, {
    ensemble,
    encoding: readTableEncoding(onnx, scored.columns.length),
  });
}

/** The mean risk of all customers who are still there: from it on they are at risk. */
export function averageOf({ stillThere, probabilities }: ScoredTable): number {
  return stillThere.length === 0 ? 0 : meanOf(stillThere.map((row) => probabilities[row]));
}

/** A missing value counts nothing, and neither does one below 0: such a customer costs money. */
function prospectsOf({ table, probabilities }: ScoredTable): (row: number) => Prospect {
  const worthOf = (row: number) => {
    if (table.values === undefined) return 1;
    const value = table.values[row];
    return Number.isNaN(value) ? 0 : Math.max(0, value);
  };
  return (row) => ({ churnProbability: probabilities[row], expectedSpend: worthOf(row) });
}

export function customerOf(scored: ScoredTable, row: number): Omit<TableCustomer, 'reasons'> {
  const { table, probabilities } = scored;
  const value = table.values?.[row];
  return {
    customerId: table.ids[row],
    churnProbability: probabilities[row],
    value: value === undefined || Number.isNaN(value) ? undefined : value,
    valueAtRisk: table.values === undefined ? undefined : valueAtRiskOf(prospectsOf(scored)(row)),
    cells: table.summary.columns.flatMap(({ name: column }, at) => {
      const text = cellText(table.cells[at], row);
      return text === undefined ? [] : [{ column, value: text }];
    }),
  };
}
