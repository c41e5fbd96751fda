import { cp, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDataHome } from '../../src/data/data-home.ts';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { withBuild } from '../../src/data/duckdb/snapshot-build.ts';
import { homeLayout, readPointer } from '../../src/data/home-layout.ts';
import { importShop } from '../../src/data/import/import-shop.ts';
import { ChurnMcpError } from '../../src/errors.ts';
import { sealedJson } from '../../src/files/sealed-json.ts';
import { IngestLog } from '../../src/ingest/ingest-log.ts';
import { listSegments } from '../../src/ingest/log-layout.ts';
import { refresh } from '../../src/ingest/refresh.ts';
import { ROW_KINDS } from '../../src/ingest/row-kinds.ts';
import { fileWith } from '../helpers/import.ts';
import { anyHostileRow, anyRow, type LogRow } from '../helpers/random-log.ts';
import { shopIn } from '../helpers/shop-tables.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const NOW = new Date('2026-11-26T12:00:00Z');

async function append(home: string, rows: readonly LogRow[]): Promise<void> {
  await using log = await IngestLog.open(home);
  const parts = ROW_KINDS.map((kind) => rows.filter((row) => row.kind === kind))
    .filter((ofKind) => ofKind.length > 0)
    .map((ofKind) => ({
      kind: ofKind[0]?.kind ?? 'orders',
      rows: ofKind.length,
      lines: Buffer.from(ofKind.map((row) => `${JSON.stringify(row)}\n`).join('')),
    }));
  await log.append({ channel: 'test', parts });
}

async function totalsIn(home: string): Promise<Record<string, number>> {
  await using provider = openDataHome(home);
  const rows = await (await provider.current()).rows(
    { text: 'select order_id, total_amount from raw.orders order by order_id', values: [] },
    z.object({ order_id: z.string(), total_amount: z.number() }),
  );
  return Object.fromEntries(rows.map(({ order_id, total_amount }) => [order_id, total_amount]));
}

/** What a refresh did, or why it was refused. */
async function outcomeOf(options: { readonly home: string; readonly mostNearby: number }) {
  const report = await refresh({ ...options, now: NOW }).catch((error: unknown) => {
    if (error instanceof ChurnMcpError && error.code !== 'INTERNAL') return error.message;
    throw error;
  });
  if (typeof report === 'string') return { road: report, told: report };
  return { road: report.road, told: { rows: report.rows, summary: report.summary } };
}

async function importInto(
  home: string,
  texts: { readonly orders: string; readonly orderItems?: string },
  mode?: 'append' | 'replace',
): Promise<void> {
  const orders = await fileWith('orders.csv', texts.orders);
  const orderItems =
    texts.orderItems === undefined ? undefined : await fileWith('lines.csv', texts.orderItems);
  await importShop({ orders, orderItems, mode }, { home, now: NOW });
}

const IMPORTED = {
  orders: `order_id,customer_id,order_date,total_amount,country
7,c1,2026-01-07,10,DE
7,c4,2026-03-09,12,FR
8,ann@example.com,2026-02-01,20,DE
8,ann@example.com,2026-02-02,-5,DE
9,c3,2026-11-01,30,FR
`,
};
const IMPORTED_LINES = 'order_id,product_id,product_name,quantity,unit_price\n9,P1,A,3,10\n8,P2,B,2,10\n';

/** The line with the highest price of a product goes; the others are of a customer whom no new row is about. */
const HIGHEST_PRICE_GOES: LogRow[][] = [
  [
    { kind: 'orders', order_id: '5', customer_id: 'c9', order_date: '2026-01-05', total_amount: 5 },
    {
      kind: 'order_items',
      order_item_id: 'j5',
      order_id: '5',
      product_id: 'P1',
      product_name: 'A',
      unit_price: 5,
    },
  ],
  [{ kind: 'orders', order_id: '9', order_status: 'cancelled' }],
  [
    {
      kind: 'order_items',
      order_item_id: 'j5',
      order_id: '5',
      product_id: 'P1',
      product_name: 'A',
      unit_price: 7,
    },
  ],
];

/** The first order is always sold: a snapshot has at least one. */
const SOLD: LogRow = {
  kind: 'orders',
  order_id: '0',
  customer_id: 'c0',
  order_date: '2026-01-05',
  total_amount: 5,
};

