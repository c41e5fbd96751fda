/** The shops of the recommendations' bench: public data if it is present, a demo shop and a generated grocery. */
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { importShop } from '../../src/data/import/import-shop.ts';
import { type OpenShop, openHome, publicFiles, sharedData } from '../forecast/shops.ts';
import { groceryFiles } from './grocery-shop.ts';

export interface RankedShop {
  readonly name: string;
  readonly open: (workFolder: string) => Promise<OpenShop>;
}

const PUBLIC = { 'Online Retail': 'online_retail', 'Adventure Works': 'adventureworks' } as const;
const DEMO = { customers: 3000, seed: 42, asOf: '2026-07-10' };
const GROCERY = { customers: 2000, products: 1000, days: 300, seed: 7 };

export function rankedShops(): RankedShop[] {
  const real = Object.entries(PUBLIC)
    .filter(([, folder]) => existsSync(join(sharedData, folder)))
    .map(([name, folder]) => ({
      name,
      open: (work: string) => openHome(work, (home) => importShop(publicFiles(folder), { home })),
    }));
  return [
    ...real,
    { name: 'demo', open: (work) => openHome(work, (home) => createDemoShop({ home, ...DEMO })) },
    { name: 'grocery', open: openGrocery },
  ];
}

async function openGrocery(work: string): Promise<OpenShop> {
  const folder = await mkdtemp(join(work, 'grocery-'));
  const files = groceryFiles(GROCERY);
  const paths = { orders: join(folder, 'orders.csv'), orderItems: join(folder, 'items.csv') };
  await writeFile(paths.orders, files.orders);
  await writeFile(paths.orderItems, files.orderItems);
  return openHome(work, (home) => importShop(paths, { home }));
}
