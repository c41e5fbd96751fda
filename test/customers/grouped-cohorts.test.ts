import { describe, expect, it } from 'vitest';
import { readGroupedCohorts } from '../../src/customers/grouped-cohorts.ts';
import { openDataHome } from '../../src/data/data-home.ts';
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
});
