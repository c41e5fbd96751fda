/** What a card says beyond the common fields, by kind of model. */

import { z } from 'zod';
import { leftOutColumnSchema, tableColumnSchema } from '../data/feature-table/feature-table.ts';
import {
  calibrationTrialSchema,
  cameBackSchema,
  distributionSchema,
  forecastRecipeSchema,
  groupQualitySchema,
  isoDateSchema,
  rankingMetricsSchema,
  rollingCalibrationSchema,
  seasonSchema,
  spendFiguresSchema,
  tuningSchema,
  upliftFiguresSchema,
  valueFiguresSchema,
} from './card-figures.ts';

/** What a model of a table of customers needs to know to score another one. */
export const scoredTableSchema = z.object({
  id_column: z.string(),
  columns: z.array(tableColumnSchema),
  left_out: z.array(leftOutColumnSchema),
});

/** Of a model that was trained elsewhere: what it was made of. */
export const importedSchema = z.object({
  from: z.literal('xgboost'),
  version: z.string().describe('The XGBoost that saved it.'),
  objective: z.string(),
  iterations: z.int().describe('Rounds of boosting that were taken over.'),
  scaled: z.boolean().describe('Whether a scaler was folded into the thresholds.'),
  sha256: z.string().describe('Of the file that was imported.'),
});

/** Days that a model of orders saw. Only the recommendation and forward models have later periods. */
export const windowsSchema = z.object({
  /** The last days whose orders the features of the evaluated model's training rows see. */
  train_cutoffs: z.array(isoDateSchema),
  /** The same of the rows that it was judged on. */
  evaluation_cutoff: isoDateSchema,
  /** Absent if the registered trees are the evaluated ones; else the cutoffs that they were fitted on afterwards. */
  refit_cutoffs: z.array(isoDateSchema).optional(),
});

/** The orders that a model was trained from. */
export const orderHistorySchema = z.object({
  count: z.int(),
  first_date: isoDateSchema,
  last_date: isoDateSchema,
});

/** Other ways to rank the same evaluation rows, by name; a Brier score for those that give probabilities. */
export const baselinesSchema = z.record(
  z.string(),
  z.object({ roc_auc: z.number(), brier: z.number().optional() }),
);
export type Baselines = z.infer<typeof baselinesSchema>;

/** What every churn model has, whatever its label. */
const churnFields = {
  recipe: forecastRecipeSchema,
  baselines: baselinesSchema,
  tuning: tuningSchema.optional(),
};

/** What every churn model of a shop's orders has. */
const shopFields = {
  ...churnFields,
  windows: windowsSchema,
  orders: orderHistorySchema,
  imported: importedSchema.optional(),
  /** Customers as of the day of training, by feature, and their scores: what drift is measured against. */
  distribution: z
    .object({ features: z.record(z.string(), distributionSchema), scores: distributionSchema })
    .optional(),
};

const inactivitySchema = z.object({
  kind: z.literal('inactivity'),
  churn_threshold_days: z.int(),
  ...shopFields,
});

const forwardSchema = z.object({
  kind: z.literal('forward'),
  horizon_days: z.int(),
  ...shopFields,
  /** If nobody named the horizon: within how many days most customers who come back do so. */
  order_gaps: z.object({ share: z.number(), days: z.int() }).optional(),
  /** In cards from before the season was known: a sigmoid that was tried. */
  calibration: calibrationTrialSchema.optional(),
  season: seasonSchema.optional(),
  /** Absent if total spent per day so far was nearer to what customers then spent. */
  spend: spendFiguresSchema.optional(),
  /** Absent in cards from before customers had a value, and if too few came back. */
  value: valueFiguresSchema.optional(),
  rolling_calibration: rollingCalibrationSchema.optional(),
  /** Absent if the orders do not span three horizons after a day that was learnt from. */
  came_back: cameBackSchema.optional(),
  groups: z.array(groupQualitySchema).optional(),
  /**
   * The typical active customer as of the day of training, whom reasons compare with: mean raw score, mean Shapley
   * value by feature, and median by feature.
   */
  typical_customer: z
    .object({
      raw_score: z.number(),
      contributions: z.record(z.string(), z.number()),
      medians: z.record(z.string(), z.number()).optional(),
    })
    .optional(),
});

const columnSchema = z.object({
  kind: z.literal('column'),
  target: z.string(),
  positive: z.string(),
  ...churnFields,
  /** Its columns, in the order of the features. */
  table: scoredTableSchema,
});

const purchaseSchema = z.object({
  kind: z.literal('purchase'),
  horizon_days: z.int(),
  windows: windowsSchema,
  orders: orderHistorySchema,
  /** The model's ranking beside its baselines, by name. */
  ranking: z.record(z.string(), rankingMetricsSchema),
  /** Absent in cards from before recommendations knew the season. */
  season: seasonSchema.optional(),
});

const upliftSchema = z.object({
  kind: z.literal('uplift'),
  /** Of the longest campaign learnt from. */
  horizon_days: z.int(),
  orders: orderHistorySchema,
  /** Campaigns learnt from, newest first. */
  campaigns: z.array(z.string()),
  uplift: upliftFiguresSchema,
});

export const cardDetailsSchema = z.discriminatedUnion('kind', [
  inactivitySchema,
  forwardSchema,
  columnSchema,
  purchaseSchema,
  upliftSchema,
]);
export type CardDetails = z.infer<typeof cardDetailsSchema>;
export type DetailsOf<Kind extends CardDetails['kind']> = Extract<CardDetails, { kind: Kind }>;
type FieldNames<Kind> = Kind extends unknown ? keyof Kind : never;
type FieldOf<Kind, Name extends PropertyKey> = Kind extends { [_ in Name]?: infer Value } ? Value : never;

/** Whichever fields a card's kind has: for texts and answers, which show what is there. */
export type DetailFields = {
  readonly [Name in FieldNames<CardDetails>]?: FieldOf<CardDetails, Name> | undefined;
};
export type Imported = z.infer<typeof importedSchema>;
export type OrderGaps = NonNullable<DetailsOf<'forward'>['order_gaps']>;

/** What a model predicts: two models with equal labels answer the same question. */
export type Label =
  | Pick<DetailsOf<'inactivity'>, 'kind' | 'churn_threshold_days'>
  | Pick<DetailsOf<'forward'>, 'kind' | 'horizon_days'>
  | Pick<DetailsOf<'column'>, 'kind' | 'target' | 'positive'>
  | Pick<DetailsOf<'purchase'>, 'kind' | 'horizon_days'>
  | Pick<DetailsOf<'uplift'>, 'kind' | 'horizon_days'>;

export function labelOf(details: CardDetails): Label {
  switch (details.kind) {
    case 'inactivity':
      return { kind: details.kind, churn_threshold_days: details.churn_threshold_days };
    case 'column':
      return { kind: details.kind, target: details.target, positive: details.positive };
    case 'forward':
    case 'purchase':
    case 'uplift':
      return { kind: details.kind, horizon_days: details.horizon_days };
  }
}
