import { describe, expect, it } from 'vitest';
import { importText, refusal } from '../../../helpers/import.ts';

const NOW = new Date('2026-11-26T12:00:00Z');

/** Twelve orders of four customers, 10.00 each, with one more column. */
function shopWith(header: string, words: readonly string[], more: (at: number) => string = () => ''): string {
  const rows = Array.from({ length: 12 }, (_, at) => {
    const day = String(at + 1).padStart(2, '0');
    return `${at + 1},C${at % 4},2026-01-${day},10.00,${words[at % words.length]}${more(at)}`;
  });
  return [`order_id,customer_id,order_date,total_amount,${header}`, ...rows].join('\n');
}

async function ledgerOf(orders: string, extra: Parameters<typeof importText>[1] = {}) {
  const { report } = await importText({ orders }, { dryRun: true, ...extra }, NOW);
  return report;
}

describe('a column of statuses whose name says nothing', () => {
  it.each([
    ['Verlauf', ['bezahlt', 'storniert', 'bezahlt', 'erstattet', 'versendet', 'bezahlt']],
    ['what', ['purchase', 'view', 'purchase', 'cart', 'purchase', 'purchase']],
  ])('is read: %s', async (header, words) => {
    const { ledger, notes } = await ledgerOf(shopWith(header, words));
    expect(ledger).toMatchObject({ orders: 8, revenue: '80.0000' });
    expect(ledger.statuses[0]?.column).toBe(header);
    expect(notes.join(' ')).toContain(`"${header}" was read as the status of orders`);
  });

  it('is read although all orders of a customer are no sales, for several reasons', async () => {
    const text = shopWith('x', ['paid', 'voided', 'paid', 'paid', 'paid', 'refunded', 'paid', 'paid']);
    expect((await ledgerOf(text)).ledger.orders).toBe(9);
  });

  it('is read in a file of order lines', async () => {
    const lines = [
      'order_id,customer_id,order_date,product_id,quantity,unit_price,col7',
      ...Array.from(
        { length: 12 },
        (_, at) =>
          `${at + 1},C${at % 4},2026-01-1${at % 10},P${at % 3},2,5.00,${at % 4 === at % 3 ? 'cancelled' : 'paid'}`,
      ),
    ].join('\n');
    const { report } = await importText({ orderItems: lines }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 9, revenue: '90.0000' });
  });

  it('is read to its end, although its first rows say nothing', async () => {
    const rows = Array.from({ length: 25_000 }, (_, at) => {
      const day = new Date(Date.UTC(2020, 0, 1) + Math.floor(at / 20) * 86_400_000)
        .toISOString()
        .slice(0, 10);
      return `${at},C${at % 300},${day},1.00,${at > 24_000 && at % 2 === 0 ? 'cancelled' : 'paid'}`;
    });
    const { ledger } = await ledgerOf(['order_id,customer_id,order_date,total_amount,x', ...rows].join('\n'));
    expect(ledger.orders).toBe(24_501);
  });

  it('counts if the column with the name of a status says nothing', async () => {
    const text = shopWith('status,col7', ['fulfilled,paid', 'unfulfilled,refunded', 'fulfilled,paid']);
    const { ledger } = await ledgerOf(text);
    expect(ledger).toMatchObject({ orders: 8 });
  });

  it('is named if another column is read that says which orders count', async () => {
    const text = shopWith('status,col7', ['paid,delivered', 'cancelled,returned', 'paid,returned']);
    const { ledger } = await ledgerOf(text);
    expect(ledger).toMatchObject({ orders: 8 });
    expect(ledger.helpful_columns).toContainEqual({
      column: 'col7',
      flag: '--map orders.payment_status=col7',
    });
  });
});

describe('a column that says in a word of another language that an order was cancelled', () => {
  it('is read as a flag', async () => {
    const { ledger } = await ledgerOf(shopWith('Storniert', ['nein', 'ja', 'nein']));
    expect(ledger.orders).toBe(8);
    expect((await ledgerOf(shopWith('cancelled', ['0.00', '10.00', '0']))).ledger.orders).toBe(8);
  });
});

