import { cp, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ACCEPTABLE, isAcceptable } from '../../../src/data/import/acceptable-refusal.ts';
import type { ImportRequest } from '../../../src/data/import/import-request.ts';
import { importShop } from '../../../src/data/import/import-shop.ts';
import { ChurnMcpError } from '../../../src/errors.ts';
import { IngestLog } from '../../../src/ingest/ingest-log.ts';
import { refresh } from '../../../src/ingest/refresh.ts';
import { fileWith } from '../../helpers/import.ts';
import { shopIn } from '../../helpers/shop-tables.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const ALL = Object.keys(ACCEPTABLE).filter(isAcceptable);

type Texts = Partial<Record<'orders' | 'orderItems' | 'products' | 'customers', string>>;
type Files = Pick<ImportRequest, keyof Texts>;

async function filesOf(texts: Texts): Promise<Files> {
  const files: Record<string, string> = {};
  for (const [kind, text] of Object.entries(texts)) files[kind] = await fileWith(`${kind}.csv`, text);
  return files;
}

/** What an import says: its report with the rejected rows, or why it refused; and whether a copy of the data was changed. */
async function outcomeOf(home: string, request: ImportRequest, mostNearby?: number) {
  let isGrown = false;
  const onProgress = ({ phase }: { readonly phase: string }) => {
    isGrown ||= phase === 'changed rows';
  };
  try {
    const { snapshotId, rejectsFile, ...report } = await importShop(request, {
      ...{ home, now: NOW, onProgress, mostNearby },
    });
    const rejects = rejectsFile === undefined ? undefined : await readFile(rejectsFile, 'utf8');
    return { isGrown, told: { ...report, rejects, isKept: snapshotId !== undefined } };
  } catch (error) {
    if (!(error instanceof ChurnMcpError) || error.code === 'INTERNAL') throw error;
    return { isGrown, told: `${error.code}: ${error.message} ${error.hint ?? ''}` };
  }
}

const day = (at: number) => new Date(Date.UTC(2026, 0, 1) + at * 86_400_000).toISOString().slice(0, 10);

/** How the files of a shop look. */
interface Shape {
  readonly customer: (id: number) => string;
  readonly headers: Texts;
}

const PLAIN = {
  orders: 'order_id,customer_id,order_date,total_amount,status,country',
  orderItems: 'order_id,product_id,product_name,product_category,quantity,unit_price',
  products: 'product_id,product_name,product_category,price',
  customers: 'customer_id,first_name,country',
} as const satisfies Texts;
const SHAPES: Readonly<Record<string, Shape>> = {
  'ids that are text': { customer: (id) => `c${id}`, headers: PLAIN },
  'ids that are numbers': { customer: (id) => `${id}`, headers: PLAIN },
  'ids with zeros': { customer: (id) => `${id}`.padStart(1 + (id % 4), '0'), headers: PLAIN },
  'e-mail addresses, and orders without ids': {
    customer: (id) => `${id % 2 === 0 ? 'Ann' : 'ann'}${id % 5}@Example.com`,
    headers: { orders: 'customer_id,order_date,total_amount,status', customers: PLAIN.customers },
  },
  'lines alone': {
    customer: (id) => `c${id}`,
    headers: {
      orderItems: 'order_item_id,order_id,customer_id,order_date,product_id,product_name,quantity,unit_price',
      products: PLAIN.products,
    },
  },
  'several ids per person': {
    customer: (id) => `c${id}`,
    headers: { orders: PLAIN.orders, customers: 'customer_id,customer_unique_id,city' },
  },
};

const anyRow = fc.record({
  order: fc.integer({ min: 0, max: 30 }),
  /** Whose the order is: of a number that the shop knows, it corrects that order, or it is another use of the number. */
  use: fc.constantFrom('same', 'same', 'same', 'days later', 'months later', 'of another customer'),
  // Most rows sell something, some give something back.
  amount: fc.integer({ min: -200, max: 2000 }),
  status: fc.constantFrom('paid', 'paid', 'paid', 'paid', 'shipped', 'cancelled', 'refunded'),
  country: fc.constantFrom('DE', 'FR', ''),
  product: fc.integer({ min: 1, max: 5 }),
  quantity: fc.constantFrom(1, 1, 1, 2, 3, -1),
  name: fc.constantFrom('Pen', 'Cup'),
  prefix: fc.constantFrom('', '', '', '', '', '', 'R-'),
  isGuest: fc.integer({ min: 0, max: 20 }).map((n) => n === 0),
});
type Row = typeof anyRow extends fc.Arbitrary<infer R> ? R : never;

