import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importShop } from '../../src/data/import/import-shop.ts';
import type { Ledger } from '../../src/data/import/meaning/ledger.ts';
import { ChurnMcpError } from '../../src/errors.ts';
import { drawFrom, RANDOM_SHOP_NOW, randomShop, type ShopTruth } from './random-shop.ts';
import { drawFormat, type WrittenFormat, writeShop } from './shop-writer.ts';

/** What an import said of a random shop. */
export interface RandomShopOutcome {
  readonly seed: number;
  readonly format: WrittenFormat;
  readonly truth: ShopTruth;
  /** What the ledger says, or why the import was refused. */
  readonly said: ShopTruth | string;
}

/** Draws the shop and the format of a seed, writes its files below `home`, and imports them on trial. */
export async function importRandomShop(seed: number, home: string): Promise<RandomShopOutcome> {
  const draw = drawFrom(seed);
  const shop = randomShop(draw);
  const format = drawFormat(draw);
  const written = writeShop(shop, format, draw);
  const folder = await mkdtemp(join(home, 'shop-'));
  const save = (kind: string, files: readonly Uint8Array[]) =>
    Promise.all(
      files.map(async (content, at) => {
        const path = join(folder, `${kind}-${at}.csv`);
        await writeFile(path, content);
        return path;
      }),
    );
  const orders = await save('orders', written.orders);
  const orderItems = await save('lines', written.orderItems);
  const request = {
    orders: orders.length > 0 ? orders : undefined,
    orderItems: orderItems.length > 0 ? orderItems : undefined,
    dryRun: true,
  };
  try {
    const { ledger } = await importShop(request, { home, now: RANDOM_SHOP_NOW });
    return { seed, format, truth: shop.truth, said: truthOf(ledger) };
  } catch (error) {
    if (error instanceof ChurnMcpError && error.code === 'IMPORT_REFUSED') {
      return { seed, format, truth: shop.truth, said: error.message };
    }
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function truthOf({ orders, customers, revenue, first_day, last_day }: Ledger): ShopTruth {
  const revenueCents = Math.round(Number(revenue) * 100);
  return { orders, customers, revenueCents, firstDay: first_day, lastDay: last_day };
}
