import { describe, expect, it } from 'vitest';
import { ledgerText } from '../../src/mcp/ledger-text.ts';
import { importText } from '../helpers/import.ts';

async function pageOf(rows: readonly string[]): Promise<string> {
  const orders = ['order_id,customer_id,date,total,status,payment_status', ...rows].join('\n');
  const { report } = await importText({ orders }, { dryRun: true }, new Date('2026-11-26T12:00:00Z'));
  return ledgerText(report.ledger);
}

describe('the ledger as a page', () => {
  it('says what counts by each column of statuses, and which refunds were subtracted', async () => {
    const page = await pageOf([
      '1,a,2025-01-15,100.00,shipped,paid',
      '2,b,2025-01-16,50.00,cancelled,paid',
      '3,b,2025-02-16,70.00,shipped,pending',
      '4,b,2025-03-16,80.00,delivered,paid',
      'R1,a,2025-04-16,-30.00,delivered,paid',
      'R9,c,2025-04-17,-5.00,delivered,paid',
    ]);
    expect(page).toMatchInlineSnapshot(`
      "Ledger
        Orders                           2
        Customers                        2  1 more in the files, without a sale
        Revenue                     150.00  net of refunds
        Mean order value             75.00
        First day               2025-01-15
        Last day                2025-03-16
        Refunds subtracted          -30.00  of 2 refunds
        Refunds not subtracted       -5.00  of orders that are not in the files

      Orders not counted
        no sale: cancelled  1  50.00
        no sale: unpaid     1  70.00

      What counts as a sale, by "status" (to change it: --sales-status WORD,WORD or all)
        a sale: "delivered" (3), "shipped" (2)
        no sale: "cancelled" (1)
      What counts as a sale, by "payment_status" (to change it: --sales-status WORD,WORD or all)
        a sale: "paid" (5)
        no sale: "pending" (1)

      Rows of the files
        orders: 6 read, 2 used (33.3 %), 2 refunds, 2 left out, 0 unusable"
    `);
  });

  it('does not subtract a refund whose order is not in the files', async () => {
    const page = await pageOf(['1,a,2025-01-15,100.00,paid,paid', 'R9,c,2025-04-17,-5.00,paid,paid']);
    expect(page).toContain(
      'Refunds not subtracted       -5.00  1 refund of orders that are not in the files',
    );
    expect(page).not.toMatch(/Refunds subtracted|net of refunds/);
  });
});
