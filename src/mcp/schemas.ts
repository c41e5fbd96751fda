/** Pieces that the schemas of several tools share. */
import { z } from 'zod';
import { CAMPAIGN_ID_PATTERN } from '../campaigns/campaign-plan.ts';
import { type DetailFields, labelOf } from '../registry/card-details.ts';
import {
  calibrationTrialSchema,
  classificationMetricsSchema,
  forecastRecipeSchema,
  groupQualitySchema,
  isoDateSchema,
  rankingMetricsSchema,
  type Season,
  seasonSchema,
  tuningSchema,
  upliftFiguresSchema,
  warningSchema,
} from '../registry/card-figures.ts';
import { CHURN_LABEL_NAMES, labelMeanings } from '../registry/churn-labels.ts';
import { type ModelCard, registeredModelSchema, VERSION_PATTERN } from '../registry/model-card.ts';
import { PROBABILITY_ERRORS } from '../scoring/forecast-trust.ts';
import { plainText } from '../text/plain-text.ts';
import type { CustomerFilter, DriftReport } from './tool-context.ts';

export const idSchema = z.union([z.int(), z.string()]);
/** An id as a caller gives it: text by the schema; a plain number is taken as well. */
export const idArgumentSchema = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z.string().min(1).max(256),
);
export const probabilityErrorSchema = z
  .enum(PROBABILITY_ERRORS)
  .optional()
  .describe('Only if the latest were wrong by more than five points: then go by the intervals.');
export const textSchema = z.string().describe('The answer as text, for people.');
export const trainedNowSchema = z.boolean().describe('Whether this call had to train the model first.');

export const asOfSchema = isoDateSchema.describe('YYYY-MM-DD. Default: day of the last order.');
export const versionSchema = z
  .string()
  .regex(VERSION_PATTERN, 'is no version: write it as in v_20261123_101500')
  .describe('v_YYYYMMDD_HHMMSS. Default: the champion.');
export const campaignIdSchema = z
  .string()
  .regex(CAMPAIGN_ID_PATTERN, 'is no campaign: write its id as in c_20261123_101500_ab12')
  .describe('A campaign (c_YYYYMMDD_HHMMSS_xxxx).');
export const offsetSchema = z
  .int()
  .min(0)
  .max(10_000_000)
  .default(0)
  .describe('Rows to skip: the last next_offset.');
export const nextOffsetSchema = z
  .int()
  .nullable()
  .describe('The offset of the next page; null if the list ends here.');

/** Refuses a lower bound above its upper bound, which nothing can meet. */
export function assertInOrder<Name extends string>(...bounds: readonly (readonly [low: Name, high: Name])[]) {
  return (
    given: { readonly [K in Name]?: number | undefined },
    context: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
  ): void => {
    for (const [low, high] of bounds) {
      const [least, most] = [given[low], given[high]];
      if (least === undefined || most === undefined || least <= most) continue;
      context.addIssue({
        code: 'custom',
        path: [low],
        message: `is ${least}, and ${high} is ${most}: give a ${low} of ${most} or less`,
      });
    }
  };
}

/** Conditions that all lists, totals and cohorts share. */
export const filterSchema = z
  .strictObject({
    segment: z.string().max(200).optional(),
    customer_segment: z.string().max(200).optional(),
    attributes: z.array(z.string().max(300)).max(10).optional(),
    bought: z.string().min(1).max(200).optional(),
    min_spent: z.number().optional(),
    max_spent: z.number().optional(),
    min_orders: z.int().min(0).optional(),
    max_orders: z.int().min(0).optional(),
  })
  .superRefine(assertInOrder(['min_spent', 'max_spent'], ['min_orders', 'max_orders']))
  .describe(
    'Only customers who meet all. segment: also LAPSED; attributes: country=France; bought: product or category.',
  );

/** As the services take them. */
export function filterOf(filter: z.output<typeof filterSchema> | undefined): CustomerFilter {
  if (filter === undefined) return {};
  return {
    segment: filter.segment,
    customerSegment: filter.customer_segment,
    attributes: filter.attributes,
    bought: filter.bought,
    minSpent: filter.min_spent,
    maxSpent: filter.max_spent,
    minOrders: filter.min_orders,
    maxOrders: filter.max_orders,
  };
}

export const RESPONSE_FORMATS = ['detailed', 'concise'] as const;
export type ResponseFormat = (typeof RESPONSE_FORMATS)[number];
export const responseFormatSchema = z
  .enum(RESPONSE_FORMATS)
  .default('detailed')
  .describe('concise: a few lines.');

export const contactShape = {
  name: z.string().optional().describe('Only if the configuration shows contacts.'),
  email: z.string().optional().describe('Only if the configuration shows contacts.'),
};

/** The label of a model in one flat object: its name as train_churn_model takes it, and its window. */
export const labelFieldsShape = {
  label: z
    .enum([...CHURN_LABEL_NAMES, 'purchase', 'uplift'])
    .describe(
      `${labelMeanings()} purchase: bought in the horizon to come. uplift: ordered because of an offer.`,
    ),
  churn_threshold_days: z.int().optional().describe('Label "inactivity" only.'),
  horizon_days: z.int().optional().describe('Labels "forward" and "purchase" only.'),
  target: z.string().optional().describe('Label "column" only: the column that says who churned.'),
  positive: z.string().optional().describe('Label "column" only: its value that counts as churned.'),
};

export function labelFieldsOf({ details }: ModelCard) {
  const { kind, ...window } = labelOf(details);
  const texts = 'target' in window && {
    target: plainText(window.target),
    positive: plainText(window.positive),
  };
  return { label: kind, ...window, ...texts };
}

