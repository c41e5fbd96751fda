/** Schemas of the figures that cards hold and answers show. */
import { z } from 'zod';

export const isoDateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const confusionMatrixSchema = z.object({
  tn: z.int().describe('Negatives predicted as such.'),
  fp: z.int().describe('Negatives predicted as positives: false alarms.'),
  fn: z.int().describe('Positives that were missed.'),
  tp: z.int().describe('Positives that were caught.'),
});

/** The positive class is "churned" (or "purchased", for the recommendation model). All at threshold 0.5. */
export const classificationMetricsSchema = z.object({
  roc_auc: z.number().describe('Chance that a positive is ranked above a negative; 0.5 is guessing.'),
  pr_auc: z.number().describe('Average precision over all recalls; churn_rate is guessing.'),
  accuracy: z.number().describe('Share predicted correctly; to be read beside majority_rate.'),
  majority_rate: z.number().describe('Accuracy of always predicting the more common class.'),
  churned_recall: z.number().describe('Share of positives caught.'),
  precision: z.number().describe('Share of predicted positives that are right.'),
  f1: z.number().describe('Harmonic mean of precision and recall.'),
  log_loss: z.number().describe('Mean log-loss of the probabilities; lower is better.'),
  brier: z.number().describe('Mean squared error of the probabilities; to be read beside brier_base.'),
  brier_base: z.number().describe('Brier score of always predicting the training base rate.'),
  churn_rate: z.number().describe('Share of positives in the evaluation data.'),
  confusion_matrix: confusionMatrixSchema.describe('Counts at threshold 0.5.'),
  lift_top_decile: z
    .number()
    .describe('Share of positives in the top tenth by score, divided by the overall share.'),
  calibration: z
    .array(
      z.object({
        predicted: z.number().describe('Mean predicted probability.'),
        observed: z.number().describe('Share that really were positive.'),
        count: z.int().describe('Rows in the bin.'),
      }),
    )
    .describe('Up to ten bins by score, lowest first.'),
});
export type ClassificationMetrics = z.infer<typeof classificationMetricsSchema>;

/** True and false positives at a threshold. */
export const operatingPointSchema = z.object({
  threshold: z.number().describe('Rows above it are predicted positive.'),
  tp: z.int().describe('Positives above it.'),
  fp: z.int().describe('Negatives above it.'),
});
export type OperatingPoint = z.infer<typeof operatingPointSchema>;

/** A mean over buyers, and half the width of its 95% interval (normal approximation). */
const meanFigureSchema = z.object({ mean: z.number(), margin: z.number() });

/** The first `k` recommendations, by the names that papers on next baskets use; means over the buyers. */
export const listMetricsSchema = z.object({
  k: z.int(),
  hit_rate: meanFigureSchema,
  recall: meanFigureSchema,
  ndcg: meanFigureSchema,
  /** Of what a buyer bought again, the share that was listed; over buyers who bought something again. */
  repeat_recall: meanFigureSchema,
  /** Of what was new to a buyer, the share that was listed; over buyers who bought something new. */
  explore_recall: meanFigureSchema,
  /** Share of the candidate products that some buyer was shown. */
  coverage: z.number(),
  /** Share of all places that the ten products shown most often take. */
  top_ten_share: z.number(),
  /** Mean of -log2 of the share of customers who had bought the product shown. */
  novelty: z.number(),
  /** Mean over buyers of how unlike each other the products listed are, by the words of name and category. Absent in cards from before it was kept. */
  diversity: z.number().optional(),
});
export type ListMetrics = z.infer<typeof listMetricsSchema>;

/** At k = 5 and 10 over the buyers of the evaluation window; `new` counts only products not bought before. */
export const rankingMetricsSchema = z.object({
  buyers: z.int().describe('Customers who bought in the evaluation window.'),
  hit_rate_at_5: z.number().describe('Share of buyers who bought one of their first 5 recommendations.'),
  recall_at_10: z.number().describe('Share of what they bought that was among the first 10.'),
  ndcg_at_10: z.number().describe('How near the top of the first 10 the purchases are; 1 is best.'),
  new_buyers: z.int().describe('Customers who bought a product that they had not bought before.'),
  new_hit_rate_at_5: z.number().describe('hit_rate_at_5 over such products alone.'),
  new_recall_at_10: z.number().describe('recall_at_10 over such products alone.'),
  coverage_at_10: z
    .number()
    .optional()
    .describe('Share of the candidate products that are among the first 10 of some buyer.'),
  /** Absent in cards from before they were kept. */
  lists: z.array(listMetricsSchema).optional(),
});
export type RankingMetrics = z.infer<typeof rankingMetricsSchema>;

