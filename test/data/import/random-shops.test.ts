import { describe, expect, it } from 'vitest';
import type { ShopTruth } from '../../helpers/random-shop.ts';
import { importRandomShop, type RandomShopOutcome } from '../../helpers/random-shop-import.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

/** Set RANDOM_SHOPS to look at more shops, and FIRST_SHOP to begin elsewhere: each number is a shop in a format. */
const SHOPS = Number(process.env.RANDOM_SHOPS ?? 40);
const FIRST = Number(process.env.FIRST_SHOP ?? 1);
const BATCH = 20;
/** Of the drawn formats some cannot be told apart (3/4 in days and months); no more than this share may be refused. */
const MOST_REFUSED = 0.25;

describe('random shops in random formats', () => {
  const batches = Array.from({ length: Math.ceil(SHOPS / BATCH) }, (_, at) => FIRST + at * BATCH);

  it.each(batches)(
    'are imported to the cent or refused, from seed %i on',
    async (first) => {
      const home = await newTestHome();
      const outcomes: RandomShopOutcome[] = [];
      for (let seed = first; seed < first + BATCH; seed++) outcomes.push(await importRandomShop(seed, home));
      const different = outcomes.filter(
        ({ said, truth, isLost }) => typeof said !== 'string' && (isLost || !isSame(said, truth)),
      );
      expect(different).toEqual([]);
      const refused = outcomes.filter(({ said, isLost }) => typeof said === 'string' && !isLost);
      expect(refused.length, JSON.stringify(refused)).toBeLessThanOrEqual(Math.max(8, MOST_REFUSED * BATCH));
    },
    600_000,
  );
});

function isSame(said: ShopTruth, truth: ShopTruth): boolean {
  return JSON.stringify(said) === JSON.stringify(truth);
}
