/** What the page reads of the tools' structured content. */
import { z } from 'zod';

export const versionsSchema = z.object({
  models: z.array(
    z.object({
      model: z.string(),
      version: z.string(),
      aliases: z.array(z.string()),
      created_at: z.string(),
      as_of: z.string(),
      roc_auc: z.number(),
      comment: z.string(),
    }),
  ),
  only_table: z.boolean().optional(),
});
export type Version = z.infer<typeof versionsSchema>['models'][number];

export const operatingPointSchema = z.object({ threshold: z.number(), tp: z.number(), fp: z.number() });
export type OperatingPoint = z.infer<typeof operatingPointSchema>;

export const metricsSchema = z.object({
  model: z.string(),
  version: z.string(),
  label: z.string(),
  horizon_days: z.number().optional(),
  as_of: z.string(),
  roc_auc: z.number(),
  pr_auc: z.number(),
  accuracy: z.number(),
  majority_rate: z.number(),
  churned_recall: z.number(),
  precision: z.number(),
  brier: z.number(),
  brier_base: z.number(),
  churn_rate: z.number(),
  lift_top_decile: z.number(),
  training_samples: z.number(),
  test_samples: z.number(),
  evaluation: z.enum(['random_split', 'later_slice']),
  evaluation_cutoff: z.string(),
  confusion_matrix: z.object({ tn: z.number(), fp: z.number(), fn: z.number(), tp: z.number() }),
  calibration: z.array(z.object({ predicted: z.number(), observed: z.number(), count: z.number() })),
  baselines: z.record(z.string(), z.object({ roc_auc: z.number(), brier: z.number().optional() })),
  groups: z
    .array(
      z.object({
        name: z.string(),
        customers: z.number(),
        churn_rate: z.number(),
        predicted_rate: z.number(),
        roc_auc: z.number().optional(),
      }),
    )
    .default([]),
  ranking: z
    .record(
      z.string(),
      z.object({
        buyers: z.number(),
        hit_rate_at_5: z.number(),
        recall_at_10: z.number(),
        ndcg_at_10: z.number(),
        new_hit_rate_at_5: z.number(),
      }),
    )
    .optional(),
  live_accuracy: z
    .object({
      as_of: z.string(),
      customers: z.number(),
      predicted_rate: z.number(),
      churn_rate: z.number(),
      roc_auc: z.number().optional(),
      brier: z.number(),
    })
    .optional(),
  recipe: z.string().optional(),
  feature_importance: z.array(z.object({ feature: z.string(), importance: z.number() })),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  operating_points: z.array(operatingPointSchema).default([]),
  drift: z
    .object({
      as_of: z.string(),
      score_psi: z.number(),
      features: z.array(z.object({ feature: z.string(), psi: z.number() })),
    })
    .optional(),
});
export type Metrics = z.infer<typeof metricsSchema>;

const idSchema = z.union([z.number(), z.string()]);

export const atRiskSchema = z.object({
  scored_as_of: z.string(),
  horizon_days: z.number().optional(),
  active_customers: z.number(),
  total_value_at_risk: z.number(),
  total_value_low: z.number(),
  total_value_high: z.number(),
  probabilities_are: z.string().optional(),
  listed_customers: z.number(),
  listed_value_at_risk: z.number(),
  listed_value_low: z.number(),
  listed_value_high: z.number(),
  least_probability: z.number(),
  next_offset: z.number().nullable(),
  customers: z.array(
    z.object({
      customer_id: idSchema,
      name: z.string().optional(),
      churn_probability: z.number(),
      value_at_risk: z.number(),
      total_spent: z.number(),
      days_since_last_order: z.number(),
      reasons: z.array(z.string()),
    }),
  ),
});
export type AtRisk = z.infer<typeof atRiskSchema>;

