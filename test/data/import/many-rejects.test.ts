import { describe, expect, it } from 'vitest';
import { MOST_REJECTED_ROWS } from '../../../src/data/import/import-report.ts';
import { importText as reportText } from '../../../src/mcp/import-text.ts';
import { importText } from '../../helpers/import.ts';

const NEXT = { afterDryRun: [], afterImport: [] };
const SALES = 120_000;

/** Orders of which so many are cancelled, and five have no day. */
function ordersWith(cancelled: number): string {
  const rows = Array.from({ length: SALES + cancelled }, (_, i) => {
    const day = `2025-${String((i % 12) + 1).padStart(2, '0')}-15`;
    return `${i},c${i % 5000},${day},${(i % 90) + 10},${i < cancelled ? 'cancelled' : 'completed'}`;
  });
  const unreadable = Array.from({ length: 5 }, (_, i) => `x${i},c${i},,20,completed`);
  return ['order_id,customer_id,order_date,total_amount,status', ...rows, ...unreadable].join('\n');
}

describe('the rejects file', () => {
  it('shows the first 100,000 rows of a reason and all of a rarer one, and the report says so', async () => {
    const { report, rejects } = await importText({ orders: ordersWith(MOST_REJECTED_ROWS + 1) });
    const lines = rejects.trim().split('\n').slice(1);
    const cancelled = lines.filter((line) => line.includes('no sale: cancelled'));
    expect(cancelled).toHaveLength(MOST_REJECTED_ROWS);
    expect(cancelled[0]).toMatch(/^orders\.csv,2,1,/);
    expect(cancelled.at(-1)).toMatch(
      new RegExp(`^orders\\.csv,${MOST_REJECTED_ROWS + 1},${MOST_REJECTED_ROWS},`),
    );
    expect(lines).toHaveLength(MOST_REJECTED_ROWS + 5);
    const [orders] = report.tables;
    expect(orders.rejected.map(({ count }) => count).sort((a, b) => b - a)).toEqual([
      MOST_REJECTED_ROWS + 1,
      5,
    ]);
    expect(reportText(report, NEXT)).toContain(
      'Rows that are not used, with reasons (the first 100,000 of each reason): ',
    );
  });

  it('shows every row of a reason that 100,000 rows have', async () => {
    const { report, rejects } = await importText({ orders: ordersWith(MOST_REJECTED_ROWS) });
    expect(rejects.trim().split('\n')).toHaveLength(1 + MOST_REJECTED_ROWS + 5);
    expect(reportText(report, NEXT)).toContain('Rows that are not used, with reasons: ');
  });
});
