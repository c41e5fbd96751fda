import { describe, expect, it } from 'vitest';
import { findMatching } from '../../src/customers/customer-filter.ts';
import { parseSegment, SEGMENTS, segmentLabels } from '../../src/customers/segments.ts';
import { DEFAULT_THRESHOLDS } from '../../src/data/segment-thresholds.ts';
import { ChurnMcpError } from '../../src/errors.ts';
import { makeSnapshot } from '../helpers/snapshot.ts';

function refusal(text: string): ChurnMcpError {
  try {
    parseSegment(text);
  } catch (error) {
    if (error instanceof ChurnMcpError) return error;
  }
  throw new Error('it was accepted');
}

describe('parseSegment', () => {
  it.each(SEGMENTS)('reads %s in any case, with spaces or dashes', (segment) => {
    for (const text of [
      segment,
      segment.toLowerCase(),
      segment.replaceAll('_', ' '),
      segment.replaceAll('_', '-'),
    ]) {
      expect(parseSegment(` ${text} `)).toBe(segment);
    }
  });

  it('lists the segments if the name is unknown', () => {
    const { code, message } = refusal('LOYAL');
    expect(code).toBe('UNKNOWN_SEGMENT');
    expect(message).toMatchInlineSnapshot(
      `"Unknown segment "LOYAL". Segments: LOW_ENGAGEMENT, HIGH_VALUE_INACTIVE, HIGH_VALUE_ACTIVE, NEW_CUSTOMERS, AT_RISK, REGULAR."`,
    );
  });

  it('repeats an unknown name on one short line', () => {
    const { message } = refusal(`a"\n\u202e${'x'.repeat(1_000_000)}`);
    expect(message.length).toBeLessThan(200);
    expect(message).not.toMatch(/[\n\u202e]/);
  });
});

describe('the segments of a shop with thresholds of its own', () => {
  const thresholds = {
    inactiveDays: 30,
    highValueInactive: 100,
    newOrders: 1,
    lowEngagementOrders: 2,
    highValueActive: 300,
  };
  /** Customer n of a segment: the days of its orders, and the amount of each. */
  const customers: readonly (readonly [days: readonly string[], amount: number])[] = [
    [['2025-11-30'], 101],
    [['2025-11-30'], 100],
    [['2025-12-01'], 999],
    [['2025-12-01', '2025-12-02'], 999],
    [['2025-12-01', '2025-12-02', '2025-12-03'], 101],
    [['2025-12-01', '2025-12-02', '2025-12-31'], 100],
  ];
  const orders = customers.flatMap(([days, total_amount], customer) =>
    days.map((order_date, i) => ({
      order_id: `${customer}-${i}`,
      customer_id: customer + 1,
      order_date,
      total_amount,
    })),
  );

  it('begin where those say, on the last day and on earlier ones', async () => {
    await using shop = await makeSnapshot({ orders }, undefined, thresholds);
    expect(shop.summary.segmentThresholds).toEqual(thresholds);
    const segmentsOn = async (asOf: string) =>
      (await findMatching(shop.data, { filter: {}, asOf })).all().map(({ segment }) => segment);
    expect(await segmentsOn('2025-12-31')).toEqual([
      'HIGH_VALUE_INACTIVE',
      'AT_RISK',
      'NEW_CUSTOMERS',
      'LOW_ENGAGEMENT',
      'HIGH_VALUE_ACTIVE',
      'REGULAR',
    ]);
    expect(await segmentsOn('2025-12-30')).toEqual([
      'NEW_CUSTOMERS',
      'NEW_CUSTOMERS',
      'NEW_CUSTOMERS',
      'LOW_ENGAGEMENT',
      'HIGH_VALUE_ACTIVE',
      'LOW_ENGAGEMENT',
    ]);
    const lapsed = { filter: { segment: 'lapsed' }, asOf: '2025-12-31' };
    expect((await findMatching(shop.data, lapsed)).all().map(({ customerId }) => customerId)).toEqual([1, 2]);
  });

  it('count an order whose lines are not known with its own total', async () => {
    const orders = [600, 300, 200].map((total_amount, i) => ({
      order_id: `o${i}`,
      customer_id: 1,
      order_date: `2025-12-0${i + 1}`,
      total_amount,
    }));
    const orderItems = [{ order_id: 'o0', product_id: 1, quantity: 1, line_total: 10 }];
    const segmentOf = async (highValueActive: number) => {
      await using shop = await makeSnapshot({ orders, orderItems }, undefined, {
        ...thresholds,
        highValueActive,
      });
      return (await findMatching(shop.data, { filter: {}, asOf: '2025-12-03' })).all()[0]?.segment;
    };
    expect(await segmentOf(509)).toBe('HIGH_VALUE_ACTIVE');
    expect(await segmentOf(510)).toBe('REGULAR');
  });

  it('are named by those', () => {
    expect(Object.values(segmentLabels(thresholds))).toEqual([
      'High-Value Inactive (>$100, inactive 30+ days)',
      'At Risk (inactive 30+ days)',
      'New Customers (1 order)',
      'Low Engagement (2 orders)',
      'High-Value Active (>$300)',
      'Regular Customers',
    ]);
    expect(Object.values(segmentLabels(DEFAULT_THRESHOLDS))).toEqual([
      'High-Value Inactive (>$500, inactive 180+ days)',
      'At Risk (inactive 180+ days)',
      'New Customers (1-2 orders)',
      'Low Engagement (3-5 orders)',
      'High-Value Active (>$1000)',
      'Regular Customers',
    ]);
  });
});
