/** The figures that rules are about, as the tools would give them. Nothing is trained for an alert. */
import { ChurnMcpError } from '../errors.ts';
import { addDays } from '../features/calendar-day.ts';
import { filterOf } from '../mcp/schemas.ts';
import type { AtRiskCustomer, ToolContext } from '../mcp/tool-context.ts';
import { trustOf } from '../scoring/forecast-trust.ts';
import { type MoneyRule, type RiskRule, rearmBelow } from './alert-rules.ts';
import type { MoneyReading } from './alert-text.ts';

export interface RiskReading {
  readonly asOf: string;
  readonly version: string;
  readonly trust: MoneyReading['trust'];
  /** All customers of the rule who are above the limit or may have been. */
  readonly customers: readonly AtRiskCustomer[];
}

/** More than any shop has. */
const EVERYBODY = 2 ** 31 - 1;

/** @throws UNKNOWN_MODEL if there is no forecast, and what a question for customers at risk does */
export async function readRisk(rule: RiskRule, { churn, signal }: Figures): Promise<RiskReading> {
  const request = {
    filter: filterOf(rule.filter),
    minProbability: rearmBelow(rule),
    limit: EVERYBODY,
    withReasons: false,
  };
  const { card, asOf, customers } = await churn
    .atRisk(request, { signal, mayTrain: false })
    .catch((error: unknown) => {
      throw error instanceof ChurnMcpError && error.code === 'FORBIDDEN' ? noForecast() : error;
    });
  return { asOf, version: card.version, trust: trustOf(card), customers };
}

/** @throws UNKNOWN_MODEL if there is no forecast, and what an overview does */
export async function readMoney(
  rule: MoneyRule,
  { shop, campaigns, signal }: Figures,
): Promise<MoneyReading & { readonly version: string }> {
  const { today } = await campaigns.list();
  const compareWith = today === undefined ? undefined : addDays(today, -rule.in_days);
  const request = { filter: filterOf(rule.filter), compareWith, months: 1 };
  const { asOf, comparedWith, risk } = await shop.overview(request, { signal });
  if (risk === undefined) throw noForecast();
  const { card, now, before } = risk;
  return { asOf, comparedWith, now, earlier: before, trust: trustOf(card), version: card.version };
}

export type Figures = Pick<ToolContext, 'churn' | 'shop' | 'campaigns' | 'signal'>;

function noForecast(): ChurnMcpError {
  return new ChurnMcpError('UNKNOWN_MODEL', 'There is no forecast yet, so nobody knows who may leave.', {
    hint: 'Train one: churn-mcp retrain',
  });
}
