import { z } from 'zod';

export const REGISTERED_MODELS = [
  'customer_churn_predictor',
  'customer_churn_forecast',
  'product_recommendation',
] as const;
export const registeredModelSchema = z.enum(REGISTERED_MODELS);
export type RegisteredModel = z.infer<typeof registeredModelSchema>;

export const VERSION_PATTERN = /^v_\d{8}_\d{6}$/;
export const isoDateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const confusionMatrixSchema = z.object({ tn: z.int(), fp: z.int(), fn: z.int(), tp: z.int() });

/** The positive class is "churned" (or "purchased", for the recommendation model). All at threshold 0.5. */
export const classificationMetricsSchema = z.object({
  roc_auc: z.number(),
  pr_auc: z.number(),
  accuracy: z.number(),
  /** Accuracy of always saying the commoner class. */
  majority_rate: z.number(),
  churned_recall: z.number(),
  precision: z.number(),
  f1: z.number(),
  log_loss: z.number(),
  brier: z.number(),
  /** Brier score of always saying the training base rate. */
  brier_base: z.number(),
  /** Share of positives in the evaluation data. */
  churn_rate: z.number(),
  confusion_matrix: confusionMatrixSchema,
  /** Share of positives in the top tenth by score, divided by the overall share. */
  lift_top_decile: z.number(),
  /** Ten bins by score: mean predicted probability beside the observed rate. */
  calibration: z.array(z.object({ predicted: z.number(), observed: z.number(), count: z.int() })),
});
export type ClassificationMetrics = z.infer<typeof classificationMetricsSchema>;

/** At k = 5 and 10 over the buyers of the evaluation window; `new` counts only products not bought before. */
export const rankingMetricsSchema = z.object({
  buyers: z.int(),
  hit_rate_at_5: z.number(),
  recall_at_10: z.number(),
  ndcg_at_10: z.number(),
  new_buyers: z.int(),
  new_hit_rate_at_5: z.number(),
  new_recall_at_10: z.number(),
});
export type RankingMetrics = z.infer<typeof rankingMetricsSchema>;

export const warningSchema = z.object({ code: z.string(), message: z.string() });
export type Warning = z.infer<typeof warningSchema>;

/** Shares of the values by bins that begin at ascending `edges`, and of the missing ones; they sum to 1. */
export const distributionSchema = z.object({
  edges: z.array(z.number()),
  shares: z.array(z.number()),
  missing: z.number(),
});
export type Distribution = z.infer<typeof distributionSchema>;

export const labelSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('inactivity'), churn_threshold_days: z.int() }),
  z.object({ kind: z.literal('forward'), horizon_days: z.int() }),
  z.object({ kind: z.literal('purchase'), horizon_days: z.int() }),
]);

/** The file `card.json` of a version. Everything a person or a later version needs to know about the model. */
export const modelCardSchema = z.object({
  schema: z.literal(1),
  model: registeredModelSchema,
  version: z.string().regex(VERSION_PATTERN),
  created_at: z.string(),
  comment: z.string(),
  label: labelSchema,
  as_of: isoDateSchema,
  /** The last day whose orders the features of the evaluated model see, and of its evaluation slice. */
  windows: z.object({
    train_cutoffs: z.array(isoDateSchema),
    evaluation_cutoff: isoDateSchema,
    evaluation: z.enum(['random_split', 'later_slice']),
    /**
     * Where the registered trees were fitted again after the evaluation, with the evaluation slice included: the
     * cutoffs they were fitted on. Absent where the registered trees are the evaluated ones.
     */
    refit_cutoffs: z.array(isoDateSchema).optional(),
  }),
  features: z.array(z.string()),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  training_samples: z.int(),
  test_samples: z.int(),
  metrics: classificationMetricsSchema,
  /** The recommendation model's ranking beside its baselines, by name. */
  ranking: z.record(z.string(), rankingMetricsSchema).optional(),
  /** Baselines on the same evaluation data, by name; ROC-AUC each. */
  baselines: z.record(z.string(), z.object({ roc_auc: z.number() })).optional(),
  feature_importance: z.array(z.object({ feature: z.string(), importance: z.number() })),
  warnings: z.array(warningSchema),
  /** Customers as of the day of training, by feature, and their scores: what drift is measured against. */
  distribution: z
    .object({ features: z.record(z.string(), distributionSchema), scores: distributionSchema })
    .optional(),
  data: z.object({
    fingerprint: z.string(),
    customers: z.int(),
    orders: z.int(),
    first_order_date: isoDateSchema,
    last_order_date: isoDateSchema,
  }),
  timings_ms: z.record(z.string(), z.number()),
  library_versions: z.record(z.string(), z.string()),
  /** SHA-256 of the files beside the card, in hex, by file name. */
  files: z.record(z.string(), z.string()),
});
export type ModelCard = z.infer<typeof modelCardSchema>;
