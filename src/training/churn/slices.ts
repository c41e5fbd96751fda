import { concatThinned } from '../../dataset/column-rows.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { addDays } from '../../features/calendar-day.ts';
import type { ModelCard } from '../../registry/model-card.ts';
import type { DatedDataset } from './dated-dataset.ts';
import type { ShopSeason } from './season/seasoned-forecast.ts';

/**
 * A forecast learns from as many rows at most, spread evenly over its slices: more made it slower and no better. Twice as
 * many, CDNOW as of three days, all customers: log-loss 0.3705, 0.3364 and 0.2962; with these 0.3705, 0.3366 and 0.2961.
 */
const MOST_TRAINING_ROWS = 50_000;

/** A forecast learns from this many slices at most. */
const MOST_TRAINING_SLICES = 8;

/**
 * What a forecast as of a day may learn from, of slices newest first: those whose labels had closed by then, but none
 * with less than half the history of the newest of them. If orders have been kept for three months only, half a year
 * without one looks like a week without one, so features of that time teach the wrong thing.
 */
export function learnableSlices<Slice extends DatedDataset>(
  dated: readonly Slice[],
  asOf: string,
  horizonDays: number,
): readonly Slice[] {
  const closed = dated.filter(({ cutoff }) => cutoff <= addDays(asOf, -horizonDays));
  const [newest] = closed;
  return closed
    .filter(({ historyDays }) => newest !== undefined && historyDays >= newest.historyDays / 2)
    .slice(0, MOST_TRAINING_SLICES);
}

/** The slices' rows, one slice after the other, as many of them as a forecast learns from, or fewer. */
export function joinSlices(slices: readonly DatedDataset[], most = MOST_TRAINING_ROWS): LabelledDataset {
  return concatThinned(
    slices.map(({ dataset }) => dataset),
    Math.min(most, MOST_TRAINING_ROWS),
  );
}

/** What a churn model learns from and is judged on. Rows of `evaluation` never helped to fit the evaluated model. */
export interface ChurnRows {
  readonly kind: ModelCard['evaluation'];
  readonly train: LabelledDataset;
  readonly evaluation: LabelledDataset;
  /** All slices, newest first: the evaluation's is the first, and `train` holds some of the others. Empty for a random split. */
  readonly dated: readonly DatedDataset[];
  /** If set, the registered model is fitted again on these rows, the evaluation's included. */
  readonly refit?: LabelledDataset | undefined;
  /** Of a forecast: what its season is worked out from. */
  readonly season?: SeasonRows | undefined;
}

/** The shop's weeks, and the days that the evaluated and the registered forecast learn from. */
export interface SeasonRows {
  readonly shop: ShopSeason;
  readonly evaluationCutoff: string;
  readonly trainCutoffs: readonly string[];
  readonly refitCutoffs: readonly string[];
  /** How many customers of the shop each row of the slices stands for. */
  readonly customersPerRow: number;
}
