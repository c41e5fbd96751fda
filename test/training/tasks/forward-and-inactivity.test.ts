import { describe, expect, it } from 'vitest';
import { CHURN_FEATURES, FORWARD_FEATURES } from '../../../src/features/churn-features.ts';
import type { Progress } from '../../../src/progress.ts';
import { openRegistry } from '../../../src/registry/file-registry.ts';
import { createInProcessTrainer } from '../../helpers/in-process-trainer.ts';
import { FIRST_DAY, leavingCustomers } from '../../helpers/leaving-customers.ts';
import { makeSnapshot, type TestShop, type TestSnapshot } from '../../helpers/snapshot.ts';
import { fieldsOf, trainChurnModel } from '../../helpers/training.ts';

function environmentOf({ data, home }: TestSnapshot) {
  return {
    data,
    registry: openRegistry(home, { now: () => new Date() }),
    trainer: createInProcessTrainer(),
    now: () => new Date(),
  };
}

/** The last digits are not the point: they change with every change of the recipe. */
function withoutDigits(text: string): string {
  return text.replaceAll(/0\.\d{4}/g, '0.NNNN');
}

const quick = { params: { n_estimators: 10 } };

describe('the inactivity model', () => {
  it('follows the reference: six features, a stratified fifth held out, class weight, leak warning', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const env = environmentOf(shop);
    const { card, promoted, promotion } = await trainChurnModel({ label: 'inactivity' }, env);
    expect(card).toMatchObject({
      model: 'customer_churn_predictor',
      features: CHURN_FEATURES,
      params: { n_estimators: 100, max_depth: 6, learning_rate: 0.1, seed: 42 },
      training_samples: 240,
      test_samples: 60,
      evaluation: 'random_split',
      details: {
        kind: 'inactivity',
        churn_threshold_days: 7,
        windows: { evaluation_cutoff: shop.summary.lastOrderDate },
      },
    });
    expect(fieldsOf(card).windows?.refit_cutoffs).toBeUndefined();
    expect(card.params.scale_pos_weight).toBeLessThan(1);
    expect(card.warnings.map(({ code }) => code)).toContain('INACTIVITY_LABEL');
    expect([promoted, promotion]).toEqual([true, 'It is the first version, so it is the champion.']);
    expect(await env.registry.resolveAlias('customer_churn_predictor', 'champion')).toBe(card.version);
  });

  it('gives the same bytes for the same data and request', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const env = environmentOf(shop);
    const first = await trainChurnModel({ label: 'inactivity', ...quick }, env);
    const second = await trainChurnModel({ label: 'inactivity', ...quick }, env);
    expect(second.card.files['model.onnx']).toBe(first.card.files['model.onnx']);
    expect(second.card.metrics).toEqual(first.card.metrics);
    expect(second.promoted).toBe(true);
  });
});

