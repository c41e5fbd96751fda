import { describe, expect, it } from 'vitest';
import { importText, refusal } from '../../../helpers/import.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const ORDERS = Array.from({ length: 12 }, (_, at) => at);
const day = (at: number) => `2026-0${1 + (at % 9)}-1${at % 10}`;

/** Twelve orders by twelve customers, with one more column. */
function ordersWith(column: string, value: (at: number) => string): string {
  const rows = ORDERS.map((at) => `${at},${at}f3${at}c,${value(at)},${day(at)},10.00`);
  return `order_id,customer_id,${column},order_date,total\n${rows.join('\n')}\n`;
}

describe('orders whose customers all have one order', () => {
  it('are those of the persons if a column says so', async () => {
    const orders = ordersWith('customer_unique_id', (at) => `p${at % 5}`);
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 12, customers: 5, revenue: '120.0000' });
    expect(report.notes).toContain(
      'Customers are told apart by "customer_unique_id" and not by "customer_id". If that is wrong: --map customer_id=customer_id',
    );
    const told = { dryRun: true, map: { customer_id: 'customer_id' } } as const;
    expect(await refusal(importText({ orders }, told, NOW))).toMatch(/--accept single-orders/);
  });

  it('are refused if another column may tell the persons', async () => {
    const orders = ordersWith('Buyer Email', (at) =>
      at % 2 === 0 ? `ANNA${at % 4}@x.org` : `anna${at % 4}@x.org`,
    );
    expect(await refusal(importText({ orders }, { dryRun: true }, NOW))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: Every one of 12 customers has exactly one order, so the id may be new with every order; "Buyer Email" has 4 values for 12 of them and may be the person’s id. If so, add --map customer_id="Buyer Email". If it is right as it is, add --accept single-orders."`,
    );
    const accepted = await importText({ orders }, { dryRun: true, accept: ['single-orders'] }, NOW);
    expect(accepted.report.ledger).toMatchObject({ customers: 12 });
    const told = await importText({ orders }, { dryRun: true, map: { customer_id: 'Buyer Email' } }, NOW);
    expect(told.report.ledger).toMatchObject({ customers: 4 });
  });

  it('are refused if the file of customers has another id for several of them', async () => {
    const customers = `customer_id,email\n${ORDERS.map((at) => `${at}f3${at}c,e${at % 5}@x.org`).join('\n')}\n`;
    const orders = ordersWith('note', () => '');
    expect(await refusal(importText({ orders, customers }, { dryRun: true }, NOW))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: Every one of 12 customers has exactly one order, so the id may be new with every order; "email" has 5 values for 12 of them and may be the person’s id. If so, add --map customers.person_id=email. If it is right as it is, add --accept single-orders."`,
    );
  });

  it('are refused if they are derived from lines', async () => {
    const rows = ORDERS.flatMap((at) =>
      ['P1', 'P2'].map((product) => `${at},c${at},m${at % 4},${day(at)},${product},1,5.00`),
    );
    const orderItems = `order_id,customer_id,member_id,order_date,product_id,quantity,unit_price\n${rows.join('\n')}\n`;
    expect(await refusal(importText({ orderItems }, { dryRun: true }, NOW))).toMatch(
      /"member_id" has 4 values for 12 of them/,
    );
  });

  it.each([
    ['customer_city', (at: number) => ['Bonn', 'Rome'][at % 2] ?? ''],
    ['country', () => 'DE'],
    ['product', (at: number) => `P${at % 3}`],
    ['customer_group_id', (at: number) => String(at % 3)],
    ['customer_paid', (at: number) => (at % 2 === 0 ? 'yes' : 'no')],
    ['email', (at: number) => `e${at}@x.org`],
    ['phone', (at: number) => (at === 0 ? '0228-1' : '-')],
    ['customer_name', (at: number) => (at < 2 ? 'Anna Schmidt' : `Anna ${at}`)],
  ])('are imported beside a column of %s', async (column, value) => {
    const { report } = await importText({ orders: ordersWith(column, value) }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 12, customers: 12, revenue: '120.0000' });
  });
});
