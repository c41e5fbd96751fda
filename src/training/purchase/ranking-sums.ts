import type { Id } from '../../data/data-source.ts';
import { hitRateAtK, ndcgAtK, recallAtK } from '../../metrics/ranking.ts';
import type { RankingMetrics } from '../../registry/card-figures.ts';

/** The figures of one way of ranking, added up customer by customer. */
export class RankingSums {
  #buyers = 0;
  #newBuyers = 0;
  readonly #candidates = new Set<Id>();
  readonly #shown = new Set<Id>();
  readonly #sums = { hit5: 0, recall10: 0, ndcg10: 0, newHit5: 0, newRecall10: 0 };

  addAll(hits: readonly boolean[], bought: number): void {
    this.#buyers++;
    this.#sums.hit5 += hitRateAtK(hits, 5);
    this.#sums.recall10 += recallAtK(hits, bought, 10);
    this.#sums.ndcg10 += ndcgAtK(hits, bought, 10);
  }

  /** Counts what was on offer, and what of it was shown. */
  addShown(candidates: readonly Id[], shown: readonly Id[]): void {
    for (const product of candidates) this.#candidates.add(product);
    for (const product of shown) this.#shown.add(product);
  }

  addNew(hits: readonly boolean[], bought: number): void {
    this.#newBuyers++;
    this.#sums.newHit5 += hitRateAtK(hits, 5);
    this.#sums.newRecall10 += recallAtK(hits, bought, 10);
  }

  metrics(): RankingMetrics {
    const buyers = Math.max(1, this.#buyers);
    const newBuyers = Math.max(1, this.#newBuyers);
    return {
      buyers: this.#buyers,
      hit_rate_at_5: this.#sums.hit5 / buyers,
      recall_at_10: this.#sums.recall10 / buyers,
      ndcg_at_10: this.#sums.ndcg10 / buyers,
      new_buyers: this.#newBuyers,
      new_hit_rate_at_5: this.#sums.newHit5 / newBuyers,
      new_recall_at_10: this.#sums.newRecall10 / newBuyers,
      coverage_at_10: this.#shown.size / Math.max(1, this.#candidates.size),
    };
  }
}

/** The same for several ways of ranking, in the order in which they were first named. */
export class SumsByName {
  readonly #sums = new Map<string, RankingSums>();

  of(name: string): RankingSums {
    const found = this.#sums.get(name) ?? new RankingSums();
    this.#sums.set(name, found);
    return found;
  }

  metrics(): Record<string, RankingMetrics> {
    return Object.fromEntries([...this.#sums].map(([name, sums]) => [name, sums.metrics()]));
  }
}
