import { describe, expect, it } from 'vitest';
import { sharedColumnOf } from '../../../src/dataset/column-rows.ts';
import { addDays, dayOfYear } from '../../../src/features/calendar-day.ts';
import { SEASON_FEATURE } from '../../../src/features/season-feature.ts';
import { readBoosterParams } from '../../../src/gbdt/params.ts';
import { rawScoresOf } from '../../../src/gbdt/raw-scores.ts';
import type { RecommendationRows } from '../../../src/training/purchase/rows.ts';
import { trainMeasuredTrees } from '../../../src/training/purchase/trees.ts';
import { createFakeRegistry } from '../../helpers/fake-registry.ts';
import { createInProcessTrainer } from '../../helpers/in-process-trainer.ts';
import { seededRandom } from '../../helpers/random-trees.ts';
import { shopOfWeeks } from '../../helpers/season-weeks.ts';

const DAY = '2026-06-01';
const HORIZON = 28;
const windowsAgo = (ago: number) => addDays(DAY, -ago * HORIZON);
const TRAIN_CUTOFFS = [windowsAgo(1), windowsAgo(2), windowsAgo(3), windowsAgo(4)] as const;
/** Of the pairs of each window the share that was bought, latest first: a quiet month, and three busy ones. */
const SHARES = [0.1, 0.4, 0.4, 0.4];
const PAIRS = 1500;
const PRODUCTS_PER_CUSTOMER = 10;

const plan = {
  params: readBoosterParams({ n_estimators: 40, learning_rate: 0.2, early_stopping_rounds: 10 }),
  horizonDays: HORIZON,
  trainCutoffs: TRAIN_CUTOFFS,
  evaluationCutoff: DAY,
  summary: { firstOrderDate: windowsAgo(40) },
};
const env = { registry: createFakeRegistry(), trainer: createInProcessTrainer(), now: () => new Date(0) };

/** Pairs as of a day; all products have been sold from the shop's first day on. */
function pairsOf(day: string, ago: number, share: number): RecommendationRows {
  const random = seededRandom(ago + 1);
  const rows = Array.from({ length: PAIRS }, (_, row) => row);
  const customers = Uint32Array.from(rows, (row) => Math.floor(row / PRODUCTS_PER_CUSTOMER));
  return {
    customers,
    folds: Uint8Array.from(customers, (customer) => customer % 5),
    dataset: {
      featureNames: ['times_bought', 'days_since_first_sold', SEASON_FEATURE],
      rowCount: PAIRS,
      columns: [
        sharedColumnOf(rows.map((row) => row % 2)),
        sharedColumnOf(rows.map(() => (40 - ago) * HORIZON)),
        sharedColumnOf(rows.map(() => dayOfYear(day))),
      ],
      labels: sharedColumnOf(rows.map(() => (random() < share ? 1 : 0))),
      weights: sharedColumnOf(rows.map(() => 1)),
    },
  };
}

/** The mean probability after the windows, in a shop with so many weeks of orders and no season. */
async function saidAfter(weeks: number): Promise<number> {
  const windows = TRAIN_CUTOFFS.map((cutoff, window) => pairsOf(cutoff, window + 1, SHARES[window]));
  const shop = shopOfWeeks({ asOf: DAY, horizonDays: HORIZON }, weeks, () => 1);
  const { ensemble } = await trainMeasuredTrees(plan, { windows, shop }, env);
  const scores = rawScoresOf(ensemble, pairsOf(DAY, 0, 0).dataset);
  return scores.reduce((sum, score) => sum + 1 / (1 + Math.exp(-score)), 0) / scores.length;
}

describe('the trees of probabilities', () => {
  it('take no month for one like the last where the season is known: they say the mean of the months', async () => {
    const mean = SHARES.reduce((sum, share) => sum + share, 0) / SHARES.length;
    expect(await saidAfter(156)).toBeCloseTo(mean, 1);
  });

  it('go on from the last month where no season is known', async () => {
    expect(await saidAfter(30)).toBeLessThan(0.15);
  });
});