describe('a refresh of the log', () => {
  it('replaces the demo shop by the first rows, however few they are', async () => {
    const home = await newTestHome();
    await createDemoShop({ home, customers: 200, seed: 1, asOf: '2026-01-31' });
    await append(home, [
      { kind: 'orders', order_id: 'a', customer_id: '7', order_date: '2026-02-01', total_amount: 20 },
    ]);
    expect(await refresh({ home, now: NOW })).toMatchObject({ road: 'demo shop', summary: { orders: 1 } });
    expect(await totalsIn(home)).toEqual({ a: 20 });
  });

  it('gives after any parts of any history what one refresh of all of it gives', {
    timeout: 1_200_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyRow, { minLength: 20, maxLength: 30 }), { minLength: 3, maxLength: 3 }),
        async (parts) => {
          const [whole, home] = [await newTestHome(), await newTestHome()];
          for (const [at, part] of parts.entries()) {
            await append(home, at === 0 ? [SOLD, ...part] : part);
            const { road } = await outcomeOf({ home, mostNearby: 1 });
            // The file of a small shop is soon twice as large.
            expect(at === 0 ? ['first data'] : ['changed rows', 'outgrown']).toContain(road);
          }
          await append(whole, [SOLD, ...parts.flat()]);
          await refresh({ home: whole, now: NOW });
          expect(await shopIn(home)).toEqual(await shopIn(whole));
        },
      ),
      { numRuns: Number(process.env.HISTORIES ?? 2), endOnFailure: true },
    );
  });

  it('replaces changed rows alone, and has after each part the tables that a full build makes', {
    timeout: 1_200_000,
  }, async () => {
    const roads: string[] = [];
    const [imported, lines] = [await newTestHome(), await newTestHome()];
    await importInto(imported, IMPORTED);
    await importInto(lines, {
      orders: IMPORTED.orders.replace('\n7,c4,2026-03-09,12,FR', ''),
      orderItems: IMPORTED_LINES,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(imported, lines),
        fc.array(fc.array(anyHostileRow, { minLength: 3, maxLength: 25 }), { minLength: 3, maxLength: 3 }),
        async (base, parts) => {
          const [grown, rebuilt] = [await newTestHome(), await newTestHome()];
          for (const home of [grown, rebuilt]) await cp(base, home, { recursive: true });
          for (const part of parts) {
            for (const home of [grown, rebuilt]) await append(home, part);
            const one = await outcomeOf({ home: grown, mostNearby: 1 });
            roads.push(one.road);
            expect(one.told).toEqual((await outcomeOf({ home: rebuilt, mostNearby: 0 })).told);
            expect(await shopIn(grown)).toEqual(await shopIn(rebuilt));
          }
        },
      ),
      {
        numRuns: 1 + Number(process.env.HISTORIES ?? 1),
        endOnFailure: true,
        examples: [[lines, HIGHEST_PRICE_GOES]],
      },
    );
    expect(roads).toContain('changed rows');
  });

  it('keeps the log for an import that has begun before, and a later refresh removes it', async () => {
    const home = await newTestHome();
    /** More than one segment holds. */
    const fillSegment = async (id: string) => {
      await using log = await IngestLog.open(home);
      const order = { order_id: id, customer_id: 'a', order_date: '2026-02-01', total_amount: 1 };
      const lines = Buffer.from(`${JSON.stringify(order)}${' '.repeat(3_500_000)}\n`.repeat(20));
      await log.append({ channel: 'test', parts: [{ kind: 'orders', rows: 20, lines }] });
      await refresh({ home, now: NOW });
    };
    await fillSegment('1');
    await withBuild({ home }, async () => {
      for (const id of ['2', '3', '4']) await fillSegment(id);
      expect(await listSegments(home)).toHaveLength(4);
    });
    await fillSegment('5');
    expect((await listSegments(home)).length).toBeLessThan(4);
    expect(await totalsIn(home)).toEqual({ 1: 1, 2: 1, 3: 1, 4: 1, 5: 1 });
  });

  it('gives an order its money again if a line that gave it back is corrected, and a sale goes that becomes a return', async () => {
    const home = await newTestHome();
    const line = (id: string, order: string, quantity: number): LogRow => ({
      kind: 'order_items',
      order_item_id: id,
      order_id: order,
      product_id: 'P1',
      quantity,
      unit_price: 5,
    });
    const order = (id: string, on: string): LogRow => ({
      kind: 'orders',
      order_id: id,
      customer_id: 'a',
      order_date: on,
    });
    await append(home, [order('1', '2026-02-01'), line('i1', '1', 4)]);
    await append(home, [order('2', '2026-03-01'), line('i2', '2', -1)]);
    await refresh({ home, now: NOW });
    expect(await totalsIn(home)).toEqual({ 1: 15 });
    await append(home, [line('i2', '2', 2)]);
    await refresh({ home, now: NOW });
    expect(await totalsIn(home)).toEqual({ 1: 20, 2: 10 });
    await append(home, [line('i2', '2', -2)]);
    await refresh({ home, now: NOW });
    expect(await totalsIn(home)).toEqual({ 1: 10 });
  });

  it('corrects, cancels and refunds orders that an import brought, and keeps the lines it brought', async () => {
    const home = await newTestHome();
    await importInto(home, {
      orders:
        'order_id,customer_id,order_date,total_amount\n1,a,2026-01-01,10\n2,b,2026-01-02,20\n3,c,2026-01-03,30\n',
      orderItems: 'order_id,product_id,quantity,unit_price\n1,P1,1,10\n3,P1,3,10\n',
    });
    await append(home, [
      { kind: 'orders', order_id: '1', customer_id: 'a', order_date: '2026-01-01', total_amount: 12 },
      { kind: 'orders', order_id: '2', order_status: 'cancelled' },
      { kind: 'returns', return_id: 'x', order_id: '3', amount: 4 },
      { kind: 'orders', order_id: '4', customer_id: 'b', order_date: '2026-02-01', total_amount: 40 },
    ]);
    await refresh({ home, now: NOW });
    expect(await totalsIn(home)).toEqual({ 1: 12, 3: 26, 4: 40 });
    // Later rows of the same return and order count once, and instead of those before.
    await append(home, [
      { kind: 'returns', return_id: 'x', order_id: '3', amount: 5 },
      { kind: 'returns', return_id: 'y', order_id: '3', amount: 1 },
      { kind: 'orders', order_id: '4', customer_id: 'd', order_date: '2026-02-03', total_amount: 41 },
    ]);
    await refresh({ home, now: NOW });
    expect(await totalsIn(home)).toEqual({ 1: 12, 3: 24, 4: 41 });
    expect((await shopIn(home))['raw.order_items']).toHaveLength(2);
  });

  it.each([1, 0])(
    'takes lines that give back a product off the order that sold it (share %s)',
    async (mostNearby) => {
      const home = await newTestHome();
      await importInto(home, {
        orders:
          'order_id,customer_id,order_date,total_amount\n1,a,2026-01-01,10\n2,a,2026-01-02,20\n3,b,2026-01-03,30\n',
        orderItems: 'order_id,product_id,quantity,unit_price\n1,P1,1,10\n2,P2,2,10\n3,P3,1,30\n',
      });
      await append(home, [
        { kind: 'orders', order_id: '4', customer_id: 'a', order_date: '2026-02-01' },
        {
          kind: 'order_items',
          order_item_id: 'i',
          order_id: '4',
          product_id: 'P1',
          quantity: -1,
          unit_price: 4,
        },
      ]);
      await refresh({ home, now: NOW, mostNearby });
      expect(await totalsIn(home)).toEqual({ 1: 6, 2: 20, 3: 30 });
    },
  );

  it.each([1, 0])(
    'gives an order to its person if it arrives after the person’s row, or again (share %s)',
    async (mostNearby) => {
      const home = await newTestHome();
      const orderOf = (id: string, customer: string): LogRow => ({
        kind: 'orders',
        order_id: id,
        customer_id: customer,
        order_date: '2026-01-06',
        total_amount: 1,
      });
      const customersNow = async (...rows: LogRow[]) => {
        await append(home, rows);
        await refresh({ home, now: NOW, mostNearby });
        return (await shopIn(home))['raw.orders']?.map((row) =>
          /'?order_id'?: '?(\w+).*customer_id'?: '?(\w+)/.exec(row)?.slice(1).join(' '),
        );
      };
      expect(await customersNow(orderOf('1', 'a'), orderOf('2', 'a'))).toEqual(['1 a', '2 a']);
      const person: LogRow = { kind: 'customers', customer_id: 'a', person_id: 'p' };
      expect(await customersNow(person)).toEqual(['1 a', '2 a']);
      expect(await customersNow(orderOf('1', 'a'), orderOf('3', 'a'))).toEqual(['1 p', '2 a', '3 p']);
    },
  );

  it.each([
    ['with rows of the log', [SOLD]],
    ['that only an import knows', []],
  ])('brings data %s up to date that another version built, also if nothing is new', async (_, rows) => {
    const home = await newTestHome();
    await importInto(home, {
      orders: 'order_id,customer_id,order_date,total_amount\n7,a,2026-01-07,7\n8,b,2026-01-08,8\n',
      orderItems: 'order_id,product_id,quantity,unit_price\n7,p,1,7\n8,q,2,4\n',
    });
    if (rows.length > 0) await append(home, rows);
    await refresh({ home, now: NOW });
    const before = await shopIn(home);
    const pointer = await readPointer(home);
    const { pointer: file } = homeLayout(home);
    await writeFile(file, sealedJson({ ...pointer, format: 1 }));
    await expect(openDataHome(home).current()).rejects.toMatchObject({ code: 'NO_DATA' });
    expect(await refresh({ home, now: NOW })).toMatchObject({ rows: 0 });
    expect(await shopIn(home)).toEqual(before);
    expect(await refresh({ home, now: NOW })).toBe('nothing new');
  });

  it('says what to do if another version made the demo shop', async () => {
    const home = await newTestHome();
    await createDemoShop({ home, customers: 100, seed: 1, asOf: '2026-01-31' });
    await writeFile(homeLayout(home).pointer, sealedJson({ ...(await readPointer(home)), format: 1 }));
    await expect(refresh({ home, now: NOW })).rejects.toMatchObject({
      message: 'Another version of churn-mcp made the demo shop.',
      hint: 'Make it again with: churn-mcp demo',
    });
  });

  it.each([0, 1])('is refused if it leaves no order, and changes nothing (share %s)', async (mostNearby) => {
    const home = await newTestHome();
    await importInto(home, { orders: 'order_id,customer_id,order_date,total_amount\n1,a,2026-01-01,10\n' });
    await append(home, [{ kind: 'orders', order_id: '1', order_status: 'cancelled' }]);
    await expect(refresh({ home, now: NOW, mostNearby })).rejects.toMatchObject({
      code: 'IMPORT_REFUSED',
      message: 'There is no usable order.',
    });
    expect(await totalsIn(home)).toEqual({ 1: 10 });
  });

  it('counts an order that is later than today from its day on', async () => {
    const home = await newTestHome();
    await append(home, [
      SOLD,
      { kind: 'orders', order_id: '5', customer_id: 'a', order_date: '2026-11-27', total_amount: 1 },
    ]);
    await refresh({ home, now: NOW });
    expect(await totalsIn(home)).toEqual({ 0: 5 });
    await append(home, [{ kind: 'customers', customer_id: 'a' }]);
    await refresh({ home, now: new Date('2026-11-28T00:00:00Z') });
    expect(await totalsIn(home)).toEqual({ 0: 5, 5: 1 });
  });

  it('folds the same rows again if an import became current meanwhile, and loses neither', async () => {
    const home = await newTestHome();
    const ordersOf = (id: number) =>
      `order_id,customer_id,order_date,total_amount\n${id},a,2026-01-0${id},${id}\n`;
    await importInto(home, { orders: ordersOf(1) });
    await append(home, [
      { kind: 'orders', order_id: '9', customer_id: 'z', order_date: '2026-01-09', total_amount: 9 },
    ]);
    let importing: Promise<unknown> | undefined;
    await refresh({
      home,
      now: NOW,
      onProgress: () => {
        importing ??= importInto(home, { orders: ordersOf(2) }, 'append');
      },
    });
    await importing;
    await append(home, [{ kind: 'customers', customer_id: 'a' }]);
    await refresh({ home, now: NOW });
    expect(await totalsIn(home)).toEqual({ 1: 1, 2: 2, 9: 9 });
    expect(await refresh({ home, now: NOW })).toBe('nothing new');
    // An import replaces orders, and what was folded before is not folded again.
    await importInto(home, { orders: ordersOf(3) }, 'replace');
    await append(home, [
      { kind: 'orders', order_id: '8', customer_id: 'z', order_date: '2026-01-08', total_amount: 8 },
    ]);
    await refresh({ home, now: NOW });
    expect(await totalsIn(home)).toEqual({ 3: 3, 8: 8 });
  });
});
