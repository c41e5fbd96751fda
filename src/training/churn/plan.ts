import type { DataSource, DataSummary } from '../../data/data-source.ts';
import { ChurnMcpError } from '../../errors.ts';
import { type BoosterOptions, readBoosterParams } from '../../gbdt/params.ts';
import type { OrderGaps } from '../../registry/card-details.ts';
import type { ForecastRecipe } from '../../registry/card-figures.ts';
import type { TrainingPlan } from '../training-task.ts';

/** The plan for training a churn model. */
export interface ChurnPlan extends TrainingPlan {
  readonly features: readonly string[];
  readonly recipe: ForecastRecipe;
  /** The parameters that the caller set; a search leaves them alone. */
  readonly namedParams: ReadonlySet<string>;
  /** True if the caller asked for early stopping by name, so that doing without is no answer. */
  readonly mustStopEarly: boolean;
  /** Days after a cutoff that the label looks at; 0 if it looks at none. */
  readonly horizonDays: number;
}

/** The same from a shop's orders. */
export interface ShopPlan extends ChurnPlan {
  readonly summary: DataSummary;
  /** Days that slices are taken at, newest first; the newest is the one to be judged on. */
  readonly cutoffs: readonly [string, ...string[]];
  /** Where the horizon comes from, if there is one and nobody named it. */
  readonly orderGaps?: OrderGaps | undefined;
}

/** What the plans of a shop have in common. */
export async function shopFieldsOf(data: DataSource): Promise<Pick<ShopPlan, 'summary' | 'data'>> {
  const summary = await data.summary();
  return { summary, data: { fingerprint: summary.fingerprint, customers: summary.customers } };
}

/** Shallow trees with a low learning rate, and no class weights, which distort probabilities. */
const FORECAST_PARAMS: BoosterOptions = { max_depth: 3, learning_rate: 0.05 };
/**
 * From orders: each tree sees four fifths of the rows and half of the features, of which many say nearly the same. 18
 * cutoffs of six shops came out the same (bench/RESULTS-FORECAST.md), for half of the work. The columns of a table say
 * different things: with half of them, three generated tables of 7,043 customers were worse (Brier 0.0003).
 */
export const SAMPLED_FEATURES: BoosterOptions = { subsample: 0.8, colsample_bytree: 0.5 };
/**
 * Trees of a forecast if the orders are too short to find the number on a later slice. Around it the public retail data
 * is flat: 50 to 150 gave nearly the same, 300 less.
 */
export const FORECAST_TREES = 100;
/** If they are long enough: at most so many, until this many in a row made the later slice no better. */
const FORECAST_STOPPING: BoosterOptions = { n_estimators: 400, early_stopping_rounds: 30 };

/**
 * Early stopping by default, but not if the caller names how many trees, or that none shall stop.
 *
 * @param sampling defaults of the label, which the caller's win over.
 */
export function forecastParams(
  given: BoosterOptions = {},
  sampling: BoosterOptions = {},
): Pick<ChurnPlan, 'params' | 'namedParams' | 'mustStopEarly'> {
  const isCountNamed = given.n_estimators !== undefined || given.early_stopping_rounds !== undefined;
  const stopping = isCountNamed ? { n_estimators: FORECAST_TREES } : FORECAST_STOPPING;
  return {
    params: readBoosterParams({ ...FORECAST_PARAMS, ...sampling, ...stopping, ...given }),
    namedParams: new Set(Object.keys(given)),
    mustStopEarly: (given.early_stopping_rounds ?? 0) > 0,
  };
}

export function assertDays(name: string, days: number, least: number): void {
  if (Number.isInteger(days) && days >= least && days <= 3650) return;
  throw new ChurnMcpError('INVALID_ARGUMENT', `${name} must be a whole number from ${least} to 3650.`, {
    hint: `Leave ${name} out to use the default.`,
  });
}