export const tableRiskSchema = z.object({
  active_customers: z.number(),
  more_likely_than_not: z.number(),
  total_value_at_risk: z.number().nullable(),
  total_value_low: z.number().nullable(),
  total_value_high: z.number().nullable(),
  probabilities_are: z.string().optional(),
  listed_customers: z.number(),
  least_probability: z.number(),
  next_offset: z.number().nullable(),
  customers: z.array(
    z.object({
      customer_id: idSchema,
      churn_probability: z.number(),
      value_at_risk: z.number().nullable(),
      reasons: z.array(z.string()),
    }),
  ),
});
export type TableRisk = z.infer<typeof tableRiskSchema>;

export const exportSchema = z.object({
  exported: z.object({ name: z.string(), rows: z.number(), path: z.string().optional() }),
});

export const trainedSchema = z.object({ version: z.string() });

const groupSchema = z.object({
  name: z.string(),
  rule: z.string().optional(),
  customers: z.number(),
  total_spent: z.number(),
});

export const overviewSchema = z.object({
  as_of: z.string(),
  compared_with: z.string(),
  horizon_days: z.number(),
  customers: z.number(),
  active_customers: z.number(),
  lapsed_customers: z.number(),
  lapsed_after_days: z.number(),
  active_before: z.number(),
  newly_lapsed: z.number(),
  won_back: z.number(),
  new_customers: z.number(),
  segments: z.array(groupSchema),
  months: z.array(
    z.object({
      month: z.string(),
      orders: z.number(),
      revenue: z.number(),
      customers: z.number(),
      new_customers: z.number(),
    }),
  ),
  risk: z
    .object({
      total_value_at_risk: z.number(),
      total_value_low: z.number(),
      total_value_high: z.number(),
      value_at_risk_before: z.number(),
      value_low_before: z.number(),
      value_high_before: z.number(),
      probabilities_are: z.string().optional(),
      more_likely_than_not: z.number(),
    })
    .nullable(),
});
export type Overview = z.infer<typeof overviewSchema>;

const offerSchema = z.object({
  rank: z.number(),
  product_name: z.string(),
  product_category: z.string().nullable(),
  purchase_probability: z.number(),
  price: z.number().nullable().optional(),
  reason: z.string().optional(),
});
export type Offer = z.infer<typeof offerSchema>;

export const cohortsSchema = z.object({
  as_of: z.string(),
  horizon_days: z.number().default(0),
  churn_by_month: z
    .array(
      z.object({
        month: z.string(),
        active_at_start: z.number(),
        lapsed: z.number(),
        won_back: z.number(),
      }),
    )
    .default([]),
  cohorts: z.array(z.object({ month: z.string(), customers: z.number(), retention: z.array(z.number()) })),
  groups: z
    .array(z.object({ name: z.string(), customers: z.number(), retention: z.array(z.number()) }))
    .default([]),
});
export type Cohorts = z.infer<typeof cohortsSchema>;

export const explanationSchema = z.object({
  scored_as_of: z.string(),
  at_risk_from: z.number(),
  orders: z.array(z.object({ day: z.string(), orders: z.number(), amount: z.number() })).default([]),
  offers: z.array(offerSchema).default([]),
  horizon_days: z.number().optional(),
  churn_probability: z.number(),
  typical_probability: z.number(),
  profile: z.object({
    total_orders: z.number(),
    total_spent: z.number(),
    avg_order_value: z.number(),
    first_order_date: z.string(),
    last_order_date: z.string(),
    days_since_last_order: z.number(),
    mean_gap_days: z.number().nullable(),
    distinct_products: z.number(),
  }),
  reasons: z.array(z.object({ reason: z.string(), contribution: z.number() })),
  similar_customers: z.object({ predicted: z.number(), left: z.number(), count: z.number() }).nullable(),
  after_orders: z.array(z.number()),
});
export type Explanation = z.infer<typeof explanationSchema>;

export const recommendationsSchema = z.object({
  horizon_days: z.number().optional(),
  as_of: z.string(),
  customers: z.array(z.object({ customer_id: idSchema, recommendations: z.array(offerSchema) })),
});

export type Recommendations = z.infer<typeof recommendationsSchema>;

/** The job that a long call goes on as, or its result. */
export const jobSchema = z.object({
  job_id: z.string(),
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  result: z.record(z.string(), z.unknown()).optional(),
  text: z.string(),
});
