import { describe, expect, it } from 'vitest';
import { sharedColumnOf } from '../../../src/dataset/column-rows.ts';
import { addDays } from '../../../src/features/calendar-day.ts';
import { boosterParamsSchema } from '../../../src/gbdt/params.ts';
import { predictRawScores } from '../../../src/gbdt/predictor.ts';
import { probabilitiesOf, tryCalibration } from '../../../src/training/churn/calibration.ts';
import { fitForecast } from '../../../src/training/churn/recipe.ts';
import type { DatedDataset } from '../../../src/training/churn/slices.ts';
import { createInProcessTrainer } from '../../helpers/in-process-trainer.ts';
import { seededRandom } from '../../helpers/random-trees.ts';

const HORIZON_DAYS = 90;

/** A quarter's customers: one feature that tells their risk, and what became of them. */
function sliceOf(cutoff: string, historyDays: number, seed: number): DatedDataset {
  const random = seededRandom(seed);
  const risk = Array.from({ length: 600 }, () => 4 * random() - 3);
  const labels = risk.map((margin) => (random() < 1 / (1 + Math.exp(-margin)) ? 1 : 0));
  return {
    cutoff,
    historyDays,
    dataset: {
      featureNames: ['risk'],
      rowCount: risk.length,
      columns: [sharedColumnOf(risk)],
      labels: sharedColumnOf(labels),
    },
  };
}

async function calibrate(slices: number, scalePosWeight: number) {
  const dated = Array.from({ length: slices }, (_, i) =>
    sliceOf(addDays('2026-01-01', -HORIZON_DAYS * i), HORIZON_DAYS * (slices - i), 100 + i),
  );
  const request = {
    recipe: 'trees',
    params: boosterParamsSchema.parse({ n_estimators: 20, max_depth: 2, scale_pos_weight: scalePosWeight }),
    horizonDays: HORIZON_DAYS,
    trainer: createInProcessTrainer(),
  } as const;
  const [evaluation, newest] = dated;
  const { ensemble } = await fitForecast({ ...request, train: newest.dataset });
  const rawScores = predictRawScores(ensemble, evaluation.dataset);
  const scores = { cutoff: evaluation.cutoff, labels: evaluation.dataset.labels, rawScores };
  return { rawScores, tried: await tryCalibration(scores, dated, request) };
}

const meanOf = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe('a calibration on later periods', () => {
  it('is kept where it helps each time: class weights had moved all probabilities up', async () => {
    const { rawScores, tried } = await calibrate(6, 8);
    expect(tried.trial?.kept).toBe(true);
    expect(tried.trial?.trials).toHaveLength(4);
    expect(tried.trial?.intercept).toBeLessThan(-1);
    const [plain, calibrated] = [undefined, tried.evaluated].map((sigmoid) =>
      meanOf(probabilitiesOf(rawScores, sigmoid)),
    );
    expect(plain).toBeGreaterThan(0.6);
    expect(calibrated).toBeLessThan(0.4);
  });

  it('is left out where it only follows chance', async () => {
    const { tried } = await calibrate(6, 1);
    expect(tried.trial?.kept).toBe(false);
    expect([tried.evaluated, tried.registered]).toEqual([undefined, undefined]);
  });

  it('is not tried where the history does not hold a year of later periods', async () => {
    const { tried } = await calibrate(5, 8);
    expect(tried.trial).toBeUndefined();
  });
});
