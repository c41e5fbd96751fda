import { readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { importShop } from '../../../src/data/import/import-shop.ts';
import { refusal } from '../../helpers/import.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

/** A Parquet file of the rows that a query gives. */
async function parquetOf(query: string): Promise<string> {
  const file = join(await newTestHome(), 'orders.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`copy (${query}) to '${file}' (format parquet, row_group_size 2048)`);
  connection.closeSync();
  instance.closeSync();
  return file;
}

const ROWS = `
  select i as order_id, i % 100 as customer_id, date '2026-01-01' + cast(i % 50 as integer) as order_date,
    case when i = 7001 then -1.0 else 5.0 end as total_amount
  from range(1, 9001) numbers(i)`;

describe('a Parquet file', () => {
  it.each([
    ['of its own columns', ROWS, []],
    [
      'with a column named as the reader names its own',
      `select *, 'x' as File_Row_Number from (${ROWS})`,
      ['File_Row_Number'],
    ],
  ])('keeps the numbers of its rows: %s', async (_, query, unused) => {
    const home = await newTestHome();
    const report = await importShop({ orders: await parquetOf(query) }, { home });
    const [orders] = report.tables;
    expect(orders).toMatchObject({ rowsRead: 9000, rowsKept: 8999, ignoredColumns: unused });
    const rejects = readFileSync(report.rejectsFile ?? '', 'utf8')
      .trim()
      .split('\n');
    expect(rejects).toHaveLength(2);
    expect(rejects[1]).toContain('7001');
  });

  it('is added to earlier orders with its lines', async () => {
    const home = await newTestHome();
    const lines = 'select order_id as order_item_id, order_id, 3 as product_id, 5.0 as line_total';
    await importShop({ orders: await parquetOf(ROWS) }, { home });
    const { ledger } = await importShop(
      {
        orders: await parquetOf(`${ROWS} where i < 50`),
        orderItems: await parquetOf(`${lines} from (${ROWS}) where order_id < 50`),
        mode: 'append',
      },
      { home },
    );
    expect(ledger).toMatchObject({ orders: 8999, lines: 49 });
  });

  it('is refused if it changes while it is read', async () => {
    const orders = await parquetOf(ROWS);
    let seconds = 1_000_000;
    const touch = () => utimesSync(orders, seconds, ++seconds);
    const importing = importShop({ orders }, { home: await newTestHome(), onProgress: touch });
    expect(await refusal(importing)).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The file "orders.parquet" changed while it was read. Import it again when no other program writes to it."`,
    );
  });
});
