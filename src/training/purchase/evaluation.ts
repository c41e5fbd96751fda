import { type DayView, openDay, withRelations } from '../../data/compose-statement.ts';
import type { ColumnTable, DataSource, Id } from '../../data/data-source.ts';
import {
  customersByHash,
  RECOMMENDATION_STATEMENTS,
  readFeatureMatrix,
  readRecommendationCounts,
} from '../../features/recommendation-features.ts';
import { sigmoidFloat32 } from '../../gbdt/loss.ts';
import { predictRawScores } from '../../gbdt/predictor.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import { hitRateAtK, ndcgAtK, recallAtK, topRows } from '../../metrics/ranking.ts';
import type { RankingMetrics } from '../../registry/model-card.ts';
import type { RecommendationPlan } from './plan.ts';
import { joinRows, keptRows, type RecommendationRows, readWindow } from './rows.ts';

/** The ways of ranking that a model stands beside, each a score of the rows of a batch. */
const BASELINES: Readonly<Record<string, (table: ColumnTable) => Float64Array>> = {
  popularity_all_time: (table) => table.float64('all_time_rank').map((rank) => -rank),
  popularity_last_30_days: (table) => table.float64('popularity_rank').map((rank) => -rank),
  /** GP-TopFreq: what the customer bought most often, then what is popular now. */
  personal_frequency: (table) => {
    const times = table.float64('times_bought');
    return table.float64('popularity_rank').map((rank, row) => times[row] * 1e9 - rank);
  },
  item_cosine: (table) => table.float64('affinity'),
};

export interface RecommendationEvaluation {
  /** By name: `model`, `champion` where one was given, and the baselines. */
  readonly ranking: Readonly<Record<string, RankingMetrics>>;
  /** Of all pairs of the hold-out: what the model said, and what came. */
  readonly labels: Float32Array;
  readonly probabilities: Readonly<Record<string, Float32Array>>;
  /** Rows of the hold-out to learn from, for the model that is served. */
  readonly rows: RecommendationRows;
}

/**
 * Ranks every sampled customer's candidates as of the evaluation cutoff, and compares with the horizon after it.
 * "Buyers" are customers with an order by the cutoff who bought something in the horizon; for the `new` figures only
 * products that the customer had not bought by the cutoff are ranked and counted, over buyers of at least one.
 * Recall counts all that was bought, whether it was a candidate or not.
 */
export async function evaluateRecommendations(
  data: DataSource,
  plan: RecommendationPlan,
  ensembles: Readonly<Record<string, TreeEnsemble>>,
  options: { signal?: AbortSignal | undefined; onBatch?: (done: number, total: number) => void },
): Promise<RecommendationEvaluation> {
  const counts = await readRecommendationCounts(data, plan.evaluationCutoff);
  const total = Math.min(counts.customers, plan.sampledCustomers);
  const sums = new Map<string, RankingSums>();
  const batches: Batch[] = [];
  await using day = await openDay(data, plan.evaluationCutoff, RECOMMENDATION_STATEMENTS, options.signal);
  for (let first = 1; first <= total; first += plan.evaluationBatchCustomers) {
    options.onBatch?.(first - 1, total);
    const last = Math.min(total, first + plan.evaluationBatchCustomers - 1);
    batches.push(await evaluateBatch(day, plan, ensembles, { first, last }, sums, options.signal));
  }
  return {
    ranking: Object.fromEntries([...sums].map(([name, sum]) => [name, sum.metrics()])),
    labels: concatenate(batches.map(({ labels }) => labels)),
    probabilities: Object.fromEntries(
      Object.keys(ensembles).map((name) => [
        name,
        concatenate(batches.map(({ probabilities }) => probabilities[name])),
      ]),
    ),
    rows: joinRows(batches.map(({ rows }) => rows)),
  };
}

interface Batch {
  readonly labels: Float32Array;
  readonly probabilities: Record<string, Float32Array>;
  readonly rows: RecommendationRows;
}

async function evaluateBatch(
  day: DayView,
  plan: RecommendationPlan,
  ensembles: Readonly<Record<string, TreeEnsemble>>,
  positions: { first: number; last: number },
  sums: Map<string, RankingSums>,
  signal: AbortSignal | undefined,
): Promise<Batch> {
  const table = await readWindow(day, plan, plan.evaluationCutoff, { ...positions, allRows: true }, signal);
  const bought = await readLaterPurchases(day, plan, positions, signal);
  const features = readFeatureMatrix(table);
  const labels = table.float32('is_purchased');
  const probabilities: Record<string, Float32Array> = {};
  const rank = rankerOf(table, labels, bought);
  for (const [name, ensemble] of Object.entries(ensembles)) {
    const scores = predictRawScores(ensemble, features);
    rank(scores, sumsOf(sums, name));
    probabilities[name] = scores.map(sigmoidFloat32);
  }
  for (const [name, scoresOf] of Object.entries(BASELINES)) rank(scoresOf(table), sumsOf(sums, name));
  return { labels, probabilities, rows: keptRows(table, plan.sampling) };
}

interface Bought {
  readonly products: number;
  readonly newProducts: number;
}

async function readLaterPurchases(
  day: DayView,
  plan: RecommendationPlan,
  positions: { first: number; last: number },
  signal: AbortSignal | undefined,
): Promise<Map<string | number, Bought>> {
  const statement = withRelations(
    [{ name: 'chosen_customers', ...customersByHash(positions.first, positions.last) }],
    {
      file: 'portable/labels/recommendation_later_purchases',
      values: [plan.evaluationCutoff, plan.horizonDays],
    },
  );
  const table = await day.data.columns({
    ...day.statement(statement),
    ...(signal && { signal }),
  });
  const products = table.float64('products_bought');
  const newProducts = table.float64('new_products_bought');
  return new Map(
    table
      .ids('customer_id')
      .map((id, row) => [id, { products: products[row], newProducts: newProducts[row] }] as const),
  );
}

/** Adds one way of ranking a batch's rows to its sums, customer by customer. */
function rankerOf(table: ColumnTable, labels: Float32Array, bought: Map<string | number, Bought>) {
  const customers = table.ids('customer_id');
  const timesBought = table.float32('times_bought');
  const products = table.ids('product_id');
  return (scores: Float32Array | Float64Array, sums: RankingSums) => {
    for (let begin = 0; begin < customers.length; ) {
      let end = begin + 1;
      while (end < customers.length && customers[end] === customers[begin]) end++;
      const truth = bought.get(customers[begin]);
      if (truth !== undefined) {
        const hits = (rows: number[]) => rows.map((row) => labels[row] === 1);
        const top = topRows(scores, { begin, end }, 10);
        sums.addAll(hits(top), truth.products);
        sums.addShown(
          products.slice(begin, end),
          top.map((row) => products[row]),
        );
        if (truth.newProducts > 0) {
          const isNew = (row: number) => timesBought[row] === 0;
          sums.addNew(hits(topRows(scores, { begin, end }, 10, isNew)), truth.newProducts);
        }
      }
      begin = end;
    }
  };
}

class RankingSums {
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

function sumsOf(sums: Map<string, RankingSums>, name: string): RankingSums {
  const found = sums.get(name) ?? new RankingSums();
  sums.set(name, found);
  return found;
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let begin = 0;
  for (const part of parts) {
    joined.set(part, begin);
    begin += part.length;
  }
  return joined;
}
