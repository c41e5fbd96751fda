import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filterRows, toFeatureMatrix } from '../../src/dataset/column-rows.ts';
import { createTreeExplainer } from '../../src/explain/tree-shap.ts';
import { readChurnFeatures } from '../../src/features/read-churn-features.ts';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { explainCustomer } from '../../src/scoring/explain-customer.ts';
import { type ScoringEnvironment, scoreCustomers } from '../../src/scoring/score-customers.ts';
import { leavingCustomers } from '../helpers/leaving-customers.ts';
import { scoringOf } from '../helpers/scoring.ts';
import { makeSnapshot, type TestSnapshot } from '../helpers/snapshot.ts';
import { fieldsOf } from '../helpers/training.ts';

let shop: TestSnapshot;
let env: ScoringEnvironment;
beforeAll(async () => {
  shop = await makeSnapshot(leavingCustomers());
  env = await scoringOf(shop);
});
afterAll(() => shop[Symbol.asyncDispose]());

describe('the explanation of a customer', () => {
  it('differs by the days with orders alone if they are not asked for', async () => {
    const [customerId] = (await scoreCustomers({}, env)).customerIds;
    const around = { ...env, atRiskFrom: 0.3 };
    const whole = await explainCustomer({ customerId }, around);
    expect(whole.orderDays).not.toEqual([]);
    expect(await explainCustomer({ customerId, withOrderDays: false }, around)).toEqual({
      ...whole,
      orderDays: [],
    });
  });

  it.each([undefined, '2025-12-01'])('sums to the score that the model gives, as of %s', async (day) => {
    const asOf = day === undefined ? {} : { asOf: day };
    const scores = await scoreCustomers(asOf, env);
    const table = await readChurnFeatures(env.data, { asOf: scores.asOf });
    const rawScores = predictRawScores(
      env.version.ensemble,
      toFeatureMatrix(table, env.version.card.features),
    );
    for (const row of [0, 10, 99, 200]) {
      const customerId = scores.customerIds[row];
      const explained = await explainCustomer(
        { customerId, line: 0.5, ...asOf },
        { ...env, atRiskFrom: 0.3 },
      );
      expect(explained.customerId).toBe(customerId);
      const { orderDays, profile } = explained;
      expect(orderDays.reduce((sum, { orders }) => sum + orders, 0)).toBe(profile.totalOrders);
      expect(orderDays.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(profile.totalSpent, 2);
      expect([orderDays.at(0)?.day, orderDays.at(-1)?.day]).toEqual([
        profile.firstOrderDate,
        profile.lastOrderDate,
      ]);
      expect(explained.churnProbability).toBe(scores.probabilities[row]);
      expect(explained.rawScore).toBeCloseTo(rawScores[row], 5);
      const base = Math.log(explained.typicalProbability / (1 - explained.typicalProbability));
      const sum = explained.contributions.reduce((total, { contribution }) => total + contribution, base);
      expect(sum).toBeCloseTo(explained.rawScore, 9);
      const themes = explained.reasons.reduce((total, { contribution }) => total + contribution, base);
      expect(themes).toBeCloseTo(explained.rawScore, 9);
      const strengths = explained.contributions.map(({ contribution }) => Math.abs(contribution));
      expect(strengths).toEqual(strengths.toSorted((a, b) => b - a));
    }
  });

  it('adds orders until the risk is below the threshold, and none if it already is', async () => {
    const { customerIds, probabilities } = await scoreCustomers({}, env);
    const riskiest = probabilities.indexOf(Math.max(...probabilities));
    const safest = probabilities.indexOf(Math.min(...probabilities));
    const explain = (row: number, line: number) =>
      explainCustomer({ customerId: customerIds[row], line }, { ...env, atRiskFrom: 0.3 });
    const { afterOrders } = await explain(riskiest, 0.5);
    expect(afterOrders.length).toBeGreaterThan(0);
    expect(afterOrders.slice(0, -1).every((probability) => probability >= 0.5)).toBe(true);
    expect(afterOrders[0]).toBeLessThan(probabilities[riskiest]);
    expect((await explain(safest, 0.5)).afterOrders).toEqual([]);
    expect((await explain(riskiest, 0.01)).afterOrders).toHaveLength(3);
  });

  it('compares with customers of the evaluation who had a similar score', async () => {
    const { calibration } = env.version.card.metrics;
    const { similar, churnProbability } = await explainCustomer(
      { customerId: 5, line: 0.5 },
      { ...env, atRiskFrom: 0.3 },
    );
    const distances = calibration.map(({ predicted }) => Math.abs(predicted - churnProbability));
    expect(similar).toEqual(calibration[distances.indexOf(Math.min(...distances))]);
  });

  it('compares with the typical customer of those who still buy', async () => {
    const { typical_customer } = fieldsOf(env.version.card);
    const { contributions } = await explainCustomer(
      { customerId: 5, line: 0.5 },
      { ...env, atRiskFrom: 0.3 },
    );
    const table = await readChurnFeatures(env.data, { asOf: env.version.card.as_of });
    const recency = table.float64('days_since_last_order');
    const all = toFeatureMatrix(table, env.version.card.features);
    const active = filterRows(all, (row) => recency[row] < 60);
    const rawScores = predictRawScores(env.version.ensemble, active);
    const mean = rawScores.reduce((sum, score) => sum + score, 0) / rawScores.length;
    expect(typical_customer?.raw_score).toBeCloseTo(mean, 5);
    for (const [name, median] of Object.entries(typical_customer?.medians ?? {})) {
      const known = [...active.columns[active.featureNames.indexOf(name)]].filter((x) => !Number.isNaN(x));
      expect(known.filter((value) => value >= median).length).toBeGreaterThanOrEqual(known.length / 2);
      expect(known.filter((value) => value <= median).length).toBeGreaterThanOrEqual(known.length / 2);
    }
    expect(typical_customer?.medians).toHaveProperty('total_orders');
    const explainer = createTreeExplainer(env.version.ensemble);
    const own = explainer.explain(filterRows(all, (row) => row === 4));
    for (const [i, name] of all.featureNames.entries()) {
      const found = contributions.find(({ feature }) => feature === name);
      const usual = typical_customer?.contributions[name] ?? Number.NaN;
      expect(found?.contribution).toBeCloseTo(own[i] - usual, 12);
    }
  });

  it('accepts an id as text, and refuses unknown customers', async () => {
    await expect(
      explainCustomer({ customerId: '5', line: 0.5 }, { ...env, atRiskFrom: 0.3 }),
    ).resolves.toMatchObject({
      customerId: 5,
    });
    for (const customerId of [301, "5' or '1'='1", '']) {
      await expect(
        explainCustomer({ customerId, line: 0.5 }, { ...env, atRiskFrom: 0.3 }),
      ).rejects.toMatchObject({
        code: 'UNKNOWN_CUSTOMER',
      });
    }
  });
});
