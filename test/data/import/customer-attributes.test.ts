import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDataHome } from '../../../src/data/data-home.ts';
import type { ImportRequest } from '../../../src/data/import/import-request.ts';
import { importShop } from '../../../src/data/import/import-shop.ts';
import { ledgerText } from '../../../src/mcp/ledger-text.ts';
import { fileWith, importText, refusal } from '../../helpers/import.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

const NOW = new Date('2026-11-26T12:00:00Z');

async function attributesOf(home: string): Promise<string[]> {
  await using provider = openDataHome(home);
  const data = await provider.current();
  const rows = await data.rows(
    {
      text: 'select customer_id, attribute, value from raw.customer_attributes order by customer_id, attribute',
      values: [],
    },
    z.object({ customer_id: z.coerce.string(), attribute: z.string(), value: z.string() }),
  );
  return rows.map(({ customer_id, attribute, value }) => `${customer_id} ${attribute}=${value}`);
}

async function importInto(home: string, orders: string, extra: Partial<ImportRequest>) {
  return importShop({ orders: await fileWith('o.csv', orders), ...extra }, { home, now: NOW });
}

describe('attributes of customers', () => {
  it('come from the latest order that has a value', async () => {
    const { home, report } = await importText(
      {
        orders: [
          'order_id,customer_id,order_date,total_amount,Country,Sales Channel',
          '1,7,2026-01-01,10,France,web',
          '2,7,2026-03-01,10,Belgium,N/A',
          '3,7,2026-02-01,10,Spain,shop',
          '4,8,2026-02-01,10,,',
          '5,9,2026-02-01,10,"  Côte\td’Ivoire ",web',
          '',
        ].join('\n'),
      },
      {},
      NOW,
    );
    expect(await attributesOf(home)).toEqual([
      '7 channel=shop',
      '7 country=Belgium',
      '9 channel=web',
      '9 country=Côte d’Ivoire',
    ]);
    expect(report.ledger.attributes).toEqual([
      { attribute: 'channel', customers: 2, distinct_values: 2, most_frequent: ['shop', 'web'] },
      { attribute: 'country', customers: 2, distinct_values: 2, most_frequent: ['Belgium', 'Côte d’Ivoire'] },
    ]);
    expect(ledgerText(report.ledger)).toMatch(
      /What customers can be filtered by.*\n {2}channel {2}2 customers {2}2 values: "shop", "web"\n/,
    );
  });

  it('ignore rows that do not count', async () => {
    const { home } = await importText(
      {
        orders: [
          'order_id,customer_id,order_date,total_amount,status,country',
          '1,7,2026-01-01,10,paid,France',
          '2,7,2026-03-01,10,cancelled,Belgium',
          '3,0,2026-03-01,10,paid,Spain',
          '',
        ].join('\n'),
      },
      { guests: ['0'] },
      NOW,
    );
    expect(await attributesOf(home)).toEqual(['7 country=France']);
  });

  it('come from any column that the user keeps, of lines and of the customers file, which wins over orders', async () => {
    const { home, report } = await importText(
      {
        orderItems: [
          'order_id,product_id,quantity,unit_price,customer_id,order_date,country,Price List',
          '1,P1,1,5,a,2026-01-01,France,old',
          '1,P2,1,5,a,2026-01-01,France,old',
          '2,P1,1,5,a,2026-02-01,France,new',
          '3,P1,1,5,b,2026-02-01,Spain,new',
          '',
        ].join('\n'),
        customers: 'customer_id,country,Plan,City\na,Italy,gold,Rome\nc,Malta,free,Gozo\n',
      },
      { keep: ['price_list', 'Plan', 'City'] },
      NOW,
    );
    expect(await attributesOf(home)).toEqual([
      'a city=Rome',
      'a country=Italy',
      'a plan=gold',
      'a price_list=new',
      'b country=Spain',
      'b price_list=new',
      'c city=Gozo',
      'c country=Malta',
      'c plan=free',
    ]);
    expect(report.tables.flatMap(({ ignoredColumns }) => ignoredColumns)).toEqual([]);
  });

  it('refuses to keep a column that no file has, and names those that are there', async () => {
    const orders = 'order_id,customer_id,order_date,total_amount,Region\n1,7,2026-01-01,10,north\n';
    expect(await refusal(importText({ orders }, { keep: ['Regions'] }, NOW))).toMatch(
      /No file has the column "Regions".*"Region"/,
    );
  });

  it('are the same from two parts as from one, whichever part is later', async () => {
    const header = 'order_id,customer_id,order_date,total_amount,country\n';
    const [early, late] = [
      '1,7,2026-01-01,10,France\n2,8,2026-01-01,10,Spain\n',
      '3,7,2026-02-01,10,Italy\n4,9,2026-02-01,10,Malta\n',
    ];
    const ofParts = async (first: string, second: string) => {
      const home = await newTestHome();
      await importInto(home, header + first, {});
      await importInto(home, header + second, { mode: 'append' });
      return attributesOf(home);
    };
    const expected = ['7 country=Italy', '8 country=Spain', '9 country=Malta'];
    expect(await ofParts(early, late)).toEqual(expected);
    expect(await ofParts(late, early)).toEqual(expected);
  });

  it('keep the values of a customers file when orders alone are imported', async () => {
    const home = await newTestHome();
    const orders = 'order_id,customer_id,order_date,total_amount\n1,7,2026-01-01,10\n';
    const customers = await fileWith('c.csv', 'customer_id,country,plan\n7,France,gold\n');
    await importInto(home, orders, { customers, keep: ['plan'] });
    await importInto(home, `${orders}2,7,2026-02-01,10\n`, {});
    expect(await attributesOf(home)).toEqual(['7 country=France', '7 plan=gold']);
  });
});
