import { describe, expect, it } from 'vitest';
import type { SnowflakeTables } from '../../src/snowflake/snowflake-config.ts';
import { inSnowflake, localFile } from '../../src/snowflake/statement-text.ts';

const tables: SnowflakeTables = {
  customers: undefined,
  orders: ['SHOP', 'PUBLIC', 'SALES "2024"'],
  order_items: ['SHOP', 'RAW', 'ORDER_ITEMS'],
  product_catalog: undefined,
};
const QUERY_ID = '01b2c3d4-0000-1111-0000-00000000abcd';

function textOf(sql: string, asSeenBy?: string) {
  return inSnowflake(sql, { tables, asSeenBy, counted: undefined }).text;
}

describe('the text of a statement for Snowflake', () => {
  it('reads the configured tables as of a moment', () => {
    expect(textOf('select * from raw.orders')).toBe('select * from "SHOP"."PUBLIC"."SALES ""2024"""');
    expect(textOf('from RAW . Order_Items o', QUERY_ID)).toBe(
      `from "SHOP"."RAW"."ORDER_ITEMS" at (statement => '${QUERY_ID}') o`,
    );
  });

  it('defines the serving tables that it reads, and reports which', () => {
    const { text, servingTables } = inSnowflake(
      'select * from interactive.churn_features join interactive.purchased_pairs on 1 = 1',
      { tables, asSeenBy: undefined, counted: undefined },
    );
    expect(text).toBe('select * from churn_mcp_churn_features join churn_mcp_purchased_pairs on 1 = 1');
    expect(servingTables).toEqual(['churn_features', 'purchased_pairs']);
  });

  it('reads an empty relation if the shop has no such table', () => {
    expect(textOf('select * from raw.customers')).toMatchInlineSnapshot(
      `"select * from (select null as customer_id, cast(null as varchar) as first_name, cast(null as varchar) as last_name, cast(null as varchar) as email, cast(null as varchar) as phone, cast(null as varchar) as address, cast(null as varchar) as city, cast(null as varchar) as state, cast(null as varchar) as zip_code, cast(null as date) as registration_date, cast(null as varchar) as customer_segment where 1 = 0)"`,
    );
  });

  it.each([
    "select 'raw.orders'",
    "select 'it''s raw.orders'",
    'select "raw.orders"',
    '-- raw.orders\nselect 1',
    '/* raw.orders\n interactive.churn_features */ select 1',
    'select draw.orders, x.raw.orders, $raw.orders',
  ])('leaves %j as it is', (sql) => {
    expect(textOf(sql)).toBe(sql);
  });

  it.each(['select * from raw.invoices', 'select * from interactive.invoices'])(
    'refuses %j, which is not a table of the shop',
    (sql) => {
      expect(() => textOf(sql)).toThrow(/^"invoices" is no /);
    },
  );

  it('accepts only a statement id as the moment', () => {
    expect(() => textOf('select * from raw.orders', "') or 1=1")).toThrow(
      'Snowflake gave a statement no id.',
    );
  });
});

describe('a file of this machine', () => {
  it.each([
    ['C:\\Users\\Ada\\it’s\\', '\\', "'file://C:/Users/Ada/it’s/'"],
    ["/home/ada/it's/", '/', "'file:///home/ada/it''s/'"],
  ])('has slashes for PUT and GET on every system: %s', (path, separator, text) => {
    expect(localFile(path, separator)).toBe(text);
  });
});
