import { describe, expect, it } from 'vitest';
import { importText, refusal } from '../../../helpers/import.ts';

const HEADER =
  'Order Reference,Customer,Order Date,Status,Total,Order Lines/Product,Order Lines/Quantity,Order Lines/Unit Price,Order Lines/Subtotal';
/** Two customers, three orders, six lines: 150 + 25 + 165 = 340. */
const LINES = [
  'S1,Azure Interior,2024-01-15 10:00:00,Sales Order,150.00,Desk,1,100.00,100.00',
  ',,,,,Lamp,2,25.00,50.00',
  'S2,Deco Addict,2024-02-10 09:00:00,Sales Order,25.00,Lamp,1,25.00,25.00',
  'S3,Azure Interior,2024-03-05 12:30:00,Sales Order,165.00,Chair,4,10.00,40.00',
  ',,,,,Desk,1,100.00,100.00',
  ',,,,,Lamp,1,25.00,25.00',
];
const ALL = { orders: 3, customers: 2, revenue: 340, lines: 6, products: 3 };

async function ledgerOf(lines: readonly string[], header = HEADER) {
  const { report } = await importText({ orders: [header, ...lines].join('\n') });
  return {
    ...report.ledger,
    revenue: Number(report.ledger.revenue),
    notes: report.notes,
    tables: report.tables,
  };
}

describe('orders that stand on their first line only', () => {
  it('have all lines below it, and the import says so', async () => {
    const ledger = await ledgerOf(LINES);
    expect(ledger).toMatchObject(ALL);
    expect(ledger.notes).toContain(
      'In "orders.csv" 3 rows below an order’s first line name no order, so they are further lines of that order.',
    );
  });

  it('have them whatever the export’s words: German, technical names, merged cells', async () => {
    const german =
      'Auftragsreferenz,Kunde,Auftragsdatum,Status,Summe,Auftragszeilen/Produkt,Auftragszeilen/Menge,Auftragszeilen/Einzelpreis,Auftragszeilen/Zwischensumme';
    const technical =
      'name,partner_id,date_order,state,amount_total,order_line/product_id,order_line/product_uom_qty,order_line/price_unit,order_line/price_subtotal';
    const merged = 'Order number,Customer,Date,Status,Order total,Product,Qty,Price,Line total';
    expect(await ledgerOf(LINES, german)).toMatchObject(ALL);
    expect(await ledgerOf(LINES, merged)).toMatchObject(ALL);
    const { report } = await importText(
      { orders: [technical, ...LINES].join('\n') },
      { map: { order_id: 'name', customer_id: 'partner_id', order_date: 'date_order' } },
    );
    expect({ ...report.ledger, revenue: Number(report.ledger.revenue) }).toMatchObject(ALL);
  });

  it('count the order’s own total, which has the tax that lines lack', async () => {
    const taxed = LINES.map((line) =>
      line.replace(
        /,(150|25|165)\.00,(Desk|Lamp|Chair)/,
        (_, total, product) => `,${(Number(total) * 1.2).toFixed(2)},${product}`,
      ),
    );
    expect(await ledgerOf(taxed)).toMatchObject({ ...ALL, revenue: 408 });
  });

  it('end at a sum, a blank row or a remark, which are no lines', async () => {
    const between = [
      ...LINES.slice(0, 2),
      ',,,,,Total,3,,150.00',
      ',,,,,,,,',
      ...LINES.slice(2),
      ',,,,,Total,10,,340.00',
    ];
    expect(await ledgerOf(between)).toMatchObject(ALL);
    const header = [...LINES.slice(0, 4), HEADER, ...LINES.slice(4), 'Exported by Odoo,,,,,,,,'];
    expect(await ledgerOf(header)).toMatchObject(ALL);
    // A line below a blank row is of an order that the file does not name.
    const lost = [...LINES, ',,,,,,,,', ',,,,,Lamp,1,25.00,25.00'];
    expect(await refusal(ledgerOf(lost))).toMatch(/missing order id/);
  });

  it('are cancelled with all their lines', async () => {
    const cancelled = LINES.map((line) => line.replace(/^(S1.*)Sales Order/, '$1Cancelled'));
    expect(await ledgerOf(cancelled)).toMatchObject({ orders: 2, revenue: 190, lines: 4 });
  });

  it('are no lines without an id in a file that repeats the order’s number on each line', async () => {
    const header = 'order_id,customer_id,order_date,product,qty,price';
    const repeated = ['1,a,2024-01-01,Cup,1,5', '1,a,2024-01-01,Pan,1,7', '2,b,2024-02-01,Cup,1,5'];
    const ledger = await ledgerOf(
      [...repeated, ...repeated.map((line) => line.replace(/^\d/, (id) => `${id}0`)), ',,,Pan,1,7'].concat(
        Array.from({ length: 12 }, (_, at) => `${100 + at},c${at},2024-03-01,Cup,1,5`),
      ),
      header,
    );
    expect(ledger).toMatchObject({ orders: 16, revenue: 94 });
    expect(ledger.tables.flatMap(({ rejected }) => rejected)).toEqual([
      { reason: 'missing order id', count: 1, isUnderstood: false },
    ]);
  });
});