const DAYS_LATER = { same: 0, 'days later': 2, 'months later': 50, 'of another customer': 9 } as const;

function textOf(kind: keyof Texts, rows: readonly Row[], { customer, headers }: Shape): string {
  const columns = (headers[kind] ?? '').split(',');
  const lines = rows.map((row) => {
    const owner = row.use === 'of another customer' ? 8 + (row.order % 2) : 1 + (row.order % 7);
    const values: Readonly<Record<string, string | number>> = {
      order_id: `${kind === 'orders' ? row.prefix : ''}${100 + row.order}`,
      order_item_id: `i${row.order}-${row.product}-${row.use}`,
      customer_id: kind !== 'customers' && row.isGuest ? 'guest' : customer(owner),
      // The id of a person is also that of a customer.
      customer_unique_id: customer(owner % 4),
      order_date: day(8 * row.order + DAYS_LATER[row.use]),
      total_amount: row.amount / 100,
      status: row.status,
      country: row.country,
      city: row.country,
      first_name: row.name,
      product_id: `P${row.product}`,
      product_name: row.product === 5 ? 'Postage' : `${row.name} ${row.product}`,
      product_category: row.country,
      quantity: row.quantity,
      unit_price: (1 + Math.abs(row.amount)) / 100,
      price: (1 + Math.abs(row.amount)) / 100,
    };
    return columns.map((column) => values[column]).join(',');
  });
  return [headers[kind], ...new Set(lines)].join('\n').concat('\n');
}

const anyPart = fc.record({
  rows: fc.uniqueArray(anyRow, { minLength: 3, maxLength: 14, selector: ({ order }) => order }),
  /** Lines of orders that are not in the file of orders. */
  stray: fc.uniqueArray(anyRow, { maxLength: 1, selector: ({ order }) => order }),
  customers: fc.uniqueArray(anyRow, { minLength: 1, maxLength: 5, selector: ({ order }) => order % 7 }),
  products: fc.uniqueArray(anyRow, { minLength: 1, maxLength: 4, selector: ({ product }) => product }),
  withLines: fc.boolean(),
  withOthers: fc.constantFrom<readonly (keyof Texts)[]>(
    ...[[], [], ['products' as const], ['customers' as const], ['products' as const, 'customers' as const]],
  ),
  /** As a spreadsheet does. */
  dropsZeros: fc.constantFrom(false, false, true),
  acceptsAll: fc.constantFrom(true, true, false),
  isDryRun: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
});
type Part = typeof anyPart extends fc.Arbitrary<infer P> ? P : never;

function textsOf(part: Part, { customer, headers }: Shape): Texts {
  const written = (id: number) => (part.dropsZeros ? customer(id).replace(/^0+/, '') : customer(id));
  const shape: Shape = { headers, customer: written };
  const ofOrders: (keyof Texts)[] = shape.headers.orders === undefined ? ['orderItems'] : ['orders'];
  if (part.withLines && shape.headers.orderItems !== undefined) ofOrders.push('orderItems');
  const kinds = new Set([
    ...ofOrders,
    ...part.withOthers.filter((kind) => shape.headers[kind] !== undefined),
  ]);
  const lines = [...part.rows, ...part.stray].flatMap((row) =>
    row.amount % 3 === 0 ? [row, { ...row, product: 1 + (row.product % 5) }] : [row],
  );
  const rowsOf = { ...part, orders: part.rows, orderItems: lines };
  return Object.fromEntries([...kinds].map((kind) => [kind, textOf(kind, rowsOf[kind], shape)]));
}

/** A shop in which each order is there once, and each customer has several. */
function wholeOf(shape: Shape): Texts {
  const row = (order: number): Row => ({
    ...{ order, use: 'same', amount: 500 + order, status: 'paid', country: order % 2 === 0 ? 'DE' : 'FR' },
    ...{ product: 1 + (order % 4), quantity: 1, name: 'Pen', prefix: '', isGuest: false },
  });
  const rows = Array.from({ length: 22 }, (_, at) => row(at));
  const kinds = Object.keys(shape.headers).filter((kind): kind is keyof Texts => kind in shape.headers);
  const once = (kind: keyof Texts) =>
    kind === 'customers' ? rows.slice(0, 7) : kind === 'products' ? rows.slice(0, 4) : rows;
  return Object.fromEntries(kinds.map((kind) => [kind, textOf(kind, once(kind), shape)]));
}

