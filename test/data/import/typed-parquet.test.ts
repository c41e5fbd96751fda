import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDataHome } from '../../../src/data/data-home.ts';
import { importShop } from '../../../src/data/import/import-shop.ts';
import { SERVING_TABLES } from '../../../src/data/serving-tables.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

/** One shop: what can be wrong with a typed value is in its first 54 orders and their lines. */
const shopFrom = (firstOrder: number) => ({
  orders: `
    select
      case when i = 30 then 'C30' when i = 31 then ' 31 ' when i = 32 then null else i::varchar end as order_id,
      case when i = 33 then null when i = 34 then -7 else i % 40 end as customer_id,
      case i
        when 35 then null when 36 then timestamp '1850-01-01' when 37 then timestamp '2999-01-01'
        when 38 then timestamp 'infinity' when 39 then timestamp '12345-01-01'
        else timestamp '2025-01-01 10:00:00.25' + to_hours(i)
      end as order_date,
      case when i % 3 = 0 then 'Sh' || chr(8238) || 'ipped ' when i % 3 = 1 then ' Done' end as order_status,
      case i
        when 40 then null when 41 then -1.5 when 42 then 'nan' when 43 then 'inf' when 44 then 1e300
        when 45 then 1.00005 when 46 then 123456789012.12345 when 47 then 1e-7 when 48 then -0.0 when 49 then 1e12
        when 50 then 0.1::double + 0.2
        else i * 1.01
      end::double as total_amount,
      (case when i % 7 = 0 then 1000.5 else i % 7 end)::decimal(9, 3) as discount_percent,
      (i % 5)::smallint as shipping_cost
    from range(${firstOrder}, 301) numbers(i)`,
  order_items: `
    select
      case when i = 20 then null when i = 21 then 20 else i end as order_item_id,
      case when i = 22 then '9999' else (i // 3 + 1)::varchar end as order_id,
      case when i = 23 then null when i = 24 then -5 else i % 9 end as product_id,
      case when i = 23 then 'Bell ' else 'Lamp ' || (i % 9) end as product_name,
      case when i % 2 = 0 then 'Home' || chr(7) || 'Light' end as product_category,
      case i when 25 then 0 when 26 then -2 when 27 then null else 1 + i % 4 end::integer as quantity,
      case i when 28 then null when 29 then -3 when 50 then 1e13 else i / 4 end::decimal(16, 2) as unit_price,
      case when i % 5 = 0 then null when i = 51 then 'nan'::double else i / 3 end::double as line_total
    from range(3 * (${firstOrder} - 1), 801) numbers(i)`,
  customers: `
    select
      i as customer_id, ' Ann ' || i as first_name, 'a@example.com' as email,
      case when i = 3 then null when i = 4 then date 'infinity' else date '2024-01-31' + i::integer end as registration_date
    from range(0, 45) numbers(i)`,
  product_catalog: `
    select
      i as product_id, 'Lamp ' || i as product_name,
      case i when 2 then -1 when 3 then 'nan'::double when 4 then null else i * 1.25 end::double as price,
      case when i = 5 then 70000 else i end::bigint as stock_quantity
    from range(0, 12) numbers(i)`,
});

const FILES = {
  orders: 'orders',
  orderItems: 'order_items',
  customers: 'customers',
  products: 'product_catalog',
} as const;

/** What a snapshot holds, table by table in the order of its rows, and what its import says. */
async function importedFrom(
  form: 'csv' | 'text parquet' | 'typed parquet',
  rows: 'all' | 'usable',
  mostStoredLines?: number,
) {
  const folder = await newTestHome();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const ending = form === 'csv' ? 'csv' : 'parquet';
  const queries = shopFrom(rows === 'all' ? 1 : 55);
  for (const [table, query] of Object.entries(queries)) {
    const columns = form === 'typed parquet' ? '*' : 'columns(*)::varchar';
    const options = ending === 'csv' ? 'format csv, header' : 'format parquet, row_group_size 2048';
    const file = join(folder, `${table}.${ending}`);
    await connection.run(`copy (select ${columns} from (${query})) to '${file}' (${options})`);
  }
  connection.closeSync();
  instance.closeSync();
  const home = await newTestHome();
  const request = Object.fromEntries(
    Object.entries(FILES).map(([file, table]) => [file, join(folder, `${table}.${ending}`)]),
  );
  const report = await importShop(
    { ...request, accept: ['unusable-rows', 'unmatched-lines'] },
    { home, mostStoredLines },
  );
  await using provider = openDataHome(home);
  const data = await provider.current();
  const anyRow = z.record(z.string(), z.unknown());
  const names = [
    ...Object.keys(queries).map((table) => `raw.${table}`),
    ...SERVING_TABLES.map(({ table }) => `interactive.${table}`),
  ];
  const tables: Record<string, unknown> = {};
  for (const name of names) {
    tables[name] = await data.rows({ text: `select * from ${name} order by rowid`, values: [] }, anyRow);
  }
  const { tables: told, notes, summary, rejectsFile } = report;
  // A CSV file has lines and a name of its own; what stands in the rows is the same.
  const rejects = rejectsFile === undefined ? '' : readFileSync(rejectsFile, 'utf8');
  return { tables, told, notes, summary, rejects: rejects.replace(/^(\w+)\.(csv|parquet),\d*,/gm, '$1,') };
}

describe('one shop as CSV, as Parquet of texts and as typed Parquet', () => {
  // Few lines are stored once they are checked, and more are read again: both are the same shop.
  it.each(['all', 'usable'] as const)(
    'gives the same snapshot: %s rows, whether lines are stored or read again',
    async (rows) => {
      const fromCsv = await importedFrom('csv', rows);
      const reasons = fromCsv.told.flatMap(({ rejected }) => rejected.map(({ reason }) => reason));
      if (rows === 'all') expect(new Set(reasons).size).toBeGreaterThan(12);
      expect(fromCsv.summary.orders).toBeGreaterThan(200);
      expect(await importedFrom('text parquet', rows, 0)).toEqual(fromCsv);
      expect(await importedFrom('typed parquet', rows, 0)).toEqual(fromCsv);
    },
  );
});