describe('a column that says how far the delivery is', () => {
  it('does not make an order unsold that waits for it', async () => {
    const { ledger } = await ledgerOf(shopWith('fulfillment_status', ['fulfilled', 'pending', 'cancelled']));
    expect(ledger.orders).toBe(8);
  });
});

describe('a column that may be the status', () => {
  it('is asked for if its words are only of orders that do not count', async () => {
    const text = shopWith('Vermerk', ['', 'storniert', '', '']);
    expect(await refusal(ledgerOf(text))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The column "Vermerk" of the orders file may say which orders count: "storniert" is in 3 rows. No column was recognised as the status. If it is the status, add --map orders.order_status=Vermerk. If every order counts, add --map orders.order_status=none."`,
    );
    expect((await ledgerOf(text, { map: { order_status: 'Vermerk' } })).ledger.orders).toBe(9);
    expect((await ledgerOf(text, { map: { order_status: 'none' } })).ledger.orders).toBe(12);
  });

  it('is asked for if there are two', async () => {
    const text = shopWith('a,b', ['paid,delivered', 'refunded,returned', 'paid,cancelled']);
    expect(await refusal(ledgerOf(text))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: In the orders file both "a" and "b" may say which orders count. Name the status, and the status of the payment if there is one: --map orders.order_status=a --map orders.payment_status=b. If every order counts, add --map orders.order_status=none."`,
    );
    const map = { order_status: 'b', payment_status: 'a' };
    expect((await ledgerOf(text, { map })).ledger.orders).toBe(4);
  });

  it('is asked for if it may be the customer’s own', async () => {
    const text = shopWith('x', ['paid', 'paid', 'paid', 'cancelled']);
    expect(await refusal(ledgerOf(text))).toContain('may say which orders count');
  });

  it('is the one that has the words of --sales-status', async () => {
    const text = shopWith('x', ['gut', 'schlecht', 'storniert']);
    expect((await ledgerOf(text, { salesStatuses: ['gut'], map: { order_status: 'x' } })).ledger.orders).toBe(
      4,
    );
    const asked = shopWith('x', ['open', 'cancelled', 'closed']);
    expect((await ledgerOf(asked, { salesStatuses: ['closed'] })).ledger.orders).toBe(4);
    expect((await ledgerOf(asked, { salesStatuses: ['all'] })).ledger.orders).toBe(12);
  });
});

describe('a column that only looks like a status', () => {
  it('changes nothing', async () => {
    const text = shopWith('newsletter_state,payment_method', ['active,credit card', 'cancelled,paypal']);
    const { ledger } = await ledgerOf(text);
    expect(ledger).toMatchObject({ orders: 12, statuses: [] });
  });

  it('changes nothing if it is that of the customers', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, at) => `${at},C${at % 10},2026-01-1${at % 9},10.00,${at % 10 < 6 ? 'paid' : 'expired'}`,
    );
    const { ledger } = await ledgerOf(['order_id,customer_id,order_date,total_amount,x', ...rows].join('\n'));
    expect(ledger.orders).toBe(40);
    expect(ledger.helpful_columns).toEqual([{ column: 'x', flag: '--map orders.order_status=x' }]);
  });

  it('changes nothing if it is that of the products', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, at) => `${at},C${at % 7},2026-01-1${at % 9},P${at % 10},1,10.00,${at % 10 < 6 ? 'sold' : 'draft'}`,
    );
    const { ledger } = await ledgerOf(
      ['order_id,customer_id,order_date,product_id,quantity,unit_price,x', ...rows].join('\n'),
    );
    expect(ledger.orders).toBe(40);
  });

  it('is named if some of its words are known', async () => {
    const { ledger } = await ledgerOf(shopWith('note', ['call first', 'gift', 'cancelled']));
    expect(ledger.helpful_columns).toEqual([{ column: 'note', flag: '--map orders.order_status=note' }]);
  });
});