describe('rows that are added to a shop', () => {
  const roads = new Map<string, number>();
  afterAll(() => {
    if (process.env.HISTORIES !== undefined) process.stderr.write(`${JSON.stringify([...roads])}\n`);
  });

  it.each(Object.keys(SHAPES))(
    'change a copy of its data, which then has the tables and the report of a full build (%s)',
    { timeout: 1_200_000 },
    async (name) => {
      const shape = SHAPES[name] ?? { customer: String, headers: {} };
      const base = await newTestHome();
      await importShop({ ...(await filesOf(wholeOf(shape))), accept: ALL }, { home: base, now: NOW });
      let grownParts = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(anyPart, { minLength: 2, maxLength: 3 }), async (parts) => {
          const [grown, rebuilt] = [await newTestHome(), await newTestHome()];
          for (const home of [grown, rebuilt]) await cp(base, home, { recursive: true });
          for (const part of parts) {
            const accept = part.acceptsAll ? ALL : [];
            const request: ImportRequest = {
              ...(await filesOf(textsOf(part, shape))),
              ...{ mode: 'append', accept, dryRun: part.isDryRun },
            };
            const one = await outcomeOf(grown, request, 1);
            const other = await outcomeOf(rebuilt, request, 0);
            expect(other.isGrown).toBe(false);
            if (one.isGrown) grownParts++;
            const kind = `${name}: ${typeof one.told === 'string' ? one.told.slice(0, 90) : one.isGrown ? 'grown' : 'built'}`;
            roads.set(kind, (roads.get(kind) ?? 0) + 1);
            expect(one.told).toEqual(other.told);
          }
          expect(await shopIn(grown)).toEqual(await shopIn(rebuilt));
        }),
        { numRuns: Number(process.env.HISTORIES ?? 2), endOnFailure: true },
      );
      expect(grownParts).toBeGreaterThan(0);
    },
  );

  it('are added again if other rows became current meanwhile, and neither are lost', {
    timeout: 1_200_000,
  }, async () => {
    const home = await newTestHome();
    const ordersOf = (ids: readonly string[]) =>
      filesOf({
        orders: [
          'order_id,customer_id,order_date,total_amount',
          ...ids.map((id) => `${id},c${id},2026-01-05,7`),
        ]
          .join('\n')
          .concat('\n'),
      });
    await importShop(await ordersOf(['1', '2', '3', '4', '5', '6']), { home, now: NOW });
    for (const [first, second, mostNearby] of [
      ['7', '8', 1],
      ['9', '10', 0],
    ] as const) {
      let importing: Promise<unknown> | undefined;
      const other = await ordersOf([second]);
      const onProgress = () => {
        importing ??= importShop({ ...other, mode: 'append' }, { home, now: NOW });
      };
      await importShop(
        { ...(await ordersOf([first])), mode: 'append' },
        { home, now: NOW, onProgress, mostNearby },
      );
      await importing;
    }
    expect((await shopIn(home))['raw.orders']).toHaveLength(10);
  });

  it('leave what was folded from the log where it is, for later rows to correct', {
    timeout: 1_200_000,
  }, async () => {
    const home = await newTestHome();
    const ordersOf = (rows: string) =>
      filesOf({ orders: `order_id,customer_id,order_date,total_amount\n${rows}\n` });
    await importShop(await ordersOf('1,a,2026-01-05,7'), { home, now: NOW });
    await append(home, { order_id: '9', customer_id: 'a', order_date: '2026-02-01', total_amount: 5 });
    await refresh({ home, now: NOW, mostNearby: 0 });
    const added = await ordersOf('9,a,2026-02-01,8\n2,b,2026-02-05,3');
    const { isGrown } = await outcomeOf(home, { ...added, mode: 'append' }, 1);
    expect(isGrown).toBe(true);
    await append(home, { order_id: '9', order_status: 'cancelled' });
    await refresh({ home, now: NOW, mostNearby: 1 });
    expect((await shopIn(home))['raw.orders']).toEqual([
      expect.stringContaining("'order_id': 1,"),
      expect.stringContaining("'order_id': 2,"),
    ]);
  });
});

async function append(home: string, order: object): Promise<void> {
  await using log = await IngestLog.open(home);
  const lines = Buffer.from(`${JSON.stringify(order)}\n`);
  await log.append({ channel: 'test', parts: [{ kind: 'orders', rows: 1, lines }] });
}
