import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { importShop } from '../../src/data/import/import-shop.ts';
import type { Ledger } from '../../src/data/import/meaning/ledger.ts';
import { ChurnMcpError } from '../../src/errors.ts';
import {
  drawFrom,
  inWeeks,
  RANDOM_SHOP_NOW,
  type RandomOrder,
  randomShop,
  type ShopTruth,
} from './random-shop.ts';
import { drawFormat, type WrittenFormat } from './shop-format.ts';
import { packShop } from './shop-packer.ts';
import { isLong, shopWriter } from './shop-writer.ts';

/** What an import said of a random shop. */
export interface RandomShopOutcome {
  readonly seed: number;
  readonly format: WrittenFormat;
  readonly truth: ShopTruth;
  /** True if the files do not hold the truth any more, so that only a refusal is right. */
  readonly isLost: boolean;
  /** What the ledger says, or why the import was refused. */
  readonly said: ShopTruth | string;
}

/** Draws the shop and the format of a seed, writes its files below `home`, and imports them, the last of them on trial. */
export async function importRandomShop(seed: number, home: string): Promise<RandomShopOutcome> {
  const draw = drawFrom(seed);
  const shop = randomShop(draw);
  const format = drawFormat(draw);
  const write = shopWriter(format, draw);
  const hasDiscounts = shop.orders.some(({ lines }) => lines.some(({ discountCents }) => discountCents > 0));
  const isLost =
    format.currencies === 'two' ||
    (format.ids === 'rounded' && shop.orders.some(({ customer }) => isLong(customer)));
  const outcome = { seed, format, truth: shop.truth, isLost };
  const folder = await mkdtemp(join(home, 'shop-'));
  // Checked lines are stored in one half of the shops, and read again in the other if they can be.
  const options = { home: folder, now: RANDOM_SHOP_NOW, ...(seed % 2 === 0 ? { mostStoredLines: 0 } : {}) };
  const save = async (name: string, orders: readonly RandomOrder[]) => {
    await mkdir(join(folder, name));
    return packShop(write(orders, hasDiscounts), format, join(folder, name));
  };
  try {
    if (!format.isAppended) {
      const { ledger } = await importShop({ ...(await save('all', shop.orders)), dryRun: true }, options);
      return { ...outcome, said: truthOf(ledger) };
    }
    const { first, second } = inWeeks(shop, draw);
    await importShop(await save('first', first), options);
    const added = { ...(await save('second', second)), mode: 'append', dryRun: true } as const;
    return { ...outcome, said: truthOf((await importShop(added, options)).ledger) };
  } catch (error) {
    if (error instanceof ChurnMcpError && error.code === 'IMPORT_REFUSED') {
      return { ...outcome, said: `${error.message} ${error.hint ?? ''}` };
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
