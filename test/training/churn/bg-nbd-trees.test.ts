import { expect, it } from 'vitest';
import { absenceProbability, fitBgNbd } from '../../../src/baselines/bg-nbd.ts';
import { purchaseHistoryOf, weeksOf } from '../../../src/baselines/purchase-history.ts';
import { boosterParamsSchema } from '../../../src/gbdt/params.ts';
import { predictRawScores } from '../../../src/gbdt/predictor.ts';
import { fitBgNbdTrees } from '../../../src/training/churn/bg-nbd-trees.ts';
import { createInProcessTrainer } from '../../helpers/in-process-trainer.ts';
import { shared } from '../../helpers/learner.ts';
import { seededRandom } from '../../helpers/random-trees.ts';

const HORIZON_DAYS = 60;
const CUSTOMERS = 4000;

/** Customers of different pace, half of whom have gone quiet. */
function customers(daysLater = 0) {
  const random = seededRandom(3);
  const rows = Array.from({ length: CUSTOMERS }, () => {
    const age = 1 + Math.floor(500 * random());
    const pace = 5 + 80 * random();
    const tenure = Math.floor(age * (random() < 0.5 ? random() : 0.9 + 0.1 * random()));
    const repeats = Math.floor(tenure / pace);
    return [repeats + 1, repeats === 0 ? 0 : tenure, age + daysLater];
  });
  return {
    featureNames: ['active_days', 'customer_tenure_days', 'days_since_first_order'],
    rowCount: CUSTOMERS,
    columns: [0, 1, 2].map((feature) => shared(rows.map((row) => row[feature]))),
  };
}

it('trees learn the probabilities of BG/NBD now, within the horizon and at its end', async () => {
  const taught = customers();
  const model = fitBgNbd(purchaseHistoryOf(taught));
  const ensemble = await fitBgNbdTrees({
    customers: taught,
    // As forecasts draw rows and features for their own trees.
    params: boosterParamsSchema.parse({ subsample: 0.8, colsample_bytree: 0.6, gamma: 1 }),
    horizonDays: HORIZON_DAYS,
    trainer: createInProcessTrainer(),
  });
  for (const daysLater of [0, 20, 40, 60]) {
    const rows = customers(daysLater);
    const wanted = absenceProbability(model, purchaseHistoryOf(rows), weeksOf(HORIZON_DAYS));
    const scores = ensemble && predictRawScores(ensemble, rows);
    const squares = Array.from(
      wanted,
      (p, row) => (p - 1 / (1 + Math.exp(-(scores?.[row] ?? Number.NaN)))) ** 2,
    );
    const error = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / CUSTOMERS);
    expect(error).toBeLessThan(0.03);
  }
});
