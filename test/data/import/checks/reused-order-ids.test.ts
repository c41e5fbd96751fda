import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDataHome } from '../../../../src/data/data-home.ts';
import { importText, refusal } from '../../../helpers/import.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const LINES = 'receipt,customer_id,order_date,product_id,quantity,unit_price\n';
const ORDERS = 'receipt,customer_id,order_date,total\n';

async function ordersOf(home: string): Promise<string[]> {
  await using provider = openDataHome(home);
  const data = await provider.current();
  const rows = await data.rows(
    {
      text: 'select order_id, customer_id, total_amount from raw.orders order by order_date, order_id',
      values: [],
    },
    z.object({ order_id: z.string(), customer_id: z.coerce.string(), total_amount: z.number() }),
  );
  return rows.map(({ order_id, customer_id, total_amount }) => `${order_id}: ${customer_id} ${total_amount}`);
}

describe('a receipt number that is used again', () => {
  it('is another order of each customer and each time, and the ledger says so', async () => {
    const { home, report } = await importText(
      { orders: `${ORDERS}17,5,2024-01-01,10\n17,6,2024-06-01,20\n17,5,2024-12-01,30\n18,5,2024-01-02,5\n` },
      {},
      NOW,
    );
    expect(await ordersOf(home)).toEqual([
      '17: 5 10',
      '18: 5 5',
      '17 (2024-06-01): 6 20',
      '17 (2024-12-01): 5 30',
    ]);
    expect(report.ledger).toMatchObject({ orders: 4, customers: 2, revenue: '65.0000' });
    expect(report.notes).toContain(
      '1 order number is used again, by another customer or more than 30 days later. Each use is an order of its own: "17" is also "17 (2024-06-01)".',
    );
  });

  it('splits the lines of a file without orders, with what was given back of each', async () => {
    const { home, report } = await importText(
      {
        orderItems: [
          `${LINES}7,a,2024-01-05,P1,1,5`,
          '7,a,2024-01-06,P2,2,5',
          '7,b,2024-03-05,P1,1,8',
          '7,a,2024-06-05,P2,1,20',
          '7,a,2024-03-01,P2,-1,5',
          '7,a,2024-07-20,P2,-1,2',
          '8,b,2024-01-05,P1,1,1',
          '',
        ].join('\n'),
      },
      {},
      NOW,
    );
    expect(await ordersOf(home)).toEqual([
      '7: a 10',
      '8: b 1',
      '7 (2024-03-05): b 8',
      '7 (2024-06-05): a 18',
    ]);
    expect(report.ledger).toMatchObject({ orders: 4, lines: 5, revenue: '37.0000' });
  });

  it('leaves an order alone whose refund comes months later', async () => {
    const { home } = await importText(
      { orderItems: `${LINES}7,a,2024-01-05,P1,2,5\n7,a,2024-06-05,P1,-1,5\n` },
      {},
      NOW,
    );
    expect(await ordersOf(home)).toEqual(['7: a 5']);
  });

  it('is refused if two customers use it on one day, or its rows say different things', async () => {
    expect(
      await refusal(
        importText({ orderItems: `${LINES}7,a,2024-01-05,P1,1,5\n7,b,2024-01-05,P2,1,5\n` }, {}, NOW),
      ),
    ).toMatch(/orders of more than one customer on one day: "7"/);
    expect(
      await refusal(importText({ orders: `${ORDERS}7,a,2024-01-05,5\n7,a,2024-01-06,6\n` }, {}, NOW)),
    ).toMatch(/orders that occur twice with different content: "7"/);
  });

  it('is refused in orders whose lines do not tell which of them they are of', async () => {
    expect(
      await refusal(
        importText(
          {
            orders: `${ORDERS}7,a,2024-01-05,5\n7,b,2024-09-05,5\n`,
            orderItems: 'receipt,product_id,quantity,unit_price\n7,P1,1,5\n7,P1,1,5\n',
          },
          {},
          NOW,
        ),
      ),
    ).toMatch(/orders that occur twice with different content: "7"/);
  });
});
