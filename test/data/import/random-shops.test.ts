import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importShop } from '../../../src/data/import/import-shop.ts';
import type { Ledger } from '../../../src/data/import/meaning/ledger.ts';
import { ChurnMcpError } from '../../../src/errors.ts';
import { drawFrom, RANDOM_SHOP_NOW, randomShop, type ShopTruth } from '../../helpers/random-shop.ts';
import { drawFormat, type WrittenFormat, writeShop } from '../../helpers/shop-writer.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

/** Set RANDOM_SHOPS to look at more shops, and FIRST_SHOP to begin elsewhere: each number is a shop in a format. */
const SHOPS = Number(process.env.RANDOM_SHOPS ?? 40);
const FIRST = Number(process.env.FIRST_SHOP ?? 1);
const BATCH = 20;
/** Of the drawn formats some cannot be told apart (3/4 in days and months); no more than this share may be refused. */
const MOST_REFUSED = 0.25;

interface Outcome {
  readonly seed: number;
  readonly format: WrittenFormat;
  readonly truth: ShopTruth;
  /** What the ledger says, or why the import was refused. */
  readonly said: ShopTruth | string;
}

async function importRandomShop(seed: number, home: string): Promise<Outcome> {
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

describe('random shops in random formats', () => {
  const batches = Array.from({ length: Math.ceil(SHOPS / BATCH) }, (_, at) => FIRST + at * BATCH);

  it.each(batches)(
    'are imported to the cent or refused, from seed %i on',
    async (first) => {
      const home = await newTestHome();
      const outcomes: Outcome[] = [];
      for (let seed = first; seed < first + BATCH; seed++) outcomes.push(await importRandomShop(seed, home));
      const different = outcomes.filter(
        ({ said, truth }) => typeof said !== 'string' && !isSame(said, truth),
      );
      expect(different).toEqual([]);
      const refused = outcomes.filter(({ said }) => typeof said === 'string');
      expect(refused.length, JSON.stringify(refused)).toBeLessThanOrEqual(Math.max(8, MOST_REFUSED * BATCH));
    },
    600_000,
  );
});

function isSame(said: ShopTruth, truth: ShopTruth): boolean {
  return JSON.stringify(said) === JSON.stringify(truth);
}
