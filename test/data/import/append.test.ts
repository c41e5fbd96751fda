import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDataHome } from '../../../src/data/data-home.ts';
import type { ImportRequest } from '../../../src/data/import/import-request.ts';
import { importShop } from '../../../src/data/import/import-shop.ts';
import { fileWith, refusal } from '../../helpers/import.ts';
import { type Draw, drawFrom } from '../../helpers/random-shop.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const ORDERS = 'order_id,customer_id,order_date,total_amount,status\n';
/** Set FIRST_SPLIT to try other histories. */
const PROPERTY_SEED = Number(process.env.FIRST_SPLIT ?? 1);
const LINES = 'order_id,product_id,product_name,quantity,unit_price\n';

type Texts = Partial<Record<'orders' | 'orderItems' | 'products' | 'customers', string>>;

async function importInto(
  home: string,
  texts: Texts,
  extra: Pick<ImportRequest, 'mode' | 'rates' | 'currency' | 'accept'> = {},
) {
  const request: Record<string, string> = {};
  for (const [kind, text] of Object.entries(texts)) request[kind] = await fileWith(`${kind}.csv`, text);
  return importShop({ ...request, ...extra }, { home, now: NOW });
}

async function totalsOf(home: string): Promise<Record<string, number>> {
  await using provider = openDataHome(home);
  const data = await provider.current();
  const rows = await data.rows(
    { text: 'select order_id, total_amount from raw.orders order by order_id', values: [] },
    z.object({ order_id: z.string(), total_amount: z.number() }),
  );
  return Object.fromEntries(rows.map(({ order_id, total_amount }) => [order_id, total_amount]));
}

/** Orders as rows of a file, some of which use the number of another order: by another customer, or 40 days later. */
function randomHistory(draw: Draw, isOfLines: boolean): readonly (readonly string[])[] {
  const day = (at: number) => new Date(Date.UTC(2025, 0, 1) + at * 86_400_000).toISOString().slice(0, 10);
  const row = (id: string, customer: string, at: number) => {
    const lines = isOfLines ? draw.number(1, 3) : 1;
    return Array.from({ length: lines }, (_, line) =>
      isOfLines
        ? `${id},${customer},${day(at)},P${line},${draw.number(1, 4)},${draw.number(1, 99)}.5`
        : `${id},${customer},${day(at)},${draw.number(1, 999)}.25,paid`,
    );
  };
  return Array.from({ length: 25 }, (_, at) => {
    const [id, customer, first] = [String(at + 100), `c${draw.number(1, 6)}`, draw.number(0, 100)];
    const uses = [row(id, customer, first)];
    if (draw.chance(0.3)) uses.push(row(id, `d${draw.number(1, 3)}`, first + draw.number(1, 200)));
    if (draw.chance(0.3)) uses.push(row(id, customer, first + draw.number(31, 200)));
    return uses;
  }).flat();
}