describe('the forward model', () => {
  it('is evaluated after every training label has closed, then fitted on the evaluation slice too', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const reports: Progress[] = [];
    const env = { ...environmentOf(shop), onProgress: (report: Progress) => reports.push(report) };
    const { card } = await trainChurnModel({ label: 'forward', horizonDays: 60, asOf: '2026-01-31' }, env);
    expect(card.features).toEqual([...FORWARD_FEATURES]);
    expect(card.params).toMatchObject({ max_depth: 3, learning_rate: 0.05, scale_pos_weight: 1 });
    expect(fieldsOf(card).windows).toMatchInlineSnapshot(`
      {
        "evaluation_cutoff": "2025-12-02",
        "refit_cutoffs": [
          "2025-12-02",
          "2025-11-02",
          "2025-10-03",
          "2025-09-03",
          "2025-08-04",
          "2025-07-05",
        ],
        "train_cutoffs": [
          "2025-10-03",
          "2025-09-03",
          "2025-08-04",
          "2025-07-05",
          "2025-06-05",
        ],
      }
    `);
    expect(card.metrics.roc_auc).toBeGreaterThan(0.7);
    expect(card.metrics.brier).toBeLessThan(card.metrics.brier_base);
    expect(fieldsOf(card).baselines?.recency_rule?.roc_auc).toBeGreaterThan(0.5);
    expect(new Set(reports.map(({ phase }) => phase))).toEqual(
      new Set(['read', 'settle', 'train', 'look back', 'refit', 'register']),
    );
  });

  it('says what a random split is worth if the history holds one window only', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const { card } = await trainChurnModel(
      { label: 'forward', horizonDays: 200, ...quick },
      environmentOf(shop),
    );
    expect(card.evaluation).toBe('random_split');
    expect(card.warnings[0].code).toBe('SHORT_HISTORY');
    expect(card.warnings[0].message).toMatchInlineSnapshot(
      `"The orders do not hold two usable periods of 200 days, one after the other, so the figures come from a random fifth of the same customers and dates and may be too good: choose a shorter horizon_days or import a longer history."`,
    );
  });

  it('keeps a champion that ranks the same hold-out better', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const env = environmentOf(shop);
    const good = await trainChurnModel({ label: 'forward', horizonDays: 30, asOf: '2025-12-31' }, env);
    expect(fieldsOf(good.card).recipe).toBe('trees_logistic_regression_and_bg_nbd');
    const poor = {
      label: 'forward',
      horizonDays: 30,
      asOf: '2025-12-31',
      params: { n_estimators: 200, max_depth: 10, learning_rate: 1, reg_lambda: 0 },
    } as const;
    const sameHoldOut = await trainChurnModel(poor, env);
    expect(sameHoldOut.promoted).toBe(false);
    expect(sameHoldOut.promotion).toContain(`of the champion ${good.card.version} on the same hold-out`);
    // An earlier hold-out, which the champion was fitted on: its recipe is judged, not its memory.
    const seenHoldOut = await trainChurnModel({ ...poor, asOf: '2025-12-28' }, env);
    expect(seenHoldOut.promoted).toBe(false);
  });

  it('compares with the unchanged champion if the new hold-out is later than all it saw', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const env = environmentOf(shop);
    const other = { label: 'forward', horizonDays: 45 } as const;
    const early = await trainChurnModel({ ...other, ...quick, asOf: '2025-09-30' }, env);
    const later = await trainChurnModel({ ...other, ...quick }, env);
    expect(early.promoted).toBe(true);
    expect(later.promotion).toContain(`It reaches ROC-AUC ${later.card.metrics.roc_auc.toFixed(4)} against `);
    expect(withoutDigits(later.promotion.replace(early.card.version, 'VERSION'))).toMatchInlineSnapshot(
      `"It reaches ROC-AUC 0.NNNN against 0.NNNN of the champion VERSION on the same hold-out (95% interval of the difference −0.NNNN to +0.NNNN, so chance alone may make it), so the champion stays."`,
    );
    expect(await env.registry.resolveAlias('customer_churn_forecast', 'champion')).toBe(
      later.promoted ? later.card.version : early.card.version,
    );
  });

  it('stays the mean of its members if a baseline ranks better by no more than chance', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const { card } = await trainChurnModel(
      { label: 'forward', horizonDays: 60, asOf: '2025-12-31' },
      environmentOf(shop),
    );
    const { recipe, baselines } = fieldsOf(card);
    expect(recipe).toBe('trees_logistic_regression_and_bg_nbd');
    expect(baselines?.bg_nbd?.roc_auc).toBeGreaterThan(card.metrics.roc_auc);
    expect(card.warnings.map(({ code }) => code)).not.toContain('BASELINE_WINS');
  });

  it('becomes the baseline if that ranks better beyond chance, and says so', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const { card } = await trainChurnModel(
      {
        label: 'forward',
        horizonDays: 60,
        asOf: '2025-12-31',
        params: {
          n_estimators: 300,
          max_depth: 10,
          learning_rate: 1,
          reg_lambda: 0,
          min_child_weight: 0,
          subsample: 0.2,
        },
      },
      environmentOf(shop),
    );
    const { recipe, baselines } = fieldsOf(card);
    expect(recipe).toBe('bg_nbd');
    expect(card.metrics.roc_auc).toBeCloseTo(baselines?.bg_nbd?.roc_auc ?? 0, 2);
    const { code, message = '' } = card.warnings.at(-1) ?? {};
    expect(code).toBe('BASELINE_WINS');
    const [ours = 0, full = 1] = (message.match(/0\.\d{4}/g) ?? []).map(Number);
    expect(ours).toBeGreaterThan(full);
    expect(withoutDigits(message)).toMatchInlineSnapshot(
      `"The BG/NBD model alone ranks better than the full model (ROC-AUC 0.NNNN against 0.NNNN), so this version uses it. More data may change that."`,
    );
  });

  it('never sees orders after the as-of day', async () => {
    const all = leavingCustomers();
    const asOf = '2025-12-31';
    const until: TestShop = {
      orders: all.orders.filter(({ order_date }) => order_date.slice(0, 10) <= asOf),
    };
    await using whole = await makeSnapshot(all);
    await using cut = await makeSnapshot(until);
    const request = { label: 'forward', horizonDays: 45, asOf, ...quick } as const;
    const [one, other] = [
      await trainChurnModel(request, environmentOf(whole)),
      await trainChurnModel(request, environmentOf(cut)),
    ];
    expect(one.card.files['model.onnx']).toBe(other.card.files['model.onnx']);
    expect(one.card.metrics).toEqual(other.card.metrics);
  });
});

