import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intraListDiversities } from '../../../src/metrics/ranking.ts';
import { LIST_LENGTHS, ListSums, type ShownList } from '../../../src/training/purchase/list-sums.ts';

/** A buyer who was shown products by letter; capital letters were bought, those in `owned` had been bought before. */
function shown(letters: string, owned = ''): ShownList {
  const products = [...letters];
  return {
    products: products.map((letter) => letter.toLowerCase()),
    hits: products.map((letter) => letter !== letter.toLowerCase()),
    isNew: products.map((letter) => !owned.includes(letter.toLowerCase())),
    popularity: products.map(() => 0.25),
    diversities: intraListDiversities(products.map((letter) => ['shop', letter.toLowerCase()])),
  };
}

describe('the figures of recommended lists', () => {
  it('are means over buyers, with what was bought again apart from what was new', () => {
    const sums = new ListSums(5);
    // Bought a (again), f (again, not among the first five) and one new product that was not listed.
    sums.add(shown('AbcdeF', 'af'), { products: 3, newProducts: 1 });
    // Bought b and c, both new.
    sums.add(shown('aBCde', 'a'), { products: 2, newProducts: 2 });
    const ideal = (bought: number) =>
      Array.from({ length: bought }, (_, i) => 1 / Math.log2(i + 2)).reduce((sum, gain) => sum + gain, 0);
    const figures = sums.metrics(10);
    expect(figures).toMatchObject({ k: 5, coverage: 0.5, top_ten_share: 1, novelty: 2 });
    // Any two names share one word of three.
    expect(figures.diversity).toBeCloseTo(2 / 3, 12);
    expect(figures.hit_rate).toEqual({ mean: 1, margin: 0 });
    expect(figures.recall.mean).toBeCloseTo((1 / 3 + 1) / 2, 12);
    expect(figures.recall.margin).toBeCloseTo((1.96 * (1 / 3)) / Math.sqrt(2), 12);
    expect(figures.ndcg.mean).toBeCloseTo((1 / ideal(3) + (1 / Math.log2(3) + 0.5) / ideal(2)) / 2, 12);
    expect(figures.repeat_recall.mean).toBe(0.5);
    expect(figures.explore_recall.mean).toBe(0.5);
  });

  it('are 0 without buyers', () => {
    const { novelty, top_ten_share, coverage, recall } = new ListSums(10).metrics(0);
    expect({ novelty, top_ten_share, coverage, recall }).toEqual({
      novelty: 0,
      top_ten_share: 0,
      coverage: 0,
      recall: { mean: 0, margin: 0 },
    });
  });

  it('never find less in a longer list', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.boolean(), { maxLength: 20 }), { minLength: 1, maxLength: 20 }),
        (buyers) => {
          const lists = LIST_LENGTHS.map((k) => new ListSums(k));
          for (const hits of buyers) {
            const products = hits.map((_, i) => i);
            const list = {
              products,
              hits,
              isNew: hits.map((_, i) => i % 2 === 0),
              popularity: hits.map(() => 1),
              diversities: intraListDiversities(hits.map(() => [])),
            };
            const bought = { products: 20, newProducts: 10 };
            for (const sums of lists) sums.add(list, bought);
          }
          const figures = lists.map((sums) => sums.metrics(20));
          for (const name of ['hit_rate', 'recall', 'repeat_recall', 'explore_recall'] as const) {
            const means = figures.map((figure) => figure[name].mean);
            expect(means).toEqual([...means].sort((one, other) => one - other));
          }
        },
      ),
    );
  });
});
