/** One cutoff of one shop: trains as of it, scores as of it, and looks at what then happened. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { absenceProbability, fitBgNbd } from '../../src/baselines/bg-nbd.ts';
import { fitLogisticRegression, predictLogistic } from '../../src/baselines/logistic-regression.ts';
import { purchaseHistoryOf, weeksOf } from '../../src/baselines/purchase-history.ts';
import { toFeatureMatrix } from '../../src/dataset/column-rows.ts';
import { addDays } from '../../src/features/calendar-day.ts';
import { FORWARD_FEATURES } from '../../src/features/churn-features.ts';
import { readChurnFeatures, readForwardLabels } from '../../src/features/read-churn-features.ts';
import type { BoosterTrainer } from '../../src/gbdt/booster.ts';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { meanOf } from '../../src/metrics/mean.ts';
import type { Season } from '../../src/registry/card-figures.ts';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { expectedSpendOf } from '../../src/scoring/expected-spend.ts';
import { probabilityRange, UNKNOWN_DEVIATION } from '../../src/scoring/forecast-trust.ts';
import { runTraining } from '../../src/training/run-training.ts';
import { forwardTask } from '../../src/training/tasks/forward.ts';
import { type Quality, qualityOf } from './quality.ts';
import type { BenchShop, OpenShop } from './shops.ts';

export interface Trial {
  readonly shop: string;
  readonly kind: string;
  readonly cutoff: string;
  readonly trainSeconds: number;
  readonly recipe: string;
  /** By forecaster, of all customers and of active ones: those with an order within the horizon before the cutoff. */
  readonly all: Readonly<Record<Forecaster, Quality>>;
  readonly active: Readonly<Record<Forecaster, Quality>>;
  /** Over active customers: probability × expected spend, and the expected spend of those who left. */
  readonly moneySaid: number;
  readonly moneyLost: number;
  /** The interval of the mean probability of active customers, and whether the share that left lies in it. */
  readonly low: number;
  readonly high: number;
  readonly isCovered: boolean;
  readonly isSeasonKnown: boolean;
  /** Over active customers: (1 − probability) × expected spend, and what they did spend. */
  readonly spendSaid: number;
  readonly spent: number;
}

export const FORECASTERS = ['model', 'recency', 'logistic', 'BG/NBD', 'last rate'] as const;
export type Forecaster = (typeof FORECASTERS)[number];

export async function runTrial(
  shop: BenchShop,
  cutoff: string,
  { home, data }: OpenShop,
  trainer: BoosterTrainer,
): Promise<Trial> {
  const { horizonDays } = shop;
  const registry = openRegistry(await mkdtemp(join(home, 'models-')), { now: () => new Date(0) });
  const started = performance.now();
  const task = forwardTask({ label: 'forward', asOf: cutoff, horizonDays }, data);
  const { card } = await runTraining(task, { registry, trainer, now: () => new Date(0) });
  const trainSeconds = (performance.now() - started) / 1000;
  const { ensemble } = await registry.load(card.model, card.version);

  const table = await readChurnFeatures(data, { asOf: cutoff });
  const outcome = await readForwardLabels(data, { cutoff, horizonDays });
  const labels = outcome.float32('is_churned');
  const spentLater = outcome.float64('spent_in_horizon');
  const features = toFeatureMatrix(table, card.features);
  const model = predictRawScores(ensemble, features).map((rawScore) => 1 / (1 + Math.exp(-rawScore)));
  const said: Record<Forecaster, ArrayLike<number>> = {
    model,
    ...(await simpleForecasts(cutoff, horizonDays, data)),
  };

  const recency = table.float64('days_since_last_order');
  const active = [...labels.keys()].filter((row) => recency[row] < horizonDays);
  const spend = expectedSpendOf(table, card, Uint32Array.from(labels.keys()), {
    asOf: cutoff,
    days: horizonDays,
  });
  const sum = (figure: (row: number) => number) => active.reduce((total, row) => total + figure(row), 0);
  const ofActive = (values: ArrayLike<number>) => active.map((row) => values[row]);
  const season = card.details.kind === 'forward' ? card.details.season : undefined;
  return {
    shop: shop.name,
    kind: shop.kind,
    cutoff,
    trainSeconds,
    recipe: 'recipe' in card.details ? card.details.recipe : 'trees',
    all: byForecaster((name) => qualityOf(labels, said[name])),
    active: byForecaster((name) => qualityOf(ofActive(labels), ofActive(said[name]))),
    moneySaid: sum((row) => model[row] * spend[row]),
    moneyLost: sum((row) => labels[row] * spend[row]),
    ...intervalOf(ofActive(model), ofActive(labels), season),
    spendSaid: sum((row) => (1 - model[row]) * spend[row]),
    spent: sum((row) => spentLater[row]),
  };
}

function intervalOf(probabilities: readonly number[], labels: readonly number[], season: Season | undefined) {
  const deviation = season?.deviation ?? UNKNOWN_DEVIATION;
  const ends = probabilities.map((probability) => probabilityRange(probability, deviation));
  const [low, high] = [meanOf(ends.map((end) => end.low)), meanOf(ends.map((end) => end.high))];
  const happened = meanOf(labels);
  return {
    low,
    high,
    isCovered: low <= happened && happened <= high,
    isSeasonKnown: season?.is_known ?? false,
  };
}

function byForecaster<Value>(figure: (name: Forecaster) => Value): Record<Forecaster, Value> {
  return {
    model: figure('model'),
    recency: figure('recency'),
    logistic: figure('logistic'),
    'BG/NBD': figure('BG/NBD'),
    'last rate': figure('last rate'),
  };
}

/** What needs no training of ours, fitted on the last period whose outcome was known at the cutoff. */
async function simpleForecasts(
  cutoff: string,
  horizonDays: number,
  data: OpenShop['data'],
): Promise<Record<Exclude<Forecaster, 'model'>, Float64Array>> {
  const before = addDays(cutoff, -horizonDays);
  const earlier = await readChurnFeatures(data, { asOf: before });
  const labels = (await readForwardLabels(data, { cutoff: before, horizonDays })).float32('is_churned');
  const train = { ...toFeatureMatrix(earlier, FORWARD_FEATURES), labels };
  const today = toFeatureMatrix(await readChurnFeatures(data, { asOf: cutoff }), FORWARD_FEATURES);
  const only = (matrix: typeof today) => ({
    ...matrix,
    featureNames: ['days_since_last_order'],
    columns: [matrix.columns[FORWARD_FEATURES.indexOf('days_since_last_order')]],
  });
  const history = purchaseHistoryOf(today);
  return {
    recency: predictLogistic(fitLogisticRegression({ ...only(train), labels }), only(today)),
    logistic: predictLogistic(fitLogisticRegression(train), today),
    'BG/NBD': absenceProbability(fitBgNbd(history), history, weeksOf(horizonDays)),
    'last rate': new Float64Array(today.rowCount).fill(meanOf(labels)),
  };
}
