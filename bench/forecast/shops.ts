/** The shops of the forecast's bench: public data if it is present, and generated shops. */
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataHome } from '../../src/data/data-home.ts';
import type { DataSource } from '../../src/data/data-source.ts';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { importShop } from '../../src/data/import/import-shop.ts';
import { addDays, daysBetween } from '../../src/features/calendar-day.ts';
import { packageRoot } from '../../src/package-root.ts';
import { generateOrders } from './generated-orders.ts';
import { SHOP_LAWS, type ShopLaw } from './shop-laws.ts';

export interface BenchShop {
  readonly name: string;
  /** Shops of one kind are reported together. */
  readonly kind: string;
  readonly horizonDays: number;
  /** ISO dates, oldest first. */
  readonly cutoffs: readonly string[];
  /** Imports the shop into a home folder. */
  readonly open: (workFolder: string) => Promise<OpenShop>;
}

export interface OpenShop extends AsyncDisposable {
  readonly home: string;
  readonly data: DataSource;
}

const GENERATED_HORIZON_DAYS = 90;
export const sharedData = process.env.SHARED_DATA_DIR ?? join(packageRoot(), '..', 'shared', 'data');

/** Real shops with the horizons and cutoffs that their history has room for. Adventure Works is made up, and left out. */
const PUBLIC_SHOPS = [
  {
    name: 'cdnow 90',
    folder: 'cdnow',
    horizonDays: 90,
    first: '1997-08-31',
    last: '1998-03-31',
    count: 5,
  },
  {
    name: 'retail 90',
    folder: 'online_retail',
    horizonDays: 90,
    first: '2010-05-01',
    last: '2010-09-01',
    count: 4,
  },
  {
    name: 'retail 30',
    folder: 'online_retail',
    horizonDays: 30,
    first: '2010-05-01',
    last: '2010-10-31',
    count: 6,
  },
] as const;

/** @param most cutoffs a shop at most, spread evenly. */
export function benchShops(most: number): BenchShop[] {
  const real = PUBLIC_SHOPS.filter(({ folder }) => existsSync(join(sharedData, folder))).map(
    ({ name, folder, horizonDays, first, last, count }): BenchShop => ({
      name,
      kind: name,
      horizonDays,
      cutoffs: some(datesBetween(first, last, count), most),
      open: (workFolder) => importOrders(workFolder, publicFiles(folder)),
    }),
  );
  const generated = SHOP_LAWS.map(
    (law): BenchShop => ({
      name: law.name,
      kind: law.kind,
      horizonDays: GENERATED_HORIZON_DAYS,
      cutoffs: some(law.cutoffs, most).map((days) => addDays(law.firstDay, days)),
      open: (workFolder) => importGenerated(workFolder, law),
    }),
  );
  return [...real, ...generated, ...demoShops(most)];
}

/** Last days of demo shops: spread over the year, and the last day of the sale. */
const DEMO_DAYS = ['01-10', '02-24', '04-10', '05-25', '07-10', '08-25', '10-10', '11-26'];
const DEMO_CUSTOMERS = 5000;
const DEMO_SEED = 42;

/** The shop that `churn-mcp demo` makes, on several days of the year; judged on its last horizon. */
function demoShops(most: number): BenchShop[] {
  return some(DEMO_DAYS, most).map((day, i): BenchShop => {
    const asOf = `2026-${day}`;
    return {
      name: `demo ${day}`,
      kind: 'demo',
      horizonDays: GENERATED_HORIZON_DAYS,
      cutoffs: [addDays(asOf, -GENERATED_HORIZON_DAYS)],
      open: (workFolder) =>
        openHome(workFolder, (home) =>
          createDemoShop({ home, customers: DEMO_CUSTOMERS, seed: DEMO_SEED + i, asOf }),
        ),
    };
  });
}

export function publicFiles(folder: string) {
  const file = (name: string) => join(sharedData, folder, name);
  const orderItems = file('order_items.csv.gz');
  return { orders: file('orders.csv'), ...(existsSync(orderItems) && { orderItems }) };
}

async function importGenerated(workFolder: string, law: ShopLaw): Promise<OpenShop> {
  const file = join(await mkdtemp(join(workFolder, 'orders-')), 'orders.csv');
  const lines = generateOrders(law).map((order) => Object.values(order).join(','));
  await writeFile(file, ['order_id,customer_id,order_date,total_amount', ...lines, ''].join('\n'));
  return importOrders(workFolder, { orders: file });
}

function importOrders(
  workFolder: string,
  files: { readonly orders: string; readonly orderItems?: string },
): Promise<OpenShop> {
  return openHome(workFolder, (home) => importShop(files, { home }));
}

export async function openHome(
  workFolder: string,
  fill: (home: string) => Promise<unknown>,
): Promise<OpenShop> {
  const home = await mkdtemp(join(workFolder, 'home-'));
  await fill(home);
  const provider = openDataHome(home);
  const data = await provider.current();
  return { home, data, [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose]() };
}

function datesBetween(first: string, last: string, count: number): string[] {
  const days = daysBetween(first, last);
  return Array.from({ length: count }, (_, i) => addDays(first, Math.round((days * i) / (count - 1))));
}

/** Of a list its last and others evenly spread, in their order. */
function some<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from(
    { length: most },
    (_, i) => items[items.length - 1 - Math.floor((i * items.length) / most)],
  ).reverse();
}