describe('a request that cannot be trained', () => {
  const refusals = [
    { title: 'horizon longer than the history', request: { label: 'forward', horizonDays: 1000 } },
    { title: 'date before the first order', request: { label: 'inactivity', asOf: '2024-12-31' } },
    { title: 'forward labels after the last order', request: { label: 'forward', asOf: '2030-01-01' } },
    { title: 'no date', request: { label: 'inactivity', asOf: '2026-02-30' } },
    { title: 'everybody churned', request: { label: 'inactivity', asOf: '2030-01-01' } },
    { title: 'too few customers by then', request: { label: 'inactivity', asOf: FIRST_DAY } },
    { title: 'unknown parameter', request: { label: 'inactivity', params: { trees: 5 } } },
    { title: 'parameter out of range', request: { label: 'inactivity', params: { max_depth: 99 } } },
    { title: 'early stopping', request: { label: 'inactivity', params: { early_stopping_rounds: 5 } } },
    {
      title: 'early stopping without a later period',
      request: { label: 'forward', horizonDays: 150, params: { early_stopping_rounds: 5 } },
    },
    { title: 'half a day', request: { label: 'forward', horizonDays: 1.5 } },
  ] as const;

  it('is refused with what to change, and registers nothing', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const env = environmentOf(shop);
    const answers: string[] = [];
    for (const { title, request } of refusals) {
      const error = await trainChurnModel(request, env).then(
        () => undefined,
        (refusal: { code: string; message: string; hint: string }) => refusal,
      );
      answers.push(`${title}: ${error?.code} ${error?.message} ${error?.hint}`);
    }
    expect(answers.join('\n')).toMatchInlineSnapshot(`
      "horizon longer than the history: HORIZON_TOO_LONG A horizon of 1000 days does not fit into 399 days of orders. Choose a horizon_days of at most 369 (at most 184 to be evaluated on a later period).
      date before the first order: INVALID_ARGUMENT There are no orders on or before 2024-12-31. Choose an as_of from 2025-01-01 to 2026-02-04, the dates of the first and last order.
      forward labels after the last order: INVALID_ARGUMENT The orders end on 2026-02-04, so who ordered until 2030-01-01 is not known. Choose an as_of up to 2026-02-04, leave it out, or import the newer orders.
      no date: INVALID_ARGUMENT The given date is not a day of the calendar. Write dates as YYYY-MM-DD, for example 2026-03-31.
      everybody churned: ONE_CLASS All customers count as churned at 7 days as of 2030-01-01, so there is nothing to learn. Choose a longer churn_threshold_days, or another as_of.
      too few customers by then: TOO_FEW_CUSTOMERS Too few customers had ordered by 2025-01-01: 2, and training needs at least 50. Import more customers, or choose a later as_of.
      unknown parameter: INVALID_ARGUMENT There is no training parameter "trees". Parameters, named as in XGBoost: n_estimators, max_depth, learning_rate, reg_lambda, reg_alpha, gamma, min_child_weight, subsample, colsample_bytree, scale_pos_weight, max_bin, early_stopping_rounds, seed.
      parameter out of range: INVALID_ARGUMENT The training parameter "max_depth" is 99: give 20 or less. Parameters, named as in XGBoost: n_estimators, max_depth, learning_rate, reg_lambda, reg_alpha, gamma, min_child_weight, subsample, colsample_bytree, scale_pos_weight, max_bin, early_stopping_rounds, seed.
      early stopping: INVALID_ARGUMENT The inactivity model has no later period to stop early on. Leave early_stopping_rounds out and set n_estimators, or train with label "forward".
      early stopping without a later period: INVALID_ARGUMENT Early stopping needs a later period than the trees learn from, and the orders do not span three of 150 days. Leave early_stopping_rounds out and set n_estimators, or choose a shorter horizon_days.
      half a day: INVALID_ARGUMENT horizon_days must be a whole number from 1 to 3650. Leave horizon_days out to use the default."
    `);
    expect(await env.registry.list()).toEqual([]);
  });

  it('can be cancelled between two trees, and registers nothing', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const controller = new AbortController();
    const env = {
      ...environmentOf(shop),
      signal: controller.signal,
      onProgress: ({ phase, done }: Progress) => {
        if (phase === 'train' && done === 3) controller.abort();
      },
    };
    await expect(trainChurnModel({ label: 'inactivity' }, env)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await env.registry.list()).toEqual([]);
  });
});
