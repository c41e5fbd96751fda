import type { Id } from '../../data/data-source.ts';
import { hitRateAtK, recallAtK } from '../../metrics/ranking.ts';
import type { RankingMetrics } from '../../registry/card-figures.ts';
import { type Bought, LIST_LENGTHS, ListSums, type ShownList } from './list-sums.ts';

/** The figures of one way of ranking, added up customer by customer. */
export class RankingSums {
  #buyers = 0;
  #newBuyers = 0;
  readonly #candidates = new Set<Id>();
  readonly #lists = LIST_LENGTHS.map((k) => new ListSums(k));
  readonly #sums = { newHit5: 0, newRecall10: 0 };

  /** A buyer's list over all products. */
  addAll(shown: ShownList, bought: Bought): void {
    this.#buyers++;
    for (const list of this.#lists) list.add(shown, bought);
  }

  /** What was on offer. */
  addCandidates(products: readonly Id[]): void {
    for (const product of products) this.#candidates.add(product);
  }

  addNew(hits: readonly boolean[], bought: number): void {
    this.#newBuyers++;
    this.#sums.newHit5 += hitRateAtK(hits, 5);
    this.#sums.newRecall10 += recallAtK(hits, bought, 10);
  }

  metrics(): RankingMetrics {
    const lists = this.#lists.map((list) => list.metrics(this.#candidates.size));
    const [five, ten] = lists;
    const newBuyers = Math.max(1, this.#newBuyers);
    return {
      buyers: this.#buyers,
      hit_rate_at_5: five.hit_rate.mean,
      recall_at_10: ten.recall.mean,
      ndcg_at_10: ten.ndcg.mean,
      new_buyers: this.#newBuyers,
      new_hit_rate_at_5: this.#sums.newHit5 / newBuyers,
      new_recall_at_10: this.#sums.newRecall10 / newBuyers,
      coverage_at_10: ten.coverage,
      lists,
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
