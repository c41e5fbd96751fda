import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CHURN_FEATURES, FORWARD_FEATURES } from '../../../src/features/churn-features.ts';
import { cardMarkdown } from '../../../src/mcp/card-markdown.ts';
import { evaluationText } from '../../../src/mcp/evaluation-text.ts';
import { metricsText } from '../../../src/mcp/metrics-text.ts';
import { labelOf } from '../../../src/registry/card-details.ts';
import { openRegistry } from '../../../src/registry/file-registry.ts';
import { createInProcessTrainer } from '../../helpers/in-process-trainer.ts';
import { leavingCustomers } from '../../helpers/leaving-customers.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';
import { fieldsOf, importChurnModel, trainChurnModel } from '../../helpers/training.ts';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/xgboost-models/notebook/${name}`, import.meta.url));
const NAMED = fixture('named.json');
const SCALED = { file: fixture('scaled.ubj'), scalerFile: fixture('scaler.json') };

function environmentOf({ data, home }: TestSnapshot) {
  return {
    data,
    registry: openRegistry(home, { now: () => new Date() }),
    trainer: createInProcessTrainer(),
    now: () => new Date(),
  };
}

describe('an imported model', () => {
  it('is judged on the latest period, becomes the first champion, and its card says where it comes from', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const env = environmentOf(shop);
    const { card, promoted } = await importChurnModel(
      { model: 'customer_churn_forecast', file: NAMED, horizonDays: 60, comment: 'from the notebook' },
      env,
    );
    expect(card).toMatchObject({
      features: [...CHURN_FEATURES],
      comment: 'from the notebook',
      training_samples: 0,
      evaluation: 'later_slice',
      details: {
        kind: 'forward',
        horizon_days: 60,
        imported: { from: 'xgboost', version: '3.2.0', iterations: 15, scaled: false },
        windows: { train_cutoffs: [] },
      },
    });
    expect(promoted).toBe(true);
    expect(card.warnings[0]?.code).toBe('IMPORTED');
    expect(card.metrics.roc_auc).toBeGreaterThan(0.4);
    expect(fieldsOf(card).typical_customer).toBeDefined();
    expect(metricsText(card)).toMatch(
      /Trained elsewhere with XGBoost 3\.2\.0 and imported, judged on \d+ customers from the latest period/,
    );
    expect(cardMarkdown(card)).toContain('rows unknown here, with XGBoost 3.2.0, before it was imported');
    expect(evaluationText(card)).toMatch(/ rows of the period after [\d-]+, which it may have learnt from/);
    const loaded = await env.registry.load('customer_churn_forecast', card.version);
    expect(loaded.ensemble.featureNames).toEqual([...CHURN_FEATURES]);
  });

  it('takes the champion’s horizon, and does not replace a champion that ranks better', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const env = environmentOf(shop);
    const trained = await trainChurnModel(
      { label: 'forward', horizonDays: 60, params: { n_estimators: 10 } },
      env,
    );
    const imported = await importChurnModel(
      { model: 'customer_churn_forecast', ...SCALED, features: CHURN_FEATURES },
      env,
    );
    expect(labelOf(imported.card.details)).toEqual({ kind: 'forward', horizon_days: 60 });
    expect(imported.promoted).toBe(false);
    expect(imported.promotion).toMatch(/so the champion stays\.$/);
    expect(fieldsOf(imported.card).imported?.scaled).toBe(true);
    expect(await env.registry.resolveAlias('customer_churn_forecast', 'champion')).toBe(trained.card.version);
    expect(imported.card.version).not.toBe(trained.card.version);
  });

  it('is not trained again if a training challenges it', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const env = environmentOf(shop);
    const given = { model: 'customer_churn_predictor' as const, file: NAMED };
    const { card } = await importChurnModel(given, env);
    expect(card.evaluation).toBe('random_split');
    const again = await importChurnModel(given, env);
    expect(again.card.metrics).toEqual(card.metrics);
    const challenger = await trainChurnModel({ label: 'inactivity', params: { n_estimators: 10 } }, env);
    expect(challenger.promoted).toBe(true);
    expect(challenger.promotion).toContain(`against ${card.metrics.roc_auc.toFixed(4)} of the champion`);
  });

  it('is refused if its columns are not those of the shop', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const env = environmentOf(shop);
    const refusal = (features: readonly string[] | undefined, file = SCALED.file) =>
      importChurnModel({ model: 'customer_churn_forecast', file, ...(features && { features }) }, env).then(
        () => 'imported',
        (error) => `${error.code}: ${error.message} ${error.hint}`,
      );
    expect(await refusal(undefined)).toMatchInlineSnapshot(
      `"MODEL_REFUSED: The model file does not say what its columns are. Name each column that the model was trained on, in its order: --features total_orders,total_spent,…"`,
    );
    expect(await refusal(CHURN_FEATURES.slice(1))).toMatchInlineSnapshot(
      `"MODEL_REFUSED: The model has 6 features, but 5 names were given. Name every column that it was trained on, in the order of the training: --features total_orders,total_spent,…"`,
    );
    expect(await refusal([...CHURN_FEATURES.slice(1), 'total_ordres'])).toBe(
      `MODEL_REFUSED: There is no feature "total_ordres". Did you mean "total_orders"? Known: ${FORWARD_FEATURES.join(', ')}.`,
    );
    expect(await refusal([...CHURN_FEATURES.slice(1), 'total_spent'])).toMatchInlineSnapshot(
      `"MODEL_REFUSED: The feature "total_spent" is named twice. Name each column that the model was trained on, in its order: --features total_orders,total_spent,…"`,
    );
    expect(await refusal(CHURN_FEATURES.toReversed(), NAMED)).toMatchInlineSnapshot(
      `"MODEL_REFUSED: The model file names its columns itself, and in another order. Leave --features out, or check it: the file has total_orders, total_spent, avg_order_value, customer_tenure_days, order_frequency, revenue_per_order."`,
    );
    expect(await env.registry.list()).toEqual([]);
  });

  it('is refused if the orders allow no evaluation', async () => {
    await using shop = await makeSnapshot(leavingCustomers({ customers: 20 }));
    const env = environmentOf(shop);
    const importing = importChurnModel({ model: 'customer_churn_forecast', file: NAMED }, env);
    await expect(importing).rejects.toMatchObject({ code: 'TOO_FEW_CUSTOMERS' });
    expect(await env.registry.list()).toEqual([]);
  });
});
