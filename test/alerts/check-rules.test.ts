import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MoneyRule, type RiskRule, rearmBelow } from '../../src/alerts/alert-rules.ts';
import type { RuleState } from '../../src/alerts/alert-state.ts';
import { checkMoney, checkRisk } from '../../src/alerts/check-rules.ts';

const RULE: RiskRule = { name: 'risk', risk_above: 0.6 };

/** The looks at which each customer fires, given their risks at each look; null if the customer is not active then. */
function firings(looks: readonly (readonly (number | null)[])[]): number[][] {
  let state: RuleState | undefined;
  const fired: number[][] = looks[0]?.map(() => []) ?? [];
  for (const [at, risks] of looks.entries()) {
    const customers = risks.flatMap((churnProbability, customerId) =>
      churnProbability === null ? [] : [{ customerId, churnProbability }],
    );
    const checked = checkRisk(RULE, state, customers);
    state = checked.state;
    for (const { customerId } of checked.fired) fired[Number(customerId)]?.push(at);
  }
  return fired;
}

describe('a rule about risk', () => {
  it('fires when the risk rises above the limit, and not again while it hovers there', () => {
    const hovering = [0.5, 0.61, 0.59, 0.62, 0.57, 0.65, 0.54, 0.6];
    expect(firings(hovering.map((risk) => [risk]))).toEqual([[1, 7]]);
  });

  it('does not fire for a customer who was above at the first look, and fires for a customer who is new', () => {
    expect(
      firings([
        [0.9, null],
        [0.9, 0.7],
      ]),
    ).toEqual([[], [1]]);
  });

  it('has, between two firings of a customer, a look at which the risk was low enough or the customer away', () => {
    const risk = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 8 });
    const looks = fc.array(fc.tuple(risk, risk, risk), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(looks, (seen) => {
        for (const [customer, fired] of firings(seen).entries()) {
          const risks = seen.map((look) => look[customer] ?? null);
          const isLow = (value: number | null) => value === null || value < rearmBelow(RULE);
          const isAbove = (value: number | null) => value !== null && value >= RULE.risk_above;
          // It fires only above the limit, and never twice without having been low.
          for (const [nth, at] of fired.entries()) {
            expect(isAbove(risks[at] ?? null)).toBe(true);
            const since = fired[nth - 1] ?? 0;
            expect(nth === 0 || risks.slice(since, at).some(isLow)).toBe(true);
          }
          // And whenever it rises above the limit after it was low, it fires before it is low again.
          for (const [at, value] of risks.entries()) {
            if (at === 0 || !isAbove(value)) continue;
            const lastLow = risks.slice(0, at).findLastIndex(isLow);
            if (lastLow >= 0) expect(fired.some((each) => each > lastLow && each <= at)).toBe(true);
          }
        }
      }),
    );
  });

  it('begins anew if the rule was changed', () => {
    const { state } = checkRisk(RULE, undefined, []);
    const changed = { ...RULE, risk_above: 0.5 };
    const checked = checkRisk(changed, state, [{ customerId: 1, churnProbability: 0.9 }]);
    expect(checked).toMatchObject({ fired: [], state: { above: [1] } });
  });
});

describe('a rule about money', () => {
  const rule: MoneyRule = { name: 'money', money_at_risk_up: 0.1, in_days: 7 };

  it('fires when the sum has risen enough, and again only after half of the rise was gone', () => {
    let state: RuleState | undefined;
    const fired = [100, 109, 110, 120, 106, 111, 104, 110].map((now) => {
      const checked = checkMoney(rule, state, { now, earlier: 100 });
      state = checked.state;
      return checked.fired;
    });
    expect(fired).toEqual([false, false, true, false, false, false, false, true]);
    expect(checkMoney(rule, undefined, { now: 5, earlier: 0 }).fired).toBe(false);
  });
});
