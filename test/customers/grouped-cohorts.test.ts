import { describe, expect, it } from 'vitest';
import { readGroupedCohorts } from '../../src/customers/grouped-cohorts.ts';
import { openDataHome } from '../../src/data/data-home.ts';
import { groupedCohortText } from '../../src/mcp/cohort-text.ts';
import { importText } from '../helpers/import.ts';

const ORDERS = `order_id,customer_id,order_date,total_amount,channel
1,a,2025-01-05,10,web
2,a,2025-03-05,10,shop
3,b,2025-01-06,10,web
4,b,2025-02-06,10,web
5,c,2025-02-07,10,shop
6,d,2025-03-08,10,`;

describe('cohorts of groups', () => {
  it('count each customer once, by the latest value, and leave out those without one on the day', async () => {
    const { home } = await importText({ orders: ORDERS });
    await using provider = openDataHome(home);
    const data = await provider.current();
    const groupsOn = async (asOf: string) =>
      (await readGroupedCohorts(data, { by: 'channel', asOf, most: 12, filter: {} })).map(
        ({ name, customers, cohorts }) => [name, customers, cohorts.map(({ month }) => month)],
      );
    expect(await groupsOn('2025-03-08')).toEqual([
      ['shop', 2, ['2025-01', '2025-02']],
      ['web', 1, ['2025-01']],
    ]);
    expect(await groupsOn('2025-02-20')).toEqual([
      ['shop', 1, ['2025-02']],
      ['web', 1, ['2025-01']],
    ]);
  });

  it('are told with the size of those compared, if the table holds others that did better', () => {
    const group = (name: string, customers: number, back: number) => ({
      name,
      customers,
      cohorts: [
        {
          month: '2025-01',
          customers,
          months: [customers, 0, 0, back, 0].map((count) => ({
            customers: count,
            orders: count,
            revenue: 0,
          })),
        },
      ],
    });
    const headlineOf = (...groups: ReturnType<typeof group>[]) =>
      groupedCohortText(groups, { asOf: '2025-05-31', by: 'country', filter: {} }).split('\n')[0];
    const large = [group('France', 40, 20), group('Spain', 30, 6)];
    expect(headlineOf(...large, group('Malta', 4, 4))).toBe(
      '50% of 40 customers in France ordered in the third month after their first order, the most of the 2 groups with 20 such customers or more by "country"; the fewest were 20% of 30 in Spain.',
    );
    expect(headlineOf(...large)).toContain('the most of all groups by "country"');
  });
});
