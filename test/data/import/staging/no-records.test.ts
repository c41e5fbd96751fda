import { describe, expect, it } from 'vitest';
import { importText, refusal } from '../../../helpers/import.ts';

const HEADER = 'order_id,customer_id,order_date,total_amount';
const ORDERS = ['1,anna,2024-01-15,10.00', '2,ben,2024-02-15,20.00', '3,anna,2024-03-15,30.00'];

/** What an import of orders counts, and what it leaves out. */
async function counted(lines: readonly string[], header = HEADER) {
  const { report } = await importText({ orders: [header, ...lines].join('\n') });
  const { orders, customers, revenue } = report.ledger;
  const reasons = report.tables.flatMap(({ rejected }) =>
    rejected.map(({ reason, count }) => `${count} ${reason}`),
  );
  return { orders, customers, revenue: Number(revenue), reasons };
}
const ALL = { orders: 3, customers: 2, revenue: 60 };

describe('rows of a small export that hold no order', () => {
  it('are left out and said', async () => {
    const sums = [
      'Total,,,60.00',
      'Grand total:,,,60.00',
      'Summe,,,60.00',
      'Total (3 orders),,,60.00',
      '合計,,,60.00',
      ',,Итого,60.00',
      ',Gesamtsumme,,60.00',
      'Total,,2024-03-31,60.00',
      'anna Total,,,40.00',
      'Total,60.00',
    ];
    const blank = [',,,', ' , , ,', ''];
    const headers = [HEADER, 'Order_ID,Customer_ID,Order_Date,Total_Amount'];
    const remarks = ['Exported by Shop Manager,,,', 'Exported on 2024-04-01', '(3 rows affected)'];
    const [first = '', ...others] = ORDERS;
    const lines = [first, ...sums, ...blank, ...headers, ...others, ...remarks, ',,,60.00'];
    const found = await counted(lines);
    expect(found).toMatchObject(ALL);
    expect(found.reasons.sort()).toEqual(['11 summary row', '2 blank row', '2 repeated header', '3 remark']);
  });

  it('do not count against the usable rows, and are named with their lines in the rejects file', async () => {
    const { report, rejects } = await importText({
      orders: [HEADER, ...ORDERS, ',,,', 'Total,,,60.00'].join('\n'),
    });
    expect(report.ledger.orders).toBe(3);
    expect(rejects.trim().split('\n').slice(1)).toEqual([
      expect.stringMatching(/^orders\.csv,5,4,blank row,/),
      expect.stringMatching(/^orders\.csv,6,5,summary row,.*60\.00/),
    ]);
  });

  it('are also sums of each order among its lines, and products that begin with such a word are none', async () => {
    const header = 'invoice,customer,date,product,qty,price';
    const lines = [
      '1,anna,2024-01-15,Cup,2,5.00',
      '1,anna,2024-01-15,Total,,10.00',
      '2,ben,2024-02-15,Total Repair Shampoo,1,20.00',
      '2,ben,2024-02-15,Subtotal,,20.00',
      '3,anna,2024-03-15,Sum 41 Album,1,30.00',
      ',,,Grand total,4,60.00',
    ];
    expect(await counted(lines, header)).toEqual({
      ...ALL,
      reasons: ['3 summary row'],
    });
  });

  it('are not rows that miss something: these stay unusable', async () => {
    for (const line of ['4,cara,,40.00', '1004']) {
      expect(await refusal(counted([...ORDERS, line]))).toMatch(/Only 3 of 4 rows of orders can be used/);
    }
    // In the last row the figures are a sum; elsewhere they may be an order whose cells were moved.
    const [first = '', ...others] = ORDERS;
    expect(await refusal(counted([first, ',,,40.00', ...others]))).toMatch(/Only 3 of 4 rows/);
  });

  it('are never orders that name their id, customer and day, whatever these are called', async () => {
    const names = ['Total', 'Summe 7', 'Total Energies', 'order_id', 'Sum of us', 'anna Total', '合計'];
    const lines = names.flatMap((id, at) =>
      names.map((customer, of) => `${id} ${at}${of},${customer},2024-01-${10 + of},1.00`),
    );
    expect(await counted(lines)).toEqual({ orders: 49, customers: 7, revenue: 49, reasons: [] });
  });
});
