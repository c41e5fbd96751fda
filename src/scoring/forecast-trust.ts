/** How far a forecast's probabilities can be trusted, judged by how earlier forecasts of the same kind turned out. */
import type { DetailFields } from '../registry/card-details.ts';
import type { CameBack, RollingCalibration } from '../registry/card-figures.ts';
import type { ModelCard } from '../registry/model-card.ts';

export type PastPeriod = RollingCalibration['periods'][number];
export type PastBand = RollingCalibration['bands'][number];

/** If prediction and outcome differ by more than five points, sums of money would be wrong too. */
export const MOST_ERROR = 0.05;
/** Of the error, so much must be of one direction for it to be named. */
const ONE_DIRECTION = 0.5;
export const PROBABILITY_ERRORS = ['too high', 'too low', 'off both ways'] as const;
export type ProbabilityError = (typeof PROBABILITY_ERRORS)[number];
/** Standard deviation of ln(factor) on the return hazard if nothing is known of the season. */
export const UNKNOWN_DEVIATION = 0.35;
/** Standard deviations on either side of the mean that 90 % of a normal distribution lie within. */
const NORMAL_90 = 1.64;

export interface ForecastTrust {
  /** The latest period that can be checked; undefined if there is none. */
  readonly latest: PastPeriod | undefined;
  /** Set if the latest probabilities were wrong by more than five points on average: how. */
  readonly isOff: ProbabilityError | undefined;
  /** Days in the horizon of a forecast that could not be judged on a later period. */
  readonly uncheckedDays: number | undefined;
  /** Of active customers, over all periods. */
  readonly bands: readonly PastBand[];
  /** Standard deviation of ln(factor) on the return hazard: that of the season, or the latest error if it was larger. */
  readonly deviation: number;
  /** How many of those who left came back later, if it is known. */
  readonly cameBack: CameBack | undefined;
}

export function trustOf(card: Pick<ModelCard, 'details' | 'evaluation' | 'metrics'>): ForecastTrust {
  const { details, evaluation } = card;
  if (details.kind === 'column') return trustOfTable(card);
  const { season, rolling_calibration: rolling, came_back: cameBack }: DetailFields = details;
  const latest = rolling?.periods.at(0);
  return {
    latest,
    isOff: latest && directionOf(latest),
    uncheckedDays:
      details.kind === 'forward' && evaluation === 'random_split' ? details.horizon_days : undefined,
    bands: rolling?.bands ?? [],
    cameBack,
    deviation: Math.max(season?.deviation ?? UNKNOWN_DEVIATION, latest ? missOf(latest) / NORMAL_90 : 0),
  };
}

/** A table has no periods: customers who were held out tell how far its probabilities may be off. */
function trustOfTable({ metrics }: Pick<ModelCard, 'metrics'>): ForecastTrust {
  const { calibration, churn_rate: happened } = metrics;
  const count = calibration.reduce((sum, bin) => sum + bin.count, 0);
  const said = calibration.reduce((sum, bin) => sum + bin.predicted * bin.count, 0) / Math.max(1, count);
  return {
    latest: undefined,
    isOff: undefined,
    uncheckedDays: undefined,
    bands: calibration.map(({ predicted, observed, count: customers }, i) => ({
      from: i === 0 ? 0 : (calibration[i - 1].predicted + predicted) / 2,
      to: i === calibration.length - 1 ? 1 : (predicted + calibration[i + 1].predicted) / 2,
      said: predicted,
      happened: observed,
      customers,
    })),
    deviation: Math.max(missOf({ said, happened }) / NORMAL_90, chanceOf(happened, count)),
    cameBack: undefined,
  };
}

/** Standard deviation of ln(-ln share) by the chance of who was held out (delta method). */
function chanceOf(share: number, count: number): number {
  const within = inside(share);
  return Math.sqrt((1 - within) / (within * Math.max(1, count))) / Math.abs(Math.log(within));
}

function directionOf({ said, happened, calibration_error }: PastPeriod): ForecastTrust['isOff'] {
  if (calibration_error <= MOST_ERROR) return undefined;
  if (Math.abs(said - happened) < ONE_DIRECTION * calibration_error) return 'off both ways';
  return said > happened ? 'too high' : 'too low';
}

/** |ln f| for which said^f = happened: how much faster or slower customers came back than forecast. */
function missOf({ said, happened }: Pick<PastPeriod, 'said' | 'happened'>): number {
  const [from, to] = [said, happened].map((share) => -Math.log(inside(share)));
  return Math.abs(Math.log(to / from));
}

/** A share whose logarithms exist. */
function inside(share: number): number {
  return Math.min(Math.max(share, 0.001), 0.999);
}

/** The interval that holds the true probability on nine of ten days. */
export function probabilityRange(probability: number, deviation: number): { low: number; high: number } {
  return {
    low: probability ** Math.exp(NORMAL_90 * deviation),
    high: probability ** Math.exp(-NORMAL_90 * deviation),
  };
}

/** The bands of the given probabilities, the fullest first. */
export function bandsOf(probabilities: readonly number[], bands: readonly PastBand[]): PastBand[] {
  const counts = bands.map(({ from, to }, i) => {
    const isLast = i === bands.length - 1;
    return probabilities.filter((p) => p >= from && (p < to || (isLast && p <= to))).length;
  });
  return bands
    .map((band, i) => ({ band, count: counts[i] }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || b.band.from - a.band.from)
    .map(({ band }) => band);
}
