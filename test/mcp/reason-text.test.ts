import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RISK_THEMES } from '../../src/features/risk-theme.ts';
import { reasonText } from '../../src/mcp/reason-text.ts';
import { sampleProfile } from '../helpers/sample-profile.ts';

const told = (contribution: number, change = {}) =>
  RISK_THEMES.map((theme) => reasonText({ theme, contribution }, { ...sampleProfile, ...change }));

describe('a reason', () => {
  it('says why it speaks for leaving, with the customer’s own figures', () => {
    expect(told(0.3)).toEqual([
      'silent for 41 of the 44 days that usually pass between orders',
      'orders less often than before: 1 order in the last 90 days, 7 in the last 365',
      'orders about every 44 days, the longest pause 80 days: customers like this have left more often',
      '7 orders so far: customers like this have left more often',
      'first order 305 days ago: customers like this have left more often',
      'spends less than before: 640.25 in the last 90 days, 5,678.90 in all',
      '12 different products bought: customers like this have left more often',
      'no order in the coming season last year',
      'no discounts recorded: customers like this have left more often',
      '0 orders returned: customers like this have left more often',
    ]);
  });

  it('says why it speaks for staying', () => {
    expect(told(-0.3)).toEqual([
      'ordered 41 days ago, and usually pauses for 44 days',
      '1 order in the last 90 days, 7 in the last 365: customers like this have left less often',
      'orders steadily: about every 44 days, never more than 80 days apart',
      'has come back: 7 orders so far',
      'loyal for 305 days',
      'spent 640.25 in the last 90 days, 5,678.90 in all: customers like this have left less often',
      'knows the range: bought 12 different products',
      '0 orders in the coming season last year: customers like this have left less often',
      'no discounts recorded: customers like this have left less often',
      'never returned an order',
    ]);
  });

  it('says of a customer with a single order what that means', () => {
    const gaps = { meanGapDays: undefined, longestGapDays: undefined };
    const days = { daysSinceFirstOrder: 64, daysSinceLastOrder: 64 };
    expect(told(0.3, { totalOrders: 1, distinctProducts: 1, ...gaps, ...days })).toEqual([
      'has not come back in the 64 days since the first order',
      'orders less often than before: 1 order in the last 90 days, 7 in the last 365',
      'no habit of ordering yet: all orders on one day',
      'only one order so far',
      'new to the shop: first order 64 days ago',
      'spent 640.25 in the last 90 days, 5,678.90 in all: customers like this have left more often',
      'knows little of the range: bought only one product',
      'no order in the coming season last year',
      'no discounts recorded: customers like this have left more often',
      '0 orders returned: customers like this have left more often',
    ]);
  });

  it('never reads the same in both directions', () => {
    const count = fc.integer({ min: 0, max: 400 });
    const gap = fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined });
    const changes = fc.record({
      totalOrders: fc.integer({ min: 1, max: 200 }),
      daysSinceFirstOrder: count,
      daysSinceLastOrder: count,
      ordersLast90Days: count,
      ordersLast365Days: count,
      spentLast90Days: count,
      totalSpent: count,
      meanGapDays: gap,
      longestGapDays: gap,
      distinctProducts: count,
      ordersSameSeasonLastYear: count,
      meanDiscountPercent: fc.option(fc.integer({ min: 0, max: 80 }), { nil: undefined }),
      returnedOrders: count,
    });
    fc.assert(
      fc.property(changes, (change) => {
        const [raising, lowering] = [told(0.2, change), told(-0.2, change)];
        return raising.every((text, i) => text !== lowering[i] && !/NaN|undefined/.test(text));
      }),
    );
  });
});
