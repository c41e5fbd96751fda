import { describe, expect, it } from 'vitest';
import { sharedColumnOf } from '../../../../src/dataset/column-rows.ts';
import type { FeatureMatrix } from '../../../../src/dataset/feature-matrix.ts';
import { dayOfYear } from '../../../../src/features/calendar-day.ts';
import { SEASON_FEATURE } from '../../../../src/features/season-feature.ts';
import { readBoosterParams } from '../../../../src/gbdt/params.ts';
import { predictRawScores } from '../../../../src/gbdt/predictor.ts';
import type { TreeEnsemble } from '../../../../src/gbdt/tree.ts';
import { rocAuc } from '../../../../src/metrics/ranked-scores.ts';
import { meanProbability } from '../../../../src/training/churn/season/hazard-intercept.ts';
import { scoresInSeason, withSeason } from '../../../../src/training/churn/season/seasoned-forecast.ts';
import { createInProcessTrainer } from '../../../helpers/in-process-trainer.ts';
import { seededRandom, treeOf } from '../../../helpers/random-trees.ts';
import { shopOfWeeks, yearlyWave } from '../../../helpers/season-weeks.ts';

const AS_OF = '2026-11-20';
const MOMENT = { day: AS_OF, trainCutoffs: ['2026-08-21', '2026-07-24'] };
const shopOf = (weeks: number) => shopOfWeeks({ asOf: AS_OF, horizonDays: 28 }, weeks, yearlyWave);
const GROWING = { params: readBoosterParams({}), trainer: createInProcessTrainer() };

/** Silence moves the log-odds of staying away from about −4 to 6 in steps, and the rate of orders a little. */
const steps = Array.from({ length: 40 }, (_, i) =>
  treeOf({
    feature: i % 4 === 3 ? 1 : 0,
    threshold: (i + 1) / 41,
    defaultLeft: true,
    left: { leaf: i % 4 === 3 ? 0.1 : -0.1 },
    right: { leaf: i % 4 === 3 ? -0.1 : 0.25 },
  }),
);
const ensemble: TreeEnsemble = {
  featureNames: ['silence', 'rate', SEASON_FEATURE],
  baseScore: -1,
  trees: steps,
};

/** Half of the customers have left long ago. */
function customersOn(day: string, rowCount = 3000): FeatureMatrix {
  const random = seededRandom(5);
  const silence = Array.from({ length: rowCount }, (_, row) => (row % 2 === 0 ? 1 : random()));
  return {
    featureNames: ensemble.featureNames,
    rowCount,
    columns: [
      sharedColumnOf(silence),
      sharedColumnOf(silence.map(() => random())),
      sharedColumnOf(silence.map(() => dayOfYear(day))),
    ],
  };
}

const chance = (score: number) => 1 / (1 + Math.exp(-score));
const meanChance = (scores: Float32Array) =>
  scores.reduce((sum, score) => sum + chance(score), 0) / scores.length;

describe('a forecast with the season', () => {
  it('gives the customers who still buy what a faster clock gives each of them, and those who left too', async () => {
    const customers = customersOn(AS_OF);
    const { ensemble: seasoned, season } = await withSeason(
      ensemble,
      { ...MOMENT, customers },
      shopOf(156),
      GROWING,
    );
    const logFactor = season.logFactorAt(0);
    expect(logFactor).toBeGreaterThan(0.4);
    const [before, after] = [ensemble, seasoned].map((model) => predictRawScores(model, customers));
    const silence = customers.columns[0];
    for (const isOfGroup of [
      (row: number) => silence[row] < 0.3,
      (row: number) => silence[row] >= 0.3 && silence[row] < 0.7,
      (row: number) => silence[row] === 1,
    ]) {
      const wanted = meanProbability(
        before.filter((_, row) => isOfGroup(row)),
        logFactor,
      );
      const said = meanChance(after.filter((_, row) => isOfGroup(row)));
      expect(Math.abs(said / wanted - 1)).toBeLessThan(0.06);
    }
  });

  it('hardly changes who is likelier to leave than whom', async () => {
    const customers = customersOn(AS_OF);
    const { ensemble: seasoned } = await withSeason(ensemble, { ...MOMENT, customers }, shopOf(156), GROWING);
    const [before, after] = [ensemble, seasoned].map((model) => predictRawScores(model, customers));
    const random = seededRandom(6);
    const labels = before.map((score) => (random() < chance(score) ? 1 : 0));
    expect(rocAuc(labels, after)).toBeCloseTo(rocAuc(labels, before), 2);
  });

  it('says of its own day what is judged before it is registered', async () => {
    const customers = customersOn(AS_OF);
    const { ensemble: seasoned } = await withSeason(ensemble, { ...MOMENT, customers }, shopOf(156), GROWING);
    const { rawScores } = await scoresInSeason({ ensemble, customers }, MOMENT, shopOf(156), GROWING);
    const registered = predictRawScores(seasoned, customers);
    expect(Math.max(...rawScores.map((score, row) => Math.abs(score - registered[row])))).toBeLessThan(1e-4);
  });

  it('moves nobody by more than the season if all customers are alike', async () => {
    const one = customersOn(AS_OF, 1);
    const customers = {
      ...one,
      rowCount: 5,
      columns: one.columns.map((column) => sharedColumnOf(new Array(5).fill(column[0]))),
    };
    const { ensemble: seasoned, season } = await withSeason(
      ensemble,
      { ...MOMENT, customers },
      shopOf(156),
      GROWING,
    );
    const [before, after] = [ensemble, seasoned].map((model) => predictRawScores(model, customers));
    expect(meanChance(after)).toBeCloseTo(meanProbability(before, season.logFactorAt(0)), 5);
  });

  it('stays as it is if the orders span less than 18 months', async () => {
    const customers = customersOn(AS_OF);
    const { ensemble: same, season } = await withSeason(
      ensemble,
      { ...MOMENT, customers },
      shopOf(60),
      GROWING,
    );
    expect(season.isKnown).toBe(false);
    expect(same).toBe(ensemble);
  });
});
