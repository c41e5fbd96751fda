import { describe, expect, it } from 'vitest';
import { withoutMinorUnit } from '../../../../src/data/import/columns/minor-unit-name.ts';
import { importShop } from '../../../../src/data/import/import-shop.ts';
import { fileWith, importText, refusal } from '../../../helpers/import.ts';
import { newTestHome } from '../../../helpers/snapshot.ts';

/** Three orders of 19.99, 25 and 5.01. */
const ordersWith = (column: string) =>
  `order_id;customer_id;order_date;${column}\n1;a;2024-01-05;1999\n2;b;2024-01-06;2500\n3;a;2024-02-05;501\n`;

describe('a column whose name says cents', () => {
  it.each([
    'total_cents',
    'amount_in_cents',
    'totalCents',
    'Betrag (Cent)',
    'Total (minor units)',
    'total_minor',
    'montant_centimes',
  ])('is read as money of the currency: %s', async (column) => {
    const { report } = await importText({ orders: ordersWith(column) });
    expect(Number(report.ledger.revenue)).toBe(50);
    expect(report.notes).toContain(
      `The amounts of "${column}" are in the smallest unit of the currency, so 1250 is read as 12.5.`,
    );
  });

  it('is read so too if the user names the column', async () => {
    const map = { total_amount: 'sum_of_all_cents' };
    const { report } = await importText({ orders: ordersWith('sum_of_all_cents') }, { map });
    expect(Number(report.ledger.revenue)).toBe(50);
  });

  it('may be a price or a total of lines, beside amounts that are not in cents', async () => {
    const { report } = await importText({
      orders:
        'order_id,customer_id,order_date,total,shipping_cents\n1,a,2024-01-05,39.98,0\n2,b,2024-01-06,25.5,50\n',
      orderItems: 'order_id,product_id,quantity,unit_price_cents\n1,P1,2,1999\n2,P2,1,2500\n',
    });
    expect(Number(report.ledger.revenue)).toBe(65.48);
    const lines = await importText({
      orderItems:
        'order_id,customer_id,order_date,product_id,quantity,unit_price_cents\n1,a,2024-01-05,P1,2,1999\n1,a,2024-01-05,P2,1,500\n2,b,2024-02-05,P1,1,1999\n',
    });
    expect(Number(lines.report.ledger.revenue)).toBe(64.97);
  });

  it('is read as it is if its amounts have decimals, and the report says so', async () => {
    const orders =
      'order_id,customer_id,order_date,total_cents\n1,a,2024-01-05,19.99\n2,b,2024-01-06,25.00\n';
    const { report } = await importText({ orders });
    expect(Number(report.ledger.revenue)).toBe(44.99);
    expect(report.notes.join()).toContain('but some have decimals, such as "19.99"');
  });

  it('counts whole yen, which have no cents', async () => {
    const orders =
      'order_id,customer_id,order_date,total_minor,currency\n1,a,2024-01-05,1999,JPY\n2,b,2024-01-06,2501,JPY\n';
    expect(Number((await importText({ orders })).report.ledger.revenue)).toBe(4500);
  });

  it('can be added to amounts that are not in cents, but not imported with them', async () => {
    const home = await newTestHome();
    const earlier = await fileWith('a.csv', 'order_id,customer_id,order_date,total\n1,a,2024-01-05,10.50\n');
    const later = await fileWith(
      'b.csv',
      'order_id,customer_id,order_date,total_cents\n2,b,2024-02-05,2025\n',
    );
    expect(await refusal(importShop({ orders: [earlier, later] }, { home }))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The orders files count amounts differently: "total_cents" of "b.csv" in the smallest unit of the currency, "total" of "a.csv" not. Import the files of one kind, then add the others: --append."`,
    );
    await importShop({ orders: earlier }, { home });
    const { ledger } = await importShop({ orders: later, mode: 'append' }, { home });
    expect(Number(ledger.revenue)).toBe(30.75);
  });

  it.each(['discount_per_cent', 'percent', 'Discount percent', 'centre', 'minor_id', 'accent'])(
    'is not one such as %s',
    (name) => expect(withoutMinorUnit(name)).toBeUndefined(),
  );
});
