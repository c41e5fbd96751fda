import { describe, expect, it } from 'vitest';
import { openEngine, withConnection } from '../../../../src/data/duckdb/duckdb-engine.ts';
import { quoteLiteral } from '../../../../src/data/duckdb/sql-quoting.ts';
import { importShop } from '../../../../src/data/import/import-shop.ts';
import { fileWith } from '../../../helpers/import.ts';
import { newTestHome } from '../../../helpers/snapshot.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const HEAD = 'order_id,customer_id,order_date,total_amount,status\n';
const FILLED = Array.from({ length: 20 }, (_, i) => `f${i},x${i % 6},2026-03-${10 + i},10,paid`).join('\n');

/** Orders and revenue of files that are imported together, besides 20 orders of 200 in all. */
async function importFiles(...texts: readonly string[]) {
  const orders = await Promise.all(
    texts.map((text, at) =>
      fileWith(`month-${at + 1}.csv`, `${HEAD}${at === 0 ? `${FILLED}\n` : ''}${text}`),
    ),
  );
  const { ledger } = await importShop({ orders }, { home: await newTestHome(), now: NOW });
  return { orders: ledger.orders - 20, revenue: Number(ledger.revenue) - 200 };
}

async function asParquet(csv: string): Promise<string> {
  const file = csv.replace(/csv$/, 'parquet');
  const instance = await openEngine(':memory:', { readOnly: false, spillIn: await newTestHome() });
  await withConnection(instance, undefined, (connection) =>
    connection.run(`copy (from read_csv(${quoteLiteral(csv)})) to ${quoteLiteral(file)} (format parquet)`),
  );
  instance.closeSync();
  return file;
}

describe('an order that a later file of the same import holds again', () => {
  it.each(['cancelled', 'refunded', 'chargeback'])('is no sale if it is %s there', async (status) => {
    const counted = await importFiles(
      '1,a,2026-01-05,100,paid\n2,b,2026-01-06,50,paid',
      `1,a,2026-01-05,100,${status}\n3,a,2026-02-01,30,paid`,
    );
    expect(counted).toEqual({ orders: 2, revenue: 80 });
  });

  it('is a sale if it was cancelled or failed before and is paid there', async () => {
    expect(await importFiles('1,a,2026-01-05,100,failed', '1,a,2026-01-05,100,paid')).toEqual({
      orders: 1,
      revenue: 100,
    });
  });

  it('is a sale if its rows within one file are of both kinds, such as a payment that failed first', async () => {
    expect(
      await importFiles('1,a,2026-01-05,100,failed\n1,a,2026-01-05,100,paid', '2,b,2026-02-01,5,paid'),
    ).toEqual({
      orders: 2,
      revenue: 105,
    });
  });

  it('is another order if another customer, or the same one months later, used its number', async () => {
    expect(
      await importFiles(
        '1,a,2026-01-05,100,paid\n2,b,2026-01-06,50,paid',
        '1,c,2026-02-05,70,cancelled\n2,b,2026-06-06,50,cancelled',
      ),
    ).toEqual({ orders: 2, revenue: 150 });
  });

  it.each(['csv', 'parquet'])(
    'counts the lines that are not cancelled there, in files of lines as %s',
    async (format) => {
      const head = 'order_item_id,order_id,customer_id,order_date,product_id,quantity,unit_price,status\n';
      const filled = Array.from(
        { length: 20 },
        (_, i) => `${i},f${i},x${i % 6},2026-03-${10 + i},p${i % 4},1,10,paid`,
      ).join('\n');
      const texts = [
        `${filled}\na,1,a,2026-01-05,p1,1,60,paid\nb,1,a,2026-01-05,p2,1,40,paid\nc,2,b,2026-01-06,p1,1,60,paid\nd,2,b,2026-01-06,p2,1,5,paid`,
        'a,1,a,2026-01-05,p1,1,60,cancelled\nb,1,a,2026-01-05,p2,1,40,cancelled\nc,2,b,2026-01-06,p1,1,60,cancelled\nd,2,b,2026-01-06,p2,1,5,paid',
      ];
      const files = await Promise.all(texts.map((text, at) => fileWith(`lines-${at}.csv`, head + text)));
      const orderItems = format === 'csv' ? files : await Promise.all(files.map(asParquet));
      const { ledger } = await importShop({ orderItems }, { home: await newTestHome(), now: NOW });
      expect([ledger.orders - 20, Number(ledger.revenue) - 200]).toEqual([1, 5]);
    },
  );
});
