import { type DayView, withRelations } from '../../data/compose-statement.ts';
import type { ColumnTable, DataSource, Id } from '../../data/data-source.ts';
import { pickRows, rowsWhere, toFeatureMatrix } from '../../dataset/column-rows.ts';
import type { FeatureMatrix } from '../../dataset/feature-matrix.ts';
import { RECOMMENDATION_FEATURES, readRecommendationCounts } from '../../features/recommendation-features.ts';
import { sigmoidFloat32 } from '../../gbdt/loss.ts';
import { rankScoresOf, rawScoresOf } from '../../gbdt/raw-scores.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import { intraListDiversities, topRows } from '../../metrics/ranking.ts';
import { readProducts } from '../../recommend/known-products.ts';
import type { RankingMetrics } from '../../registry/card-figures.ts';
import { reportStep } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import { type Bought, LONGEST_LIST } from './list-sums.ts';
import type { RecommendationPlan } from './plan.ts';
import { type RankingSums, SumsByName } from './ranking-sums.ts';
import { joinRows, keptRows, type RecommendationRows, readWindow } from './rows.ts';
import { openTaughtDay, taughtCustomers } from './taught-day.ts';

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

export interface JudgedRankings {
  /** By name: `model`, `champion` if one was given, and the baselines. */
  readonly ranking: Readonly<Record<string, RankingMetrics>>;
  /** The outcome of all pairs of the hold-out, and the score of each ensemble. */
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
export async function judgeRankings(
  { data, spans }: { readonly data: DataSource; readonly spans: DataSource },
  plan: RecommendationPlan,
  trained: Promise<Readonly<Record<string, TreeEnsemble>>>,
  env: TrainingEnvironment,
): Promise<JudgedRankings> {
  const { evaluationCutoff, sampledCustomers, batchCustomers } = plan;
  const counts = await readRecommendationCounts(data, evaluationCutoff);
  const total = Math.min(counts.customers, sampledCustomers);
  const shop = { customerCount: counts.customers, wordsOf: await readWords(data, env.signal) };
  const sums = { models: new SumsByName(), baselines: new SumsByName() };
  const batches: Batch[] = [];
  const judged = { cutoff: evaluationCutoff, customers: total };
  await using day = await openTaughtDay(spans, plan, judged, env.signal);
  // Nothing reads them from here on, and in a large shop they are hundreds of megabytes.
  await spans[Symbol.asyncDispose]();
  const readFrom = (first: number) => {
    const last = Math.min(total, first + batchCustomers - 1);
    const reading = readBatch(day, plan, { first, last }, env.signal);
    const ready = reading.then((read) => withBaselines({ ...read, ...shop }, sums.baselines));
    // Its turn may never come, if the batch before it cannot be judged.
    ready.catch(() => undefined);
    return ready;
  };
  let next = readFrom(1);
  for (let first = 1; first <= total; first += batchCustomers) {
    const batch = await next;
    // Two batches are read while threads still train, and each later one while the one before it is judged.
    if (first + batchCustomers <= total) next = readFrom(first + batchCustomers);
    const ensembles = await trained;
    const progress = { done: first - 1, total };
    reportStep(env, 'evaluation', `Comparing with what was bought after ${evaluationCutoff}`, progress);
    batches.push(judgeBatch(batch, ensembles, sums.models));
  }
  return {
    ranking: { ...sums.models.metrics(), ...sums.baselines.metrics() },
    labels: concatenate(batches.map(({ labels }) => labels)),
    probabilities: Object.fromEntries(
      Object.keys(await trained).map((name) => [
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

/** Some customers' candidates, and how much each of them bought later. */
interface ReadBatch {
  readonly table: ColumnTable;
  /** The customer of each row. */
  readonly customers: readonly Id[];
  readonly bought: ReadonlyMap<Id, Bought>;
  /** Of all customers of the shop. */
  readonly customerCount: number;
  /** Of a product's name and category, none of them twice. */
  readonly wordsOf: (productId: Id) => readonly number[];
}

/** A batch that the baselines have ranked. */
interface RankedBatch extends Pick<ReadBatch, 'customers' | 'bought'>, Pick<Batch, 'labels' | 'rows'> {
  readonly features: FeatureMatrix;
  /** Adds one more way of ranking. */
  readonly rank: (scores: Float32Array | Float64Array, sums: RankingSums) => void;
}

async function readBatch(
  day: DayView,
  plan: RecommendationPlan,
  positions: { first: number; last: number },
  signal: AbortSignal | undefined,
): Promise<Pick<ReadBatch, 'table' | 'customers' | 'bought'>> {
  const window = { cutoff: plan.evaluationCutoff, ...positions, allRows: true };
  const table = await readWindow(day, plan, window, signal);
  const bought = await readLaterPurchases(day, positions, signal);
  return { table, customers: table.ids('customer_id'), bought };
}

/** All that can be done without the model: this thread does it while others train. */
function withBaselines(read: ReadBatch, sums: SumsByName): RankedBatch {
  const { table, customers, bought } = read;
  const features = toFeatureMatrix(table, RECOMMENDATION_FEATURES);
  const labels = table.float32('is_purchased');
  const rank = rankerOf(read, labels);
  for (const [name, scoresOf] of Object.entries(BASELINES)) rank(scoresOf(table), sums.of(name));
  return { customers, bought, features, labels, rank, rows: keptRows(table, features) };
}

function judgeBatch(
  batch: RankedBatch,
  ensembles: Readonly<Record<string, TreeEnsemble>>,
  sums: SumsByName,
): Batch {
  const { features, labels, rank, rows } = batch;
  const probabilities: Record<string, Float32Array> = {};
  for (const [name, ensemble] of Object.entries(ensembles)) {
    const rawScores = rawScoresOf(ensemble, features);
    rank(rankScoresOfBuyers(ensemble, rawScores, batch), sums.of(name));
    probabilities[name] = rawScores.map(sigmoidFloat32);
  }
  return { labels, probabilities, rows };
}

/** The scores to rank by, of the candidates of customers who bought something: nobody else's list is judged. */
function rankScoresOfBuyers(
  ensemble: TreeEnsemble,
  rawScores: Float32Array,
  { features, customers, bought }: RankedBatch,
): Float64Array {
  const rows = rowsWhere(customers.length, (row) => bought.has(customers[row]));
  const rankScores = Float64Array.from(rawScores);
  const ofBuyers = rankScoresOf(
    ensemble,
    Float32Array.from(rows, (row) => rawScores[row]),
    pickRows(features, rows),
  );
  for (const [index, row] of rows.entries()) rankScores[row] = ofBuyers[index];
  return rankScores;
}

async function readLaterPurchases(
  day: DayView,
  { first, last }: { first: number; last: number },
  signal: AbortSignal | undefined,
): Promise<Map<Id, Bought>> {
  const statement = withRelations([{ name: 'chosen_customers', ...taughtCustomers(first, last) }], {
    file: 'portable/labels/recommendation_later_purchases',
    values: [],
  });
  const table = await day.data.columns({ ...day.statement(statement), signal });
  const products = table.float64('products_bought');
  const newProducts = table.float64('new_products_bought');
  return new Map(
    table
      .ids('customer_id')
      .map((id, row) => [id, { products: products[row], newProducts: newProducts[row] }] as const),
  );
}

/** The words of each product's name and category, in lower case: a number for each word, which is quicker to compare. */
async function readWords(data: DataSource, signal: AbortSignal | undefined): Promise<ReadBatch['wordsOf']> {
  const productOf = await readProducts(data, signal);
  const known = new Map<Id, readonly number[]>();
  const numbers = new Map<string, number>();
  const numberOf = (word: string) => {
    const number = numbers.get(word) ?? numbers.size;
    numbers.set(word, number);
    return number;
  };
  return (productId) => {
    const found = known.get(productId);
    if (found !== undefined) return found;
    const { name, category } = productOf(productId);
    const words = new Set(`${name} ${category ?? ''}`.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
    const ofProduct = [...words].map(numberOf);
    known.set(productId, ofProduct);
    return ofProduct;
  };
}

/** Adds one way of ranking a batch's rows to its sums, customer by customer. */
function rankerOf({ table, customers, bought, customerCount, wordsOf }: ReadBatch, labels: Float32Array) {
  const timesBought = table.float32('times_bought');
  const buyers = table.float32('product_buyers');
  const products = table.ids('product_id');
  return (scores: Float32Array | Float64Array, sums: RankingSums) => {
    for (let begin = 0; begin < customers.length; ) {
      let end = begin + 1;
      while (end < customers.length && customers[end] === customers[begin]) end++;
      const truth = bought.get(customers[begin]);
      if (truth !== undefined) {
        const hits = (rows: number[]) => rows.map((row) => labels[row] === 1);
        const top = topRows(scores, { begin, end }, LONGEST_LIST);
        const shown = {
          products: top.map((row) => products[row]),
          hits: hits(top),
          isNew: top.map((row) => timesBought[row] === 0),
          popularity: top.map((row) => Math.max(1, buyers[row]) / customerCount),
          diversities: intraListDiversities(top.map((row) => wordsOf(products[row]))),
        };
        sums.addAll(shown, truth);
        sums.addCandidates(products.slice(begin, end));
        if (truth.newProducts > 0) {
          const isNew = (row: number) => timesBought[row] === 0;
          sums.addNew(hits(topRows(scores, { begin, end }, 10, isNew)), truth.newProducts);
        }
      }
      begin = end;
    }
  };
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
