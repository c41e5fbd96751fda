import { describe, expect, it } from 'vitest';
import { absenceProbability, fitBgNbd } from '../../../src/baselines/bg-nbd.ts';
import { purchaseHistoryOf, weeksOf } from '../../../src/baselines/purchase-history.ts';
import type { LabelledDataset } from '../../../src/dataset/feature-matrix.ts';
import { SEASON_FEATURE } from '../../../src/features/season-feature.ts';
import { boosterParamsSchema } from '../../../src/gbdt/params.ts';
import { predictRawScores } from '../../../src/gbdt/predictor.ts';
import { rocAuc } from '../../../src/metrics/ranked-scores.ts';
import type { ForecastRecipe } from '../../../src/registry/card-figures.ts';
import { fitRegression } from '../../../src/training/churn/baselines.ts';
import { bgNbdWeight, fitForecast } from '../../../src/training/churn/recipe.ts';
import { createInProcessTrainer } from '../../helpers/in-process-trainer.ts';
import { shared } from '../../helpers/learner.ts';
import { seededRandom } from '../../helpers/random-trees.ts';

const HORIZON_DAYS = 60;

/** Customers as a forecast sees them, who stay away the more often the longer they have. */
function customers(): LabelledDataset {
  const random = seededRandom(17);
  const names = ['active_days', 'days_since_last_order', 'customer_tenure_days', 'days_since_first_order'];
  const rows = Array.from({ length: 1500 }, () => {
    const age = 60 + Math.floor(300 * random());
    const orders = 1 + Math.floor(6 * random() ** 2);
    const tenure = orders === 1 ? 0 : Math.floor(age * random());
    return { values: [orders, age - tenure, tenure, age], label: random() < (age - tenure) / 400 ? 1 : 0 };
  });
  return {
    featureNames: names,
    rowCount: rows.length,
    columns: names.map((_, i) => shared(rows.map(({ values }) => values[i]))),
    labels: shared(rows.map(({ label }) => label)),
  };
}

async function scoresOf(recipe: ForecastRecipe, train: LabelledDataset) {
  const params = boosterParamsSchema.parse({ n_estimators: 30, max_depth: 3 });
  const trainer = createInProcessTrainer();
  const { ensemble, featureImportance } = await fitForecast({
    recipe,
    train,
    params,
    horizonDays: HORIZON_DAYS,
    trainer,
  });
  expect(ensemble.featureNames).toEqual(train.featureNames);
  expect(featureImportance.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 6);
  return { scores: predictRawScores(ensemble, train), featureImportance };
}

describe('a model without a horizon', () => {
  it('learns from a column that is called as the day of the year is in a forecast', async () => {
    const train = customers();
    const featureNames = train.featureNames.map((name) => (name === 'active_days' ? SEASON_FEATURE : name));
    const rows = {
      kind: 'random_split',
      train: { ...train, featureNames },
      evaluation: train,
      dated: [],
    } as const;
    const { ensemble } = await fitForecast({
      recipe: 'trees_and_logistic_regression',
      train: rows.train,
      params: boosterParamsSchema.parse({ n_estimators: 5 }),
      horizonDays: 0,
      regression: fitRegression(rows, 0),
      trainer: createInProcessTrainer(),
    });
    expect(ensemble.featureNames).toEqual(featureNames);
  });
});

describe('a forecast by recipe', () => {
  const train = customers();

  it('ranks by days since the last order if the recipe is the recency rule', async () => {
    const { scores, featureImportance } = await scoresOf('recency_rule', train);
    expect(rocAuc(train.labels, scores)).toBeCloseTo(rocAuc(train.labels, train.columns[1]), 3);
    expect(featureImportance[1]).toBe(1);
  });

  it('gives the probabilities of BG/NBD through trees that learnt them', async () => {
    const { scores } = await scoresOf('bg_nbd', train);
    const history = purchaseHistoryOf(train);
    const wanted = absenceProbability(fitBgNbd(history), history, weeksOf(HORIZON_DAYS));
    const errors = Array.from(scores, (score, row) => Math.abs(1 / (1 + Math.exp(-score)) - wanted[row]));
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.005);
  });

  it('takes the mean of the trees and the regression', async () => {
    const [both, trees, regression] = await Promise.all([
      scoresOf('trees_and_logistic_regression', train),
      scoresOf('trees', train),
      scoresOf('logistic_regression', train),
    ]);
    for (const [row, score] of both.scores.entries()) {
      expect(score).toBeCloseTo((trees.scores[row] + regression.scores[row]) / 2, 4);
    }
    expect(both.featureImportance).toEqual(trees.featureImportance);
  });

  it('gives BG/NBD a third beside the two of 1,900 customers, more among fewer and a fifth among very many', async () => {
    const [three, two, bgNbd] = await Promise.all([
      scoresOf('trees_logistic_regression_and_bg_nbd', train),
      scoresOf('trees_and_logistic_regression', train),
      scoresOf('bg_nbd', train),
    ]);
    const weight = bgNbdWeight(train.rowCount);
    for (const [row, score] of three.scores.entries()) {
      expect(score).toBeCloseTo((1 - weight) * two.scores[row] + weight * bgNbd.scores[row], 4);
    }
    expect(weight).toBeCloseTo(0.35, 9);
    expect([400, 1900, 1e7].map((customers) => bgNbdWeight(customers).toFixed(2))).toEqual([
      '0.44',
      '0.33',
      '0.20',
    ]);
  });
});
