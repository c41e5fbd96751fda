import type { DetailsOf } from '../../src/registry/card-details.ts';
import type { ModelCard } from '../../src/registry/model-card.ts';

export const forwardDetails: DetailsOf<'forward'> = {
  kind: 'forward',
  horizon_days: 90,
  recipe: 'trees',
  windows: {
    train_cutoffs: ['2025-07-04', '2025-06-04'],
    evaluation_cutoff: '2025-10-02',
    refit_cutoffs: ['2025-10-02', '2025-07-04', '2025-06-04'],
  },
  orders: { count: 9000, first_date: '2024-01-01', last_date: '2025-12-31' },
  baselines: { recency_rule: { roc_auc: 0.801 } },
};

/** A card whose figures are round enough to read in a snapshot. */
export const sampleCard: ModelCard = {
  schema: 2,
  model: 'customer_churn_forecast',
  version: 'v_20260105_101500',
  created_at: '2026-01-05T10:15:00.000Z',
  comment: '',
  as_of: '2025-12-31',
  evaluation: 'later_slice',
  features: ['total_orders', 'days_since_last_order'],
  params: { n_estimators: 100, max_depth: 3 },
  training_samples: 12_000,
  test_samples: 2000,
  metrics: {
    roc_auc: 0.8312,
    pr_auc: 0.9021,
    accuracy: 0.815,
    majority_rate: 0.7,
    churned_recall: 0.9,
    precision: 0.84,
    f1: 0.869,
    log_loss: 0.41,
    brier: 0.1312,
    brier_base: 0.21,
    churn_rate: 0.7,
    confusion_matrix: { tn: 370, fp: 240, fn: 130, tp: 1260 },
    lift_top_decile: 1.38,
    calibration: [
      { predicted: 0.31, observed: 0.28, count: 1000 },
      { predicted: 0.95, observed: 0.93, count: 1000 },
    ],
  },
  operating_points: [],
  feature_importance: [
    { feature: 'total_orders', importance: 0.25 },
    { feature: 'days_since_last_order', importance: 0.75 },
  ],
  warnings: [],
  data: { fingerprint: 'f00d', customers: 2000 },
  details: forwardDetails,
  timings_ms: { total: 1234 },
  library_versions: {},
  files: {},
};

export const inactivityCard: ModelCard = {
  ...sampleCard,
  model: 'customer_churn_predictor',
  version: 'v_20260104_090000',
  evaluation: 'random_split',
  details: {
    kind: 'inactivity',
    churn_threshold_days: 7,
    recipe: 'trees',
    windows: { train_cutoffs: ['2025-12-31'], evaluation_cutoff: '2025-12-31' },
    orders: forwardDetails.orders,
    baselines: { customer_tenure_days_alone: { roc_auc: 0.97 } },
  },
  metrics: { ...sampleCard.metrics, brier: 0.25 },
  warnings: [{ code: 'LEAKAGE', message: 'Tenure alone gives the label away: train with label "forward".' }],
};

const ranking = {
  buyers: 500,
  hit_rate_at_5: 0.7,
  recall_at_10: 0.18,
  ndcg_at_10: 0.34,
  new_buyers: 450,
  new_hit_rate_at_5: 0.36,
  new_recall_at_10: 0.07,
};

/** As a training makes it that chose its own horizon and had a year of periods to try a calibration on. */
export const settledCard: ModelCard = {
  ...sampleCard,
  details: {
    ...forwardDetails,
    recipe: 'trees_and_logistic_regression',
    order_gaps: { share: 0.8, days: 71 },
    calibration: {
      kept: false,
      slope: 0.9,
      intercept: 0.2,
      trials: ['2025-10-02', '2025-07-04', '2025-04-05', '2025-01-05'].map((cutoff, i) => ({
        cutoff,
        log_loss: 0.41,
        calibrated_log_loss: i === 2 ? 0.42 : 0.4,
      })),
    },
  },
};

const period = {
  cutoff: '2025-10-02',
  customers: 780,
  said: 0.3,
  low: 0.22,
  high: 0.38,
  happened: 0.32,
  calibration_error: 0.03,
  value_said: 150_300,
  value_low: 118_000,
  value_high: 181_000,
  value_lost: 161_900,
};

/** A forecast that was checked at two past days, and was right. */
export const judgedCard: ModelCard = {
  ...settledCard,
  details: {
    ...forwardDetails,
    season: { is_known: true, factor: 1.1, repeats: 0.6, years: 2, pairs: 60, deviation: 0.15 },
    came_back: { cutoff: '2025-04-05', days: 270, left: 120, share: 0.41 },
    rolling_calibration: {
      periods: [
        period,
        {
          ...period,
          cutoff: '2025-07-04',
          said: 0.36,
          happened: 0.34,
          value_said: 171_000,
          value_lost: 160_100,
        },
      ],
      bands: [
        { from: 0.1, to: 0.2, customers: 330, said: 0.15, happened: 0.16 },
        { from: 0.6, to: 0.7, customers: 331, said: 0.64, happened: 0.61 },
      ],
    },
  },
};

/** The same, but far too high the last time. */
export const misjudgedCard: ModelCard = {
  ...judgedCard,
  details: {
    ...forwardDetails,
    rolling_calibration: {
      periods: [
        {
          ...period,
          said: 0.427,
          happened: 0.078,
          calibration_error: 0.35,
          value_said: 3_000_000,
          value_lost: 390_000,
        },
      ],
      bands: [{ from: 0.6, to: 0.7, customers: 331, said: 0.64, happened: 0.11 }],
    },
  },
};

export const purchaseDetails: DetailsOf<'purchase'> = {
  kind: 'purchase',
  horizon_days: 30,
  windows: forwardDetails.windows,
  orders: forwardDetails.orders,
  ranking: { model: ranking, popularity_last_30_days: { ...ranking, hit_rate_at_5: 0.5, ndcg_at_10: 0.14 } },
};

export const recommendationCard: ModelCard = {
  ...sampleCard,
  model: 'product_recommendation',
  details: purchaseDetails,
};
