import type { Id } from '../../data/data-source.ts';
import { hitRateAtK, ndcgAtK, recallAtK } from '../../metrics/ranking.ts';
import type { ListMetrics } from '../../registry/card-figures.ts';

/** The lengths of list that papers report. */
export const LIST_LENGTHS = [5, 10, 20] as const;
export const LONGEST_LIST = 20;
const MOST_SHOWN = 10;
/** Of the normal distribution: half the width of a 95% interval in standard errors. */
const Z95 = 1.96;

/** What a buyer was shown, best first, and what of it they bought. */
export interface ShownList {
  readonly products: readonly Id[];
  readonly hits: readonly boolean[];
  /** Whether the buyer had never bought the product. */
  readonly isNew: readonly boolean[];
  /** Share of customers who had bought the product, above 0. */
  readonly popularity: readonly number[];
  /** How unlike each other the first products are, by how many: see `intraListDiversities`. */
  readonly diversities: readonly (number | undefined)[];
}

/** How many products a buyer bought. */
export interface Bought {
  readonly products: number;
  readonly newProducts: number;
}

/** The figures of the first k places of a way of ranking, added up buyer by buyer. */
export class ListSums {
  readonly #k: number;
  readonly #hitRate = new MeanSum();
  readonly #recall = new MeanSum();
  readonly #ndcg = new MeanSum();
  readonly #repeatRecall = new MeanSum();
  readonly #exploreRecall = new MeanSum();
  readonly #diversity = new MeanSum();
  readonly #timesShown = new Map<Id, number>();
  #places = 0;
  #surprise = 0;

  constructor(k: number) {
    this.#k = k;
  }

  add({ products, hits, isNew, popularity, diversities }: ShownList, bought: Bought): void {
    const k = this.#k;
    this.#hitRate.add(hitRateAtK(hits, k));
    this.#recall.add(recallAtK(hits, bought.products, k));
    this.#ndcg.add(ndcgAtK(hits, bought.products, k));
    const repeated = bought.products - bought.newProducts;
    const hitsIf = (isWanted: boolean) => hits.map((hit, i) => hit && isNew[i] === isWanted);
    if (repeated > 0) this.#repeatRecall.add(recallAtK(hitsIf(false), repeated, k));
    if (bought.newProducts > 0) this.#exploreRecall.add(recallAtK(hitsIf(true), bought.newProducts, k));
    const diversity = diversities[Math.min(k, products.length)];
    if (diversity !== undefined) this.#diversity.add(diversity);
    for (const [i, product] of products.slice(0, k).entries()) {
      this.#timesShown.set(product, (this.#timesShown.get(product) ?? 0) + 1);
      this.#places++;
      this.#surprise -= Math.log2(popularity[i]);
    }
  }

  /** @param candidates products that could have been shown. */
  metrics(candidates: number): ListMetrics {
    const mostShown = [...this.#timesShown.values()].sort((one, other) => other - one).slice(0, MOST_SHOWN);
    const places = Math.max(1, this.#places);
    return {
      k: this.#k,
      hit_rate: this.#hitRate.figure(),
      recall: this.#recall.figure(),
      ndcg: this.#ndcg.figure(),
      repeat_recall: this.#repeatRecall.figure(),
      explore_recall: this.#exploreRecall.figure(),
      coverage: this.#timesShown.size / Math.max(1, candidates),
      top_ten_share: mostShown.reduce((sum, times) => sum + times, 0) / places,
      novelty: this.#surprise / places,
      diversity: this.#diversity.figure().mean,
    };
  }
}

/** A mean and the half-width of its 95% interval; both 0 of no values. */
class MeanSum {
  #count = 0;
  #sum = 0;
  #squares = 0;

  add(value: number): void {
    this.#count++;
    this.#sum += value;
    this.#squares += value * value;
  }

  figure(): ListMetrics['recall'] {
    if (this.#count === 0) return { mean: 0, margin: 0 };
    const mean = this.#sum / this.#count;
    const variance = Math.max(0, this.#squares / this.#count - mean * mean);
    return { mean, margin: Z95 * Math.sqrt(variance / this.#count) };
  }
}