describe('an import into a home that holds a shop', () => {
  const full: Texts = {
    orders: `${ORDERS}1,a,2026-01-01,10,paid\n2,b,2026-01-02,20,paid\n`,
    orderItems: `${LINES}1,P1,Pen,1,10\n2,P2,Cup,2,10\n`,
    products: 'product_id,product_name,product_category\nP1,Pen,desk\nP2,Cup,kitchen\n',
    customers: 'customer_id,first_name\na,Anna\nb,Bo\n',
  };

  it('keeps lines, products and customers when orders alone are imported, and says so', async () => {
    const home = await newTestHome();
    await importInto(home, full);
    const { summary, notes } = await importInto(home, {
      orders: `${ORDERS}1,a,2026-01-01,10,paid\n2,b,2026-01-02,20,paid\n3,a,2026-02-01,5,paid\n`,
    });
    expect(summary).toMatchObject({ orders: 3, orderItems: 2, products: 2, hasCatalog: true });
    expect(notes).toContain(
      'Kept from the previous data: 2 order lines, 2 customers, 2 products. To start anew: --replace.',
    );
  });

  it('reports the lines that are not used when as many earlier lines stay', async () => {
    const home = await newTestHome();
    await importInto(home, full);
    const { tables } = await importInto(
      home,
      {
        orders: `${ORDERS}3,a,2026-02-01,5,paid\n4,b,2026-02-02,6,cancelled\n`,
        orderItems: `${LINES}3,P1,Pen,1,5\n4,P2,Cup,1,2\n4,P1,Pen,1,4\n`,
      },
      { mode: 'append' },
    );
    const lines = tables.find(({ table }) => table === 'order_items');
    expect(lines?.rejected).toEqual([
      { reason: 'order left out: no sale: cancelled', count: 2, isUnderstood: true },
    ]);
  });

  it('counts no earlier line among the lines of the files', async () => {
    const home = await newTestHome();
    await importInto(home, {
      ...full,
      orderItems: `${full.orderItems}1,POST,Postage,1,3\n2,POST,Postage,1,3\n`,
    });
    const { tables, ledger } = await importInto(
      home,
      {
        orders: `${ORDERS}3,a,2026-02-01,5,paid\n`,
        orderItems: `order_item_id,${LINES}7,3,P1,Pen,1,5\n7,3,P1,Pen,1,5\n8,3,POST,Postage,1,3\n`,
      },
      { mode: 'append' },
    );
    const lines = tables.find(({ table }) => table === 'order_items');
    expect(lines).toMatchObject({ rowsRead: 3, rowsKept: 2, merged: 1, rejected: [] });
    expect(ledger).toMatchObject({ orders: 3, lines: 3 });
  });

  it('removes the lines of an order that is gone or now belongs to another customer', async () => {
    const home = await newTestHome();
    await importInto(home, full);
    const { summary } = await importInto(home, {
      orders: `${ORDERS}1,c,2026-01-01,10,paid\n2,b,2026-01-02,20,paid\n`,
    });
    expect(summary).toMatchObject({ orders: 2, orderItems: 1 });
  });

  it('keeps nothing if the new orders are of another shop, or with --replace', async () => {
    const home = await newTestHome();
    await importInto(home, full);
    const replaced = await importInto(home, { orders: full.orders ?? '' }, { mode: 'replace' });
    expect(replaced.summary).toMatchObject({ orders: 2, orderItems: 0, hasCatalog: false });
    await importInto(home, full);
    const other = await importInto(home, { orders: `${ORDERS}77,z,2026-01-01,10,paid\n` });
    expect(other.summary).toMatchObject({ orders: 1, orderItems: 0, hasCatalog: false });
    expect(other.notes.join(' ')).toMatch(/none of the previous data is kept/);
  });

  it('appends the rows that are new, replaces an order that was corrected and removes one that was cancelled', async () => {
    const home = await newTestHome();
    await importInto(home, full);
    const { ledger, summary } = await importInto(
      home,
      { orders: `${ORDERS}2,b,2026-01-02,25,paid\n1,a,2026-01-01,10,cancelled\n3,a,2026-02-01,5,paid\n` },
      { mode: 'append' },
    );
    expect(await totalsOf(home)).toEqual({ 2: 25, 3: 5 });
    expect(ledger).toMatchObject({ orders: 2, customers: 2, lines: 1 });
    expect(summary.products).toBe(2);
  });

  it('subtracts a refund from an order that was imported before, and only once if it is imported again', async () => {
    const home = await newTestHome();
    await importInto(home, full);
    const refund = { orders: `${ORDERS}R9,b,2026-03-01,-7.5,paid\n3,a,2026-02-01,5,paid\n` };
    await importInto(home, refund, { mode: 'append' });
    await importInto(home, refund, { mode: 'append' });
    expect(await totalsOf(home)).toEqual({ 1: 10, 2: 12.5, 3: 5 });
    await importInto(home, { orders: `${ORDERS}2,b,2026-01-02,30,paid\n` }, { mode: 'append' });
    expect(await totalsOf(home)).toEqual({ 1: 10, 2: 22.5, 3: 5 });
  });

  it('gives the same shop in two parts as in one', async () => {
    const rows = Array.from({ length: 40 }, (_, at) => {
      const day = String(1 + (at % 28)).padStart(2, '0');
      return `${at},c${at % 7},2026-0${1 + Math.floor(at / 28)}-${day},${at}.5,paid`;
    });
    const [whole, parts] = [await newTestHome(), await newTestHome()];
    const text = (part: readonly string[]) => ({ orders: `${ORDERS}${part.join('\n')}\n` });
    const one = await importInto(whole, text(rows));
    await importInto(parts, text(rows.slice(0, 25)));
    const two = await importInto(parts, text(rows.slice(20)), { mode: 'append' });
    expect(two.summary.fingerprint).toBe(one.summary.fingerprint);
  });

  it('takes a number that another customer used, or the same one months ago, for another order', async () => {
    const home = await newTestHome();
    await importInto(home, full);
    const { ledger, notes } = await importInto(
      home,
      {
        orders: `${ORDERS}1,c,2026-03-01,7,paid\n2,b,2026-06-02,8,paid\n`,
        orderItems: `${LINES}1,P1,Pen,1,7\n`,
      },
      { mode: 'append' },
    );
    expect(await totalsOf(home)).toEqual({ 1: 10, '1 (2026-03-01)': 7, 2: 20, '2 (2026-06-02)': 8 });
    expect(ledger).toMatchObject({ orders: 4, customers: 3, lines: 3 });
    expect(ledger.appended).toEqual({
      new_orders: 2,
      equal_orders: 0,
      corrected_orders: 0,
      removed_orders: 0,
    });
    expect(notes.join(' ')).toMatch(/2 order numbers are used again/);
    // The use that is added now is the earliest, so it keeps the number.
    await importInto(home, { orders: `${ORDERS}1,d,2025-06-01,3,paid\n` }, { mode: 'append' });
    expect(await totalsOf(home)).toMatchObject({ 1: 3, '1 (2026-01-01)': 10, '1 (2026-03-01)': 7 });
  });

  it('says how many orders are new, equal, corrected and removed, and a cancelled one takes only its own use away', async () => {
    const home = await newTestHome();
    await importInto(home, {
      orders: `${ORDERS}1,a,2026-01-01,10,paid\n1,b,2026-03-01,20,paid\n2,b,2026-01-05,5,paid\n3,b,2026-01-06,6,paid\n`,
    });
    const { ledger } = await importInto(
      home,
      {
        orders: `${ORDERS}1,a,2026-01-02,10,cancelled\n2,b,2026-01-05,5,paid\n3,b,2026-01-06,6.5,paid\n4,c,2026-04-01,1,paid\n`,
      },
      { mode: 'append' },
    );
    expect(ledger.appended).toEqual({
      new_orders: 1,
      equal_orders: 1,
      corrected_orders: 1,
      removed_orders: 1,
    });
    expect(await totalsOf(home)).toEqual({ 1: 20, 2: 5, 3: 6.5, 4: 1 });
  });

  it('knows the persons of earlier customers again, and asks for the customers if it does not', async () => {
    const home = await newTestHome();
    const olist = (ids: readonly string[]) =>
      `customer_id,customer_unique_id\n${ids.map((id) => `order-${id},person-${id[0]}`).join('\n')}\n`;
    const orders = (ids: readonly string[]) =>
      `${ORDERS}${ids.map((id, at) => `${id},order-${id},2026-01-${10 + at},5,paid`).join('\n')}\n`;
    const customersOf = async () => {
      await using provider = openDataHome(home);
      const rows = await (await provider.current()).rows(
        { text: 'select distinct customer_id from raw.orders order by customer_id', values: [] },
        z.object({ customer_id: z.string() }),
      );
      return rows.map(({ customer_id }) => customer_id);
    };
    await importInto(home, {
      orders: orders(['a1', 'a2', 'b1']),
      customers: olist(['a1', 'a2', 'b1', 'b2']),
    });
    expect(await customersOf()).toEqual(['person-a', 'person-b']);
    // The same orders again, and one by an id that the earlier file explains.
    const { ledger } = await importInto(
      home,
      { orders: orders(['a1', 'a2', 'b1', 'b2']) },
      { mode: 'append' },
    );
    expect(ledger.appended).toMatchObject({ new_orders: 1, equal_orders: 3 });
    expect(await customersOf()).toEqual(['person-a', 'person-b']);
    await expect(
      importInto(home, { orders: orders(['b3', 'c1']) }, { mode: 'append' }),
    ).rejects.toMatchObject({ code: 'IMPORT_REFUSED', hint: expect.stringContaining('--customers FILE') });
    await importInto(
      home,
      { orders: orders(['b3', 'c1']), customers: olist(['b3', 'c1']) },
      { mode: 'append' },
    );
    expect(await customersOf()).toEqual(['person-a', 'person-b', 'person-c']);
  });

  it('refuses an order that another customer had on the same day', async () => {
    const home = await newTestHome();
    await importInto(home, full);
    await expect(
      importInto(home, { orders: `${ORDERS}1,z,2026-01-01,10,paid\n` }, { mode: 'append' }),
    ).rejects.toThrow(/orders of more than one customer on one day: "1"/);
  });

  it('subtracts a refund from the order it names, although that was imported before', async () => {
    const home = await newTestHome();
    await importInto(home, { orders: `${ORDERS}7,a,2026-01-01,10,paid\n8,a,2026-01-02,10,paid\n` });
    await importInto(home, { orders: `${ORDERS}C7,a,2026-02-01,-4,paid\n` }, { mode: 'append' });
    expect(await totalsOf(home)).toEqual({ 7: 6, 8: 10 });
  });

  it.each(Array.from({ length: 4 }, (_, at) => PROPERTY_SEED + at))(
    'gives in random parts what one import of all gives (seed %i)',
    async (seed) => {
      const draw = drawFrom(seed);
      const isOfLines = draw.chance(0.5);
      const history = randomHistory(draw, isOfLines);
      const header = isOfLines ? 'order_id,customer_id,order_date,product_id,quantity,unit_price\n' : ORDERS;
      const textsOf = (orders: readonly (readonly string[])[]) => ({
        [isOfLines ? 'orderItems' : 'orders']: `${header}${orders.flat().join('\n')}\n`,
      });
      const [whole, parts] = [await newTestHome(), await newTestHome()];
      const one = await importInto(whole, textsOf(history));
      const count = draw.number(2, 3);
      const pile = history.map((order) => ({ order, part: draw.number(1, count) }));
      let last = one;
      let counted = 0;
      for (let part = 1; part <= count; part++) {
        const again = pile.filter((one) => one.part === part || (one.part < part && draw.chance(0.2)));
        if (again.length === 0) continue;
        last = await importInto(parts, textsOf(again.map(({ order }) => order)), { mode: 'append' });
        counted += last.ledger.appended?.new_orders ?? last.ledger.orders;
        expect(last.ledger.appended?.corrected_orders ?? 0).toBe(0);
      }
      expect(await totalsOf(parts)).toEqual(await totalsOf(whole));
      expect(last.summary.fingerprint).toBe(one.summary.fingerprint);
      expect(last.ledger.revenue).toBe(one.ledger.revenue);
      expect(counted).toBe(one.ledger.orders);
    },
  );

  it('refuses added orders whose customers lost their leading zeros, or got some, unless that is accepted', async () => {
    const written = (ids: readonly string[], first: number) =>
      ORDERS + ids.map((id, i) => `${first + i},${id},2026-02-0${i + 1},10,paid\n`).join('');
    for (const [before, after] of [
      [
        ['007', '012', '113'],
        ['7', '12', '114'],
      ],
      [
        ['7', '12', '113'],
        ['007', '012', '114'],
      ],
    ]) {
      const home = await newTestHome();
      await importInto(home, { orders: written(before, 1) });
      const added = { orders: written(after, 11) };
      expect(await refusal(importInto(home, added, { mode: 'append' }))).toMatch(
        /^IMPORT_REFUSED: Leading zeros of 2 customer ids differ from the previous data: "0?0?\d+" in the files, "0?0?\d+" before\./,
      );
      const accepted = await importInto(home, added, { mode: 'append', accept: ['other-zeros'] });
      expect(accepted.tables).toBeDefined();
    }
    const home = await newTestHome();
    await importInto(home, { orders: written(['7', '12', '113'], 1) });
    await importInto(home, { orders: written(['7', '113', '0120'], 11) }, { mode: 'append' });
    expect(Object.keys(await totalsOf(home))).toHaveLength(6);
  });

  it('changes nothing in a dry run', async () => {
    const home = await newTestHome();
    await importInto(home, full);
    const before = await totalsOf(home);
    const orders = await fileWith('o.csv', `${ORDERS}9,z,2026-01-05,1,paid\n`);
    const { snapshotId, ledger } = await importShop(
      { orders, dryRun: true, mode: 'append' },
      { home, now: NOW },
    );
    expect(snapshotId).toBeUndefined();
    expect(ledger.orders).toBe(3);
    expect(await totalsOf(home)).toEqual(before);
  });
});

