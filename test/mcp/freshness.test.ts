import { describe, expect, it } from 'vitest';
import type { DataFreshness } from '../../src/data/data-freshness.ts';
import { freshnessText } from '../../src/mcp/freshness.ts';

const NOW = new Date('2026-11-27T12:00:00Z');
const told = (freshness: Partial<DataFreshness>) =>
  freshnessText({ kind: 'orders', ordersUntil: '2026-11-26', isLive: false, ...freshness }, NOW);
const live = (refreshedAt: string, waitingRows: number | undefined) =>
  told({ isLive: true, refreshedAt: new Date(refreshedAt), waitingRows });

describe('the line that an answer ends with', () => {
  it('tells the day of an import, and its year if that is another one', () => {
    expect(
      ['2026-11-27T00:00:01Z', '2026-10-12T23:59:59Z', '2025-12-31T10:00:00Z'].map((day) =>
        told({ refreshedAt: new Date(day) }),
      ),
    ).toEqual([
      'Data: orders up to 26 November 2026, imported today.',
      'Data: orders up to 26 November 2026, imported 12 October.',
      'Data: orders up to 26 November 2026, imported 31 December 2025.',
    ]);
  });

  it('tells how long ago rows were folded in, and how many wait, if rows arrive one by one', () => {
    expect([
      live('2026-11-27T11:59:20Z', 120),
      live('2026-11-27T11:59:59Z', 1),
      live('2026-11-27T11:57:00Z', 0),
      live('2026-11-27T09:00:00Z', 0),
      live('2026-11-20T09:00:00Z', 1_234_567),
      live('2026-11-27T12:00:20Z', undefined),
      // The clock was set back since.
      live('2026-11-27T18:00:00Z', 3),
      live('2027-11-27T12:00:00Z', 0),
    ]).toEqual([
      'Data: orders up to 26 November 2026, refreshed 40 seconds ago; 120 new rows are not in yet.',
      'Data: orders up to 26 November 2026, refreshed 1 second ago; 1 new row is not in yet.',
      'Data: orders up to 26 November 2026, refreshed 3 minutes ago.',
      'Data: orders up to 26 November 2026, refreshed 3 hours ago; nothing new has arrived since.',
      'Data: orders up to 26 November 2026, refreshed 7 days ago; 1,234,567 new rows are not in yet.',
      'Data: orders up to 26 November 2026, refreshed 0 seconds ago.',
      'Data: orders up to 26 November 2026, refreshed today; 3 new rows are not in yet.',
      'Data: orders up to 26 November 2026, refreshed 27 November 2027.',
    ]);
  });

  it('warns who asks as of a day after the last order, because missing orders look like silence', () => {
    const asked = (asOf: string) =>
      freshnessText({ kind: 'orders', ordersUntil: '2026-11-26', isLive: false }, NOW, asOf);
    expect(['2026-11-25', '2026-11-26', '2026-11-27', '2026-12-26'].map(asked)).toEqual([
      'Data: orders up to 26 November 2026.',
      'Data: orders up to 26 November 2026.',
      'Data: orders up to 26 November 2026. No orders are known for 27 November 2026, so customers may seem more silent than they are. Import the newer orders, or leave out as_of.',
      'Data: orders up to 26 November 2026. No orders are known for the 30 days up to 26 December 2026, so customers may seem more silent than they are. Import the newer orders, or leave out as_of.',
    ]);
  });

  it('names Snowflake and tables of customers', () => {
    expect([
      told({ kind: 'orders in Snowflake', isLive: true }),
      told({ kind: 'table', ordersUntil: undefined, refreshedAt: new Date('2026-10-12T10:00:00Z') }),
    ]).toEqual([
      'Data: orders up to 26 November 2026, read from Snowflake.',
      'Data: a table of customers, imported 12 October.',
    ]);
  });
});
