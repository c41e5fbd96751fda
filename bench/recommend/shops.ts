/** The shops of the recommendations' bench: public data if it is present, a demo shop and generated shops. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { importShop } from '../../src/data/import/import-shop.ts';
import { type OpenShop, openHome, publicFiles, sharedData } from '../forecast/shops.ts';
import { groceryFiles } from './grocery-shop.ts';
import { twoSeasonFiles } from './two-season-shop.ts';

export interface RankedShop {
  readonly name: string;
  readonly open: (workFolder: string) => Promise<OpenShop>;
}

const PUBLIC = { 'Online Retail': 'online_retail', 'Adventure Works': 'adventureworks' } as const;
const DEMO = { customers: 3000, seed: 42, asOf: '2026-07-10' };
const GROCERY = { customers: 2000, products: 1000, days: 300, seed: 7 };
const YOUNG_GROCERY = { customers: 1500, products: 1500, days: 190, seed: 21 };
const TWO_SEASONS = { customers: 3000, products: 600, days: 900, seed: 5 };

interface ShopFiles {
  readonly orders: string;
  readonly orderItems: string;
}

export function rankedShops(): RankedShop[] {
  const real = Object.entries(PUBLIC)
    .filter(([, folder]) => existsSync(join(sharedData, folder)))
    .map(([name, folder]) => ({
      name,
      open: (work: string) => openHome(work, (home) => importShop(publicFiles(folder), { home })),
    }));
  const half = existsSync(join(sharedData, PUBLIC['Online Retail']))
    ? [{ name: 'half of Online Retail', open: (work: string) => openHalf(work, PUBLIC['Online Retail']) }]
    : [];
  const generated = (name: string, files: () => ShopFiles) => ({
    name,
    open: (work: string) => openFiles(work, files()),
  });
  return [
    ...real,
    ...half,
    { name: 'demo', open: (work) => openHome(work, (home) => createDemoShop({ home, ...DEMO })) },
    generated('grocery', () => groceryFiles(GROCERY)),
    generated('young grocery', () => groceryFiles(YOUNG_GROCERY)),
    generated('two seasons', () => twoSeasonFiles(TWO_SEASONS)),
  ];
}

/** A random half of the customers as a shop of its own: those whose id has an even MD5. */
async function openHalf(work: string, folder: string): Promise<OpenShop> {
  const read = publicFiles(folder);
  if (read.orderItems === undefined) throw new Error(`${folder} has no order items.`);
  const [orders, items] = [
    linesOf(await readFile(read.orders)),
    linesOf(gunzipSync(await readFile(read.orderItems))),
  ];
  const customerOf = cellOf(orders[0], 'customer_id');
  const isKept = (line: string) => createHash('md5').update(customerOf(line)).digest()[0] % 2 === 0;
  const kept = orders.slice(1).filter(isKept);
  const ids = new Set(kept.map(cellOf(orders[0], 'order_id')));
  const orderOf = cellOf(items[0], 'order_id');
  const keptItems = items.slice(1).filter((line) => ids.has(orderOf(line)));
  const text = (header: string, lines: readonly string[]) => [header, ...lines, ''].join('\n');
  return openFiles(work, { orders: text(orders[0], kept), orderItems: text(items[0], keptItems) });
}

function linesOf(file: Buffer): string[] {
  return file.toString('utf8').trim().split('\n');
}

/** Ids stand before any cell that is quoted. */
function cellOf(header: string, name: string): (line: string) => string {
  const at = header.trim().split(',').indexOf(name);
  return (line) => line.split(',')[at];
}

async function openFiles(work: string, files: ShopFiles): Promise<OpenShop> {
  const folder = await mkdtemp(join(work, 'files-'));
  const paths = { orders: join(folder, 'orders.csv'), orderItems: join(folder, 'items.csv') };
  await writeFile(paths.orders, files.orders);
  await writeFile(paths.orderItems, files.orderItems);
  return openHome(work, (home) => importShop(paths, { home }));
}
