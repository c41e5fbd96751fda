import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RISK_THEMES } from '../../src/features/risk-theme.ts';
import { type TypicalFigures, tellReasons } from '../../src/mcp/reason-text.ts';
import { sampleProfile } from '../helpers/sample-profile.ts';

const told = (contribution: number, change = {}, typical: TypicalFigures = {}) =>
  tellReasons(
    RISK_THEMES.map((theme) => ({ theme, contribution })),
    { ...sampleProfile, ...change },
    typical,
  ).map(({ text }) => text);

describe('a reason', () => {
  it('says why it speaks for leaving, with the customer’s own figures', () => {
    expect(told(0.3)).toEqual([
      'orders less often than before: 1 order in the last 90 days, 7 in the last 365',
      'spends less than before: 640.25 in the last 90 days, 5,678.90 in all',
    ]);
  });

  it('says why it speaks for staying', () => {
    expect(told(-0.3)).toEqual([
      'ordered 41 days ago, and usually pauses for 44 days',
      'orders steadily: about every 44 days, never more than 80 days apart',
      'has come back: 7 orders so far',
      'loyal for 305 days',
      'knows the range: bought 12 different products',
      'never returned an order',
    ]);
  });

  it('says of a customer with a single order what that means', () => {
    const gaps = { meanGapDays: undefined, longestGapDays: undefined };
    const days = { daysSinceFirstOrder: 64, daysSinceLastOrder: 64 };
    expect(told(0.3, { totalOrders: 1, distinctProducts: 1, ...gaps, ...days })).toEqual([
      'has not come back in the 64 days since the first order',
      'orders less often than before: 1 order in the last 90 days, 7 in the last 365',
      'only one order so far',
      'new to the shop: first order 64 days ago',
      'knows little of the range: bought only one product',
    ]);
  });

  it('is left out if the customer’s own habit does not show its direction', () => {
    const recencyOf = (contribution: number, change: object) =>
      tellReasons([{ theme: 'recency', contribution }], { ...sampleProfile, ...change }, {});
    const gap = { meanGapDays: 21 };
    expect(recencyOf(0.5, { ...gap, daysSinceLastOrder: 0 })).toEqual([]);
    expect(recencyOf(0.5, { ...gap, daysSinceLastOrder: 21 })).toEqual([]);
    expect(recencyOf(0.5, { ...gap, daysSinceLastOrder: 22 })).toHaveLength(1);
    expect(recencyOf(-0.5, { ...gap, daysSinceLastOrder: 22 })).toEqual([]);
    expect(recencyOf(0.5, { meanGapDays: undefined, daysSinceLastOrder: 2 })).toEqual([]);
  });

  it('is never last year’s season for a customer who came later', () => {
    const seasonOf = (daysSinceFirstOrder: number) =>
      tellReasons(
        [{ theme: 'season', contribution: 0.5 }],
        { ...sampleProfile, ordersSameSeasonLastYear: 0, daysSinceFirstOrder },
        {},
      );
    expect(seasonOf(365)).toEqual([]);
    expect(seasonOf(400).map(({ text }) => text)).toEqual(['no order in the coming season last year']);
  });

  it('compares with the typical customer if the own habit has not changed', () => {
    const steady = {
      totalOrders: 13,
      ordersLast90Days: 4,
      ordersLast365Days: 12,
      daysSinceFirstOrder: 400,
      spentLast90Days: 2000,
      distinctProducts: 7,
      ordersSameSeasonLastYear: 1,
    };
    const more = {
      total_orders: 21,
      orders_last_90_days: 6,
      spent_last_90_days: 2500.5,
      distinct_products: 9,
      orders_same_season_last_year: 3,
    };
    expect(told(0.3, steady, more)).toEqual([
      'orders less than is typical: 4 orders in the last 90 days, against 6',
      'fewer orders than is typical: 13 so far, against 21',
      'spends less than is typical: 2,000.00 in the last 90 days, against 2,500.50',
      'knows less of the range than is typical: 7 different products, against 9',
      'ordered less than is typical in the coming season last year: 1 order, against 3',
    ]);
    const young = told(
      0.3,
      { ...steady, totalOrders: 4, ordersLast365Days: 4, daysSinceFirstOrder: 20 },
      more,
    );
    expect(young.filter((text) => text.includes('90 days'))).toEqual([]);
    const less = Object.fromEntries(Object.keys(more).map((feature) => [feature, 1]));
    expect(told(0.3, steady, less)).toEqual([]);
    expect(told(-0.3, steady, more).filter((text) => text.includes('typical'))).toEqual([]);
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
        return [...raising, ...lowering].every(
          (text) => !(raising.includes(text) && lowering.includes(text)) && !/NaN|undefined/.test(text),
        );
      }),
    );
  });
});