/** The last day of data in the features of the test rows. For a customer table it is the day of the card. */
export function evaluationCutoffOf({ as_of, details }: ModelCard): string {
  return 'windows' in details ? details.windows.evaluation_cutoff : as_of;
}

/** What every answer of a trained model says about that model. */
export const modelFieldsSchema = z.object({
  model: registeredModelSchema.describe('The registered model.'),
  version: z.string().describe('Its version.'),
  ...labelFieldsShape,
  as_of: isoDateSchema.describe('The last day of data that training used.'),
});

export const metricsFieldsSchema = modelFieldsSchema.extend({
  ...classificationMetricsSchema.shape,
  training_samples: z.int().describe('Rows that it was trained on.'),
  test_samples: z.int().describe('Rows that it was evaluated on; none was used for training.'),
  evaluation: z.enum(['random_split', 'later_slice']).describe('How the test rows were chosen.'),
  evaluation_cutoff: isoDateSchema.describe('The last day of data in the features of the test rows.'),
  baselines: z
    .record(
      z.string(),
      z.object({
        roc_auc: z.number().describe('What the baseline alone reaches.'),
        brier: z.number().optional().describe('Its Brier score, if it gives probabilities.'),
      }),
    )
    .describe('Simple rules on the same rows, by name.'),
  groups: z.array(groupQualitySchema).optional().describe('Forecasts only: quality by group of customers.'),
  season: seasonSchema
    .pick({ is_known: true, factor: true, repeats: true, deviation: true })
    .optional()
    .describe('What is known of the season.'),
  recipe: forecastRecipeSchema
    .optional()
    .describe(
      'How scores are made: boosted trees, their mean with a regression, or a baseline that ranked better.',
    ),
  calibration_trial: calibrationTrialSchema
    .optional()
    .describe('Whether calibrating the probabilities on earlier periods made later ones better.'),
  tuning: tuningSchema.optional().describe('Every trial, if parameters were searched for.'),
  order_gaps: z
    .object({
      share: z.number().describe('Share of the times that a customer came back.'),
      days: z.int().describe('That share came back within this many days.'),
    })
    .optional()
    .describe('How the horizon was chosen, if the caller named none.'),
  ranking: z
    .record(z.string(), rankingMetricsSchema.omit({ lists: true }))
    .optional()
    .describe('Recommendation model only: ranking quality beside its baselines, by name.'),
  uplift: upliftFiguresSchema.optional().describe('Label "uplift" only: whom offers persuaded.'),
  feature_importance: z
    .array(
      z.object({
        feature: z.string().describe('Name of the feature.'),
        importance: z.number().describe('Its share of all.'),
      }),
    )
    .describe('Highest first, summing to 1; the first five in a concise answer.'),
  columns_left_out: z
    .array(
      z.object({
        column: z.string().describe('Its name in the file.'),
        reason: z.string().describe('Why nothing can be learnt from it.'),
      }),
    )
    .optional()
    .describe('Label "column" only.'),
  warnings: z.array(warningSchema).describe('What to know before the figures are relied on.'),
});

/** Features that a concise answer names. */
const FEW_FEATURES = 5;

/** A card's figures under the names that answers use. The concise form leaves out how they were made. */
export function metricsFieldsOf(
  card: ModelCard,
  format: ResponseFormat = 'detailed',
): z.output<typeof metricsFieldsSchema> {
  if (format === 'concise') {
    const { groups, calibration_trial, tuning, columns_left_out, feature_importance, ...gist } =
      metricsFieldsOf(card);
    return { ...gist, feature_importance: feature_importance.slice(0, FEW_FEATURES) };
  }
  const {
    baselines = {},
    groups,
    recipe,
    calibration,
    tuning,
    order_gaps,
    ranking,
    season,
    table,
    uplift,
  }: DetailFields = card.details;
  return {
    model: card.model,
    version: card.version,
    ...labelFieldsOf(card),
    as_of: card.as_of,
    ...card.metrics,
    training_samples: card.training_samples,
    test_samples: card.test_samples,
    evaluation: card.evaluation,
    evaluation_cutoff: evaluationCutoffOf(card),
    baselines,
    ...(groups && { groups }),
    ...(season && { season: seasonFieldsOf(season) }),
    ...(recipe && { recipe }),
    ...(calibration && { calibration_trial: calibration }),
    ...(tuning && { tuning }),
    ...(order_gaps && { order_gaps }),
    ...(ranking && { ranking }),
    ...(uplift && { uplift }),
    feature_importance: [...card.feature_importance]
      .sort((a, b) => b.importance - a.importance || (a.feature < b.feature ? -1 : 1))
      .map(({ feature, importance }) => ({ feature: plainText(feature), importance })),
    ...(table && {
      columns_left_out: table.left_out.map(({ name, reason }) => ({ column: plainText(name), reason })),
    }),
    warnings: card.warnings,
  };
}

function seasonFieldsOf({ is_known, factor, repeats, deviation }: Season) {
  return { is_known, factor, repeats, deviation };
}

export const driftSchema = z.object({
  as_of: z.string().describe('The day whose customers were compared with those trained on.'),
  score_psi: z.number().describe('Population stability index of the scores.'),
  features: z
    .array(
      z.object({
        feature: z.string().describe('Name of the feature.'),
        psi: z.number().describe('Its population stability index.'),
      }),
    )
    .describe('The same by feature, highest first.'),
});

export function driftFieldsOf({ asOf, scorePsi, features }: DriftReport): z.output<typeof driftSchema> {
  return { as_of: asOf, score_psi: scorePsi, features: [...features] };
}
