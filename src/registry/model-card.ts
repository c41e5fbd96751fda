import { z } from 'zod';
import { cardDetailsSchema } from './card-details.ts';
import {
  classificationMetricsSchema,
  isoDateSchema,
  operatingPointSchema,
  warningSchema,
} from './card-figures.ts';

export const REGISTERED_MODELS = [
  'customer_churn_predictor',
  'customer_churn_forecast',
  'customer_churn_column',
  'product_recommendation',
  'campaign_uplift',
] as const;
export const registeredModelSchema = z.enum(REGISTERED_MODELS);
export type RegisteredModel = z.infer<typeof registeredModelSchema>;

export const VERSION_PATTERN = /^v_\d{8}_\d{6}$/;

/** The file `card.json` of a version. Everything a person or a later version needs to know about the model. */
export const modelCardSchema = z.object({
  schema: z.literal(2),
  model: registeredModelSchema,
  version: z.string().regex(VERSION_PATTERN),
  created_at: z.string(),
  comment: z.string(),
  /** Nothing after that day was seen; of a table of customers the day of training. */
  as_of: isoDateSchema,
  features: z.array(z.string()),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  training_samples: z.int(),
  test_samples: z.int(),
  /** Which rows the figures are of: some of the same days, or all of a later period. */
  evaluation: z.enum(['random_split', 'later_slice']),
  metrics: classificationMetricsSchema,
  /** Highest threshold first: the ROC and precision-recall curves. Empty in cards from before they were kept. */
  operating_points: z.array(operatingPointSchema),
  feature_importance: z.array(z.object({ feature: z.string(), importance: z.number() })),
  warnings: z.array(warningSchema),
  data: z.object({ fingerprint: z.string(), customers: z.int() }),
  details: cardDetailsSchema,
  /**
   * What was asked of the training besides label, day and horizon: the same request on the same data gives the same model.
   * Absent in older cards, and in those of imported models.
   */
  request: z
    .object({
      params: z.record(z.string(), z.number()),
      is_tuned: z.boolean(),
      engine: z.enum(['local', 'ray']),
    })
    .optional(),
  timings_ms: z.record(z.string(), z.number()),
  library_versions: z.record(z.string(), z.string()),
  /** SHA-256 of the files beside the card, in hex, by file name. */
  files: z.record(z.string(), z.string()),
});
export type ModelCard = z.infer<typeof modelCardSchema>;
