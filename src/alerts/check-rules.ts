/** What a rule makes of the figures of a moment, given what it made of those before. It reads no clock and no data. */
import type { Id } from '../data/data-source.ts';
import { digestOf, type MoneyRule, type RiskRule, rearmBelow } from './alert-rules.ts';
import type { RuleState } from './alert-state.ts';

export interface CustomerAtRisk {
  readonly customerId: Id;
  readonly churnProbability: number;
}

export interface Checked<Fired> {
  readonly state: RuleState;
  readonly fired: Fired;
}

/**
 * Fires for customers whose risk is at the limit or above and was not before. A customer who was above at the first look does not fire.
 *
 * @param before undefined at the first look; a rule that was changed begins anew
 * @param customers at least all whose risk is not below where the rule can fire again
 */
export function checkRisk<Customer extends CustomerAtRisk>(
  rule: RiskRule,
  before: RuleState | undefined,
  customers: readonly Customer[],
): Checked<readonly Customer[]> {
  const digest = digestOf(rule);
  const known = before?.digest === digest ? before : undefined;
  const wasAbove = new Set(known?.above);
  const rearm = rearmBelow(rule);
  const above = customers.filter(
    ({ customerId, churnProbability }) =>
      churnProbability >= rule.risk_above || (churnProbability >= rearm && wasAbove.has(customerId)),
  );
  return {
    state: { digest, above: above.map(({ customerId }) => customerId), is_up: false },
    fired: known === undefined ? [] : above.filter(({ customerId }) => !wasAbove.has(customerId)),
  };
}

/** Half of the rise must be gone before the rule can fire again. */
const REARM_SHARE = 0.5;

/** Fires if the sum has risen by as much as the rule says, and had not before; at the first look too. */
export function checkMoney(
  rule: MoneyRule,
  before: RuleState | undefined,
  { now, earlier }: { readonly now: number; readonly earlier: number },
): Checked<boolean> {
  const digest = digestOf(rule);
  const wasUp = before?.digest === digest && before.is_up;
  const limit = rule.money_at_risk_up * (wasUp ? REARM_SHARE : 1);
  const isUp = earlier > 0 && now - earlier >= earlier * limit;
  return { state: { digest, above: [], is_up: isUp }, fired: isUp && !wasUp };
}
