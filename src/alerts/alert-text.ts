/** What an alert says: the answer and its number first, then what to do. One line; ids and names come from data. */
import { filterText } from '../customers/filter-text.ts';
import { filterOf } from '../mcp/schemas.ts';
import { type Stake, shortStakeText } from '../mcp/stake-text.ts';
import type { ForecastTrust } from '../scoring/forecast-trust.ts';
import { formatDay, formatPercent, plural } from '../text/format.ts';
import { plainText } from '../text/plain-text.ts';
import { quoted } from '../text/quoted.ts';
import type { MoneyRule, RiskRule } from './alert-rules.ts';
import type { CustomerAtRisk } from './check-rules.ts';

export interface MoneyReading {
  readonly asOf: string;
  readonly comparedWith: string;
  readonly now: Stake;
  readonly earlier: Stake;
  readonly trust: Pick<ForecastTrust, 'isOff'>;
}

/** Customers that a text names; the file and the webhook hold more. */
const MOST_NAMED = 5;
const MOST_CHARACTERS = 1000;

export function riskText(
  rule: RiskRule,
  /** Most at stake first. */
  fired: readonly CustomerAtRisk[],
  { stake, trust }: { readonly stake: Stake; readonly trust: Pick<ForecastTrust, 'isOff'> },
): string {
  const who = filterText(filterOf(rule.filter));
  const named = fired.slice(0, MOST_NAMED).map(({ customerId, churnProbability }) => {
    const id = typeof customerId === 'number' ? String(customerId) : quoted(customerId, 40);
    return `${id} (${formatPercent(churnProbability, 0)})`;
  });
  const more = fired.length > MOST_NAMED ? ` and ${fired.length - MOST_NAMED} more` : '';
  const rose = `${plural(fired.length, 'customer')}${who} rose above a risk of ${formatPercent(rule.risk_above, 0)}`;
  const text = `${rose}: ${named.join(', ')}${more}; at stake ${shortStakeText(stake, trust)}. Next: get_at_risk_customers tells why and what to offer.`;
  return plainText(text, MOST_CHARACTERS);
}

export function moneyText(rule: MoneyRule, money: MoneyReading): string {
  const { now, earlier, asOf, comparedWith, trust } = money;
  const who = filterText(filterOf(rule.filter));
  const of = who === '' ? '' : ` of customers${who}`;
  const rise = formatPercent(now.valueAtRisk / earlier.valueAtRisk - 1, 0);
  const text = `Money at risk${of} is up ${rise}: ${shortStakeText(now, trust)} as of ${formatDay(asOf)}, ${shortStakeText(earlier, trust)} on ${formatDay(comparedWith)}. Next: get_shop_overview tells what changed, get_at_risk_customers whom to call.`;
  return plainText(text, MOST_CHARACTERS);
}
