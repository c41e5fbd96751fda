/** Reads cards of schema 1, which had the fields of every kind as optional fields, as cards of today. */
import { z } from 'zod';
import { type CardDetails, importedSchema, scoredTableSchema } from './card-details.ts';
import {
  calibrationTrialSchema,
  classificationMetricsSchema,
  distributionSchema,
  forecastRecipeSchema,
  groupQualitySchema,
  isoDateSchema,
  operatingPointSchema,
  rankingMetricsSchema,
  tuningSchema,
  warningSchema,
} from './card-figures.ts';
import { type ModelCard, modelCardSchema, registeredModelSchema, VERSION_PATTERN } from './model-card.ts';

const labelSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('inactivity'), churn_threshold_days: z.int() }),
  z.object({ kind: z.literal('forward'), horizon_days: z.int() }),
  z.object({ kind: z.literal('purchase'), horizon_days: z.int() }),
  z.object({ kind: z.literal('column'), target: z.string(), positive: z.string() }),
]);

const cardSchema1 = z.object({
  schema: z.literal(1),
  model: registeredModelSchema,
  version: z.string().regex(VERSION_PATTERN),
  created_at: z.string(),
  comment: z.string(),
  label: labelSchema,
  as_of: isoDateSchema,
  windows: z.object({
    train_cutoffs: z.array(isoDateSchema),
    evaluation_cutoff: isoDateSchema,
    evaluation: z.enum(['random_split', 'later_slice']),
    refit_cutoffs: z.array(isoDateSchema).optional(),
  }),
  features: z.array(z.string()),
  recipe: forecastRecipeSchema.optional(),
  calibration: calibrationTrialSchema.optional(),
  table: scoredTableSchema.optional(),
  tuning: tuningSchema.optional(),
  imported: importedSchema.optional(),
  order_gaps: z.object({ share: z.number(), days: z.int() }).optional(),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  training_samples: z.int(),
  test_samples: z.int(),
  metrics: classificationMetricsSchema,
  operating_points: z.array(operatingPointSchema).optional(),
  ranking: z.record(z.string(), rankingMetricsSchema).optional(),
  groups: z.array(groupQualitySchema).optional(),
  baselines: z.record(z.string(), z.object({ roc_auc: z.number(), brier: z.number().optional() })).optional(),
  feature_importance: z.array(z.object({ feature: z.string(), importance: z.number() })),
  warnings: z.array(warningSchema),
  distribution: z
    .object({ features: z.record(z.string(), distributionSchema), scores: distributionSchema })
    .optional(),
  typical_customer: z
    .object({ raw_score: z.number(), contributions: z.record(z.string(), z.number()) })
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
  files: z.record(z.string(), z.string()),
});
type CardOfSchema1 = z.infer<typeof cardSchema1>;

/** Reads a card of any schema. @throws ZodError if it is no card, or a field of its kind is missing */
export function readModelCard(json: unknown): ModelCard {
  const old = z.object({ schema: z.literal(1) }).safeParse(json).success;
  return modelCardSchema.parse(old ? lifted(cardSchema1.parse(json)) : json);
}

/** Fields that a kind has to itself are dropped when the result is parsed. */
function lifted(card: CardOfSchema1): z.input<typeof modelCardSchema> {
  const { data, windows, operating_points = [] } = card;
  return {
    ...card,
    schema: 2,
    evaluation: windows.evaluation,
    operating_points,
    data: { fingerprint: data.fingerprint, customers: data.customers },
    details: detailsOf(card),
  };
}

function detailsOf(card: CardOfSchema1): CardDetails {
  const { label, data, windows: all, calibration, groups, order_gaps, typical_customer } = card;
  const { evaluation: _, ...windows } = all;
  const orders = { count: data.orders, first_date: data.first_order_date, last_date: data.last_order_date };
  const { recipe = 'trees', baselines = {}, tuning, imported, distribution } = card;
  const churn = { recipe, baselines, tuning };
  const shop = { ...churn, windows, orders, imported, distribution };
  switch (label.kind) {
    case 'inactivity':
      return { ...label, ...shop };
    case 'forward':
      return { ...label, ...shop, order_gaps, calibration, groups, typical_customer };
    case 'column':
      return { ...label, ...churn, table: scoredTableSchema.parse(card.table) };
    case 'purchase':
      return { ...label, windows, orders, ranking: card.ranking ?? {} };
  }
}
