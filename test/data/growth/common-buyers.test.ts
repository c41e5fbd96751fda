import { expect, it } from 'vitest';
import { openEngine } from '../../../src/data/duckdb/duckdb-engine.ts';
import { changeCommonBuyers, rememberBaskets } from '../../../src/data/growth/common-buyers.ts';
import { loadSql } from '../../../src/data/load-sql.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

/** 20,100 customers, of whom 20,000 are observed, with three of 300 products each, drawn by a hash. */
const SHOP = `
  create schema whole.interactive;
  create table whole.interactive.purchased_pairs as
  select distinct
    customer as customer_id, cast(hash(customer, line) % 300 as bigint) as product_id, 1 as total_orders,
    date '2024-01-01' as first_order_date, date '2024-01-01' as last_order_date
  from range(20100) as customers (customer), range(3) as lines (line)`;

/** Customers who lose all they bought, who buy something else, and who are new. */
const CHANGES = `
  delete from whole.interactive.purchased_pairs where customer_id % 71 = 0;
  update whole.interactive.purchased_pairs set product_id = product_id + 300
  where customer_id % 53 = 0 and product_id % 3 = 0;
  insert into whole.interactive.purchased_pairs
  select distinct
    30000 + customer, cast(hash(customer, line) % 310 as bigint), 1, date '2024-01-02', date '2024-01-02'
  from range(400) as customers (customer), range(4) as lines (line)`;

it('numbers of common buyers follow baskets that come, go and change, as the statement of the table counts them', async () => {
  const engine = await openEngine(':memory:', { readOnly: false, spillIn: await newTestHome() });
  const connection = await engine.connect();
  const build = async (table: 'observed_baskets' | 'common_buyers', name: string = table) =>
    await connection.run(
      `create or replace table interactive.${name} as ${loadSql(`portable/tables/${table}`)}`,
    );
  const countCustomers = () =>
    connection.run(`
      create or replace table interactive.recommendation_customers as
      select customer_id, count(*) as unique_products_bought from interactive.purchased_pairs group by customer_id`);
  const rowsOf = async (text: string) => (await connection.runAndReadAll(text)).getRowsJson();
  await connection.run(`attach ':memory:' as whole; ${SHOP}; use whole`);
  await countCustomers();
  await build('observed_baskets');
  await build('common_buyers');
  await rememberBaskets(connection);
  await connection.run(CHANGES);
  await countCustomers();
  await build('observed_baskets');
  await changeCommonBuyers(connection);
  await build('common_buyers', 'counted');
  const [one, other] = ['common_buyers', 'counted'].map((table) => `select * from interactive.${table}`);
  expect(await rowsOf(`(${one} except all ${other}) union all (${other} except all ${one})`)).toEqual([]);
  const changed = 'select count(*) > 1000 from changed_common_buyers';
  const left = `select count(*) > 100 from baskets_before where customer_id % 71 <> 0 and customer_id not in (select customer_id from interactive.observed_baskets)`;
  expect([await rowsOf(changed), await rowsOf(left)]).toEqual([[[true]], [[true]]]);
  connection.closeSync();
  engine.closeSync();
});