export const warningSchema = z.object({
  code: z.string().describe('Stable name of the warning.'),
  message: z.string().describe('What it means and what to do.'),
});
export type Warning = z.infer<typeof warningSchema>;

/** Shares of the values by bins that begin at ascending `edges`, and of the missing ones; they sum to 1. */
export const distributionSchema = z.object({
  edges: z.array(z.number()),
  shares: z.array(z.number()),
  missing: z.number(),
});
export type Distribution = z.infer<typeof distributionSchema>;

/** How a churn model's scores come about; `trees` are boosted trees alone. */
export const forecastRecipeSchema = z.enum([
  'trees',
  'trees_and_logistic_regression',
  'trees_logistic_regression_and_bg_nbd',
  'logistic_regression',
  'recency_rule',
  'bg_nbd',
]);
export type ForecastRecipe = z.infer<typeof forecastRecipeSchema>;

/** Whether a sigmoid fitted on later slices made the probabilities of still later ones better. */
export const calibrationTrialSchema = z.object({
  kept: z.boolean().describe('Whether the registered probabilities are corrected.'),
  /** In the registered trees where kept: raw score = slope · trees + intercept. */
  slope: z.number().describe('Log-odds are multiplied by this.'),
  intercept: z.number().describe('And this is added.'),
  trials: z
    .array(
      z.object({
        cutoff: isoDateSchema.describe('The last day before the period tried on.'),
        log_loss: z.number().describe('Without the correction.'),
        calibrated_log_loss: z.number().describe('With the correction found on the period before.'),
      }),
    )
    .describe('Newest first.'),
});
export type CalibrationTrial = z.infer<typeof calibrationTrialSchema>;

/** What a forecast knows of the season, and how far it may be off because of it. */
export const seasonSchema = z.object({
  is_known: z
    .boolean()
    .describe(
      'False with less than about 18 months of orders since the first, or since a jump in how often customers come back: no season is taken into account.',
    ),
  factor: z
    .number()
    .describe(
      'Customers come back so many times as fast in the coming horizon as in the periods learnt from.',
    ),
  factors: z
    .array(z.number())
    .optional()
    .describe('The same for a horizon that begins in each week of the year, seven days each from 1 January.'),
  repeats: z.number().describe('Share of a year’s ups and downs that is taken to repeat, 0 to 1.'),
  years: z.int().describe('Years whose same weeks were looked at.'),
  pairs: z.int().describe('Pairs of weeks a year apart that could be compared.'),
  deviation: z
    .number()
    .describe(
      'Standard deviation of ln(factor): the true probability lies between p^exp(1.64 · deviation) and p^exp(−1.64 · deviation) in nine of ten cases.',
    ),
});
export type Season = z.infer<typeof seasonSchema>;

/**
 * What customers who stay are expected to spend: BG/NBD's days with orders (r, alpha, a, b; weeks) times the value of one
 * by the gamma-gamma model (p, q, gamma).
 */
export const spendFiguresSchema = z.object({
  r: z.number(),
  alpha: z.number(),
  a: z.number(),
  b: z.number(),
  p: z.number(),
  q: z.number(),
  gamma: z.number(),
});
export type SpendFigures = z.infer<typeof spendFiguresSchema>;

/** What customers are worth over a year: the same models, and how far off a sum over customers may be. */
export const valueFiguresSchema = spendFiguresSchema.extend({
  /** Standard deviation of ln(said ÷ spent). */
  deviation: z.number(),
});
export type ValueFigures = z.infer<typeof valueFiguresSchema>;