describe('orders that are added to those of another currency', () => {
  const inCurrency = (id: string, amount: string, currency: string) =>
    `order_id,customer_id,order_date,total_amount,currency\n${id},a,2026-01-0${id},${amount},${currency}\n`;

  it('are refused, and converted if the user gives the rate', async () => {
    const home = await newTestHome();
    await importInto(home, { orders: inCurrency('1', '10.00', 'EUR') });
    const dollars = { orders: inCurrency('2', '10.00', 'USD') };
    expect(await refusal(importInto(home, dollars, { mode: 'append' }))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The new orders are in USD, and those they are added to in EUR. Amounts of several currencies cannot be added up. Say what one USD is worth: --rates USD=0.92 --currency EUR. To start anew: --replace."`,
    );
    await importInto(home, dollars, { mode: 'append', rates: { USD: 0.5 }, currency: 'EUR' });
    expect(await totalsOf(home)).toEqual({ '1': 10, '2': 5 });
    // The currency is still known after orders that name none.
    await importInto(
      home,
      { orders: 'order_id,customer_id,order_date,total_amount\n3,a,2026-01-03,1\n' },
      { mode: 'append' },
    );
    expect(await refusal(importInto(home, dollars, { mode: 'append' }))).toMatch(
      /are in USD, and those .* in EUR/,
    );
    await importInto(home, { orders: inCurrency('4', '7.00', 'EUR') }, { mode: 'append' });
    expect(await totalsOf(home)).toEqual({ '1': 10, '2': 5, '3': 1, '4': 7 });
  });

  it.each([
    ['€12.50', '$12.50', 'The new orders are in $, and those they are added to in EUR.'],
    ['$12.50', '€12.50', 'The new orders are in EUR, and those they are added to in $.'],
    ['12.50 kr', '12.50 CHF', 'The new orders are in CHF, and those they are added to in KR.'],
  ])('are refused if only the marks of %s and %s tell', async (before, after, message) => {
    const home = await newTestHome();
    const row = (id: string, amount: string) => ({
      orders: `order_id,customer_id,order_date,total_amount\n${id},a,2026-01-0${id},${amount}\n`,
    });
    await importInto(home, row('1', before));
    expect(await refusal(importInto(home, row('2', after), { mode: 'append' }))).toContain(message);
    await importInto(home, row('2', before), { mode: 'append' });
    expect(await totalsOf(home)).toEqual({ '1': 12.5, '2': 12.5 });
  });

  it('are not refused if the sign of the earlier ones is theirs too', async () => {
    const home = await newTestHome();
    await importInto(home, {
      orders: 'order_id,customer_id,order_date,total_amount\n1,a,2026-01-01,$5\n',
    });
    await importInto(home, { orders: inCurrency('2', '7.00', 'CAD') }, { mode: 'append' });
    expect(
      await refusal(importInto(home, { orders: inCurrency('3', '7.00', 'USD') }, { mode: 'append' })),
    ).toMatch(/are in USD, and those .* in CAD/);
  });

  it('are refused if the names of their columns tell, and converted by the rate', async () => {
    const home = await newTestHome();
    const inName = (id: string, name: string) => ({
      orders: `order_id,customer_id,order_date,${name}\n${id},a,2026-01-0${id},10.00\n`,
    });
    await importInto(home, inName('1', 'Total (EUR)'));
    expect(await refusal(importInto(home, inName('2', 'Total (USD)'), { mode: 'append' }))).toMatch(
      /are in USD, and those .* in EUR/,
    );
    await importInto(home, inName('2', 'Total (USD)'), {
      mode: 'append',
      rates: { USD: 0.5 },
      currency: 'EUR',
    });
    expect(await totalsOf(home)).toEqual({ '1': 10, '2': 5 });
  });

  it('replace them if the user says so', async () => {
    const home = await newTestHome();
    await importInto(home, { orders: inCurrency('1', '10.00', 'EUR') });
    await importInto(home, { orders: inCurrency('2', '10.00', 'USD') }, { mode: 'replace' });
    expect(await totalsOf(home)).toEqual({ '2': 10 });
  });
});
