import { describe, expect, it } from 'vitest';
import { openDataHome } from '../../src/data/data-home.ts';
import { importShop } from '../../src/data/import/import-shop.ts';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { createInProcessTrainer } from '../helpers/in-process-trainer.ts';
import { sharedData } from '../helpers/shared-data.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { fieldsOf, trainChurnModel } from '../helpers/training.ts';

const cdnow = sharedData('cdnow/orders.csv');
const onlineRetail = sharedData('online_retail/orders.csv');

async function environmentOf(orders: string | undefined) {
  const home = await newTestHome();
  await importShop({ orders: orders ?? '' }, { home });
  const provider = openDataHome(home);
  return {
    data: await provider.current(),
    registry: openRegistry(home, { now: () => new Date() }),
    trainer: createInProcessTrainer(),
    now: () => new Date(),
    [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose](),
  };
}

describe.skipIf(cdnow === undefined)('CDNOW (needs the public data beside the repository)', () => {
  it('reaches 0.97 by the reference label, nearly all of it from tenure, and warns of the leak', async () => {
    await using env = await environmentOf(cdnow);
    const { card } = await trainChurnModel({ label: 'inactivity' }, env);
    expect(card.metrics.roc_auc).toBeGreaterThan(0.96);
    expect(card.metrics.roc_auc).toBeLessThan(0.98);
    const tenure = card.feature_importance.find(({ feature }) => feature === 'customer_tenure_days');
    expect(tenure?.importance).toBeGreaterThan(0.9);
    expect(card.warnings.map(({ code }) => code)).toEqual(['LEAKAGE', 'INACTIVITY_LABEL']);
  });

  it('has a 90-day forecast above the recency rule, with usable probabilities', async () => {
    await using env = await environmentOf(cdnow);
    const { card } = await trainChurnModel({ label: 'forward', params: { n_estimators: 60 } }, env);
    expect(card.metrics.roc_auc).toBeGreaterThan(0.835);
    expect(card.metrics.roc_auc).toBeGreaterThan(fieldsOf(card).baselines?.recency_rule?.roc_auc ?? 1);
    expect(card.metrics.brier).toBeLessThan(0.0925);
  }, 240_000);
});

describe.skipIf(onlineRetail === undefined)(
  'Online Retail (needs the public data beside the repository)',
  () => {
    it('has a 90-day forecast well above the recency rule', async () => {
      await using env = await environmentOf(onlineRetail);
      const { card } = await trainChurnModel({ label: 'forward' }, env);
      expect(card.metrics.roc_auc).toBeGreaterThan(0.71);
      expect(fieldsOf(card).baselines?.recency_rule?.roc_auc).toBeCloseTo(0.6585, 3);
    }, 120_000);
  },
);
