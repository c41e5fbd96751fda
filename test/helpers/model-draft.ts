import { exportOnnx } from '../../src/onnx/export-onnx.ts';
import type { RegisteredModel } from '../../src/registry/model-card.ts';
import type { ModelDraft } from '../../src/registry/model-registry.ts';
import { boostedEnsemble } from './random-trees.ts';

/** A small model with a card that is valid and says nothing in particular. */
export function modelDraft(model: RegisteredModel = 'customer_churn_predictor', seed = 1): ModelDraft {
  const ensemble = boostedEnsemble({ trees: 4, depth: 3, featureCount: 3 }, seed);
  return {
    onnx: exportOnnx(ensemble, { model }),
    ensemble,
    card: {
      model,
      comment: '',
      as_of: '2026-01-31',
      features: [...ensemble.featureNames],
      params: { n_estimators: 4, max_depth: 3 },
      training_samples: 800,
      test_samples: 200,
      evaluation: 'later_slice',
      metrics: {
        roc_auc: 0.8,
        pr_auc: 0.7,
        accuracy: 0.75,
        majority_rate: 0.6,
        churned_recall: 0.7,
        precision: 0.7,
        f1: 0.7,
        log_loss: 0.5,
        brier: 0.17,
        brier_base: 0.24,
        churn_rate: 0.4,
        confusion_matrix: { tn: 100, fp: 20, fn: 24, tp: 56 },
        lift_top_decile: 2.1,
        calibration: [{ predicted: 0.1, observed: 0.12, count: 200 }],
      },
      feature_importance: ensemble.featureNames.map((feature) => ({ feature, importance: 1 / 3 })),
      warnings: [],
      operating_points: [],
      data: { fingerprint: 'f'.repeat(64), customers: 1000 },
      details: {
        kind: 'forward',
        horizon_days: 90,
        recipe: 'trees',
        baselines: {},
        windows: { train_cutoffs: ['2025-08-04'], evaluation_cutoff: '2025-11-02' },
        orders: { count: 5000, first_date: '2024-01-01', last_date: '2026-01-31' },
      },
      timings_ms: { total: 12.5 },
      library_versions: { 'churn-mcp': '0.1.0' },
    },
  };
}