/** How forecasts made in the same way turned out on past days, for customers who were active then. */
export const rollingCalibrationSchema = z.object({
  periods: z
    .array(
      z.object({
        cutoff: isoDateSchema.describe('The day of the forecast: nothing after it was known.'),
        customers: z.int().describe('Customers with an order within the horizon before it.'),
        said: z.number().describe('Mean probability that the forecast gave them.'),
        low: z.number().describe('Lower end of its interval.'),
        high: z.number().describe('Upper end of its interval.'),
        happened: z.number().describe('Share of them that did not order in the horizon.'),
        calibration_error: z.number().describe('Mean of |said − happened| over bands of probability.'),
        value_said: z.number().describe('Probability × expected spend, summed.'),
        value_low: z.number().describe('Lower end of its interval.'),
        value_high: z.number().describe('Upper end of its interval.'),
        value_lost: z.number().describe('Expected spend of those who did not order.'),
      }),
    )
    .describe('Newest first.'),
  bands: z
    .array(
      z.object({
        from: z.number().describe('Lowest probability of the band.'),
        to: z.number().describe('Highest probability of the band.'),
        customers: z.int().describe('Customers given such a probability, over all periods.'),
        said: z.number().describe('Mean probability that the forecast gave them.'),
        happened: z.number().describe('Share of them that did not order in the horizon.'),
      }),
    )
    .describe('Lowest first; bands without customers are left out.'),
});
export type RollingCalibration = z.infer<typeof rollingCalibrationSchema>;

/** How many customers who left came back later. */
export const cameBackSchema = z.object({
  cutoff: isoDateSchema.describe('The day that customers were active on.'),
  days: z.int().describe('Days after it until which somebody may have come back.'),
  left: z.int().describe('Active customers who did not order in the horizon.'),
  share: z.number().describe('Share of them that ordered again by then.'),
});
export type CameBack = z.infer<typeof cameBackSchema>;

/** How a model did for a group of the customers it was judged on. */
export const groupQualitySchema = z.object({
  name: z.string().describe('The group.'),
  customers: z.int().describe('Customers of it among those judged.'),
  churn_rate: z.number().describe('Share of them that churned.'),
  predicted_rate: z.number().describe('Mean probability that the forecast gave them.'),
  roc_auc: z.number().optional().describe('How well they were ranked among each other.'),
});
export type GroupQuality = z.infer<typeof groupQualitySchema>;

/** A search for parameters: every trial of every round, evaluated on rows that the evaluation does not use. */
export const tuningSchema = z.object({
  best: z.int().describe('The trial whose parameters were taken; 0 are the defaults or those asked for.'),
  trials: z
    .array(
      z.object({
        trial: z.int().describe('Its number.'),
        round: z.int().describe('Better trials go on to the next round, with more rows.'),
        rows: z.int().describe('Rows learnt from.'),
        trees: z.int().describe('Trees that were best.'),
        log_loss: z.number().describe('On the rows it was judged by.'),
        params: z.record(z.string(), z.number()).describe('What was tried.'),
      }),
    )
    .describe('In the order of rounds and trials.'),
});
export type Tuning = z.infer<typeof tuningSchema>;

const estimateSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** How well an uplift model found whom the offers of past campaigns persuaded, on customers that it had not seen. */
export const upliftFiguresSchema = z.object({
  contacted: z.int(),
  held_out: z.int(),
  /** By how much more of the contacted ordered, 0 to 1, with its 95 % interval. */
  effect: estimateSchema,
  /** Qini coefficient: 0 is a ranking by chance, 1 the best in hindsight. */
  qini: estimateSchema,
  /** The same of a ranking by the risk to leave, and by how much the model is ahead of it. */
  qini_of_risk: estimateSchema,
  qini_ahead: estimateSchema,
  /**
   * Of the customers ranked highest: additional orders and profit if all of them are contacted, with the ends of their 95 %
   * intervals, which cards from before they were kept do not have.
   */
  curve: z.array(
    z.object({
      share: z.number(),
      orders: z.number(),
      orders_low: z.number().optional(),
      orders_high: z.number().optional(),
      profit: z.number(),
      profit_low: z.number().optional(),
      profit_high: z.number().optional(),
    }),
  ),
  /** What the model says of a customer, drawn to the mean effect as far as its differences were chance. */
  scale: z.object({ mean: z.number(), slope: z.number() }),
});
export type UpliftFigures = z.infer<typeof upliftFiguresSchema>;
