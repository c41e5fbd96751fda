/**
 * How much faster or slower customers come back in the coming weeks than in those that a forecast learnt from, by what
 * the same weeks of earlier years were like, shrunk by how little of a year repeated.
 */
import type { WeeklyIndex } from './weekly-index.ts';

const DAYS_A_WEEK = 7;
/** 52 weeks: the same weekdays. */
export const SEASON_YEAR_DAYS = 364;
const WEEKS_A_YEAR = 52;
const MOST_YEARS = 3;
/** Fewer pairs of weeks a year apart say too little: about 18 months of orders are needed. */
const LEAST_PAIRS = 8;
/** Repeating is judged by windows of four weeks, or of the horizon if it is shorter. */
const WINDOW_DAYS = 28;
/** ln of the factor that is believed at most, before shrinking. */
const MOST_RAW = 1.5;
/** Standard deviation of ln(factor) if no year is known. */
export const UNKNOWN_SEASON_SD = 0.35;
/** Standard deviations on either side of the mean that 90 % of a normal distribution lie within. */
const NORMAL_90 = 1.64;

/** What a year of the shop says about the next one. `isKnown` is false with less than about 18 months of orders. */
export interface SeasonFactor {
  readonly isKnown: boolean;
  /** Pairs of weeks a year apart that could be compared. */
  readonly pairs: number;
  /** Years whose same weeks were looked at. */
  readonly years: number;
  /** Share of a year's ups and downs that is taken to repeat: κ, 0 to 1. */
  readonly repeats: number;
  /** ln of the factor on the return hazard, for a horizon that begins on the given day; 0 if unknown. */
  readonly logFactorAt: (daysAhead: number) => number;
  /** Standard deviation of that logarithm. */
  readonly deviation: number;
}

export interface SeasonRequest {
  readonly index: WeeklyIndex;
  /** Days from the forecast's day to the day that the index's ages are counted from. */
  readonly age: number;
  readonly horizonDays: number;
  /** Ages of the days that the training slices were taken at. */
  readonly trainingAges: readonly number[];
}

/** How much of a year repeats, what the same weeks of earlier years were like, and the factor that follows. */
export function seasonFactor(request: SeasonRequest): SeasonFactor {
  const { index, horizonDays, trainingAges } = request;
  const windowDays = Math.min(WINDOW_DAYS, horizonDays);
  const spread = varianceOf(yearOf(index, windowDays));
  const years = Array.from({ length: MOST_YEARS }, (_, i) => yearPairs(index, windowDays, i + 1));
  const pairs = years.reduce((sum, year) => sum + year.pairs, 0);
  const trained = meanOf(known(trainingAges.map((slice) => index.logRatio(slice, horizonDays))));
  const usable = years.filter((_, i) => logRatioAt(request, i + 1, 0) !== undefined);
  if (pairs < LEAST_PAIRS || trained === undefined || usable.length === 0) return unknownSeason(pairs);

  const weight = DAYS_A_WEEK / windowDays;
  const effectivePairs = pairs * weight;
  const mismatch = years.reduce((sum, year) => sum + year.mismatch, 0) * weight;
  // Two more pairs that repeat nothing, and a margin for how few there are.
  const noise =
    ((mismatch + spread) / (Math.max(effectivePairs - 1, 0) + 2)) * (1 + Math.sqrt(2 / (effectivePairs + 2)));
  const signal = Math.max(spread - noise, 0);
  const repeats = signal / (signal + noise / usable.length);

  const expectedAt = (daysAhead: number) =>
    meanOf(
      known(
        years.map(({ drift }, i) => {
          const ratio = logRatioAt(request, i + 1, daysAhead);
          return ratio === undefined ? undefined : ratio + drift;
        }),
      ),
    );
  return {
    isKnown: true,
    pairs,
    years: usable.length,
    repeats,
    logFactorAt(daysAhead) {
      const expected = expectedAt(daysAhead) ?? expectedAt(lastKnownAhead(request)) ?? trained;
      return repeats * clip(expected - trained);
    },
    deviation: Math.sqrt(noise * (1 + repeats / usable.length)),
  };
}

/** The probability of staying away between which the true one lies at nine of ten days, as far as the season goes. */
export function seasonInterval(probability: number, deviation: number): { low: number; high: number } {
  return {
    low: probability ** Math.exp(NORMAL_90 * deviation),
    high: probability ** Math.exp(-NORMAL_90 * deviation),
  };
}

function unknownSeason(pairs: number): SeasonFactor {
  return {
    isKnown: false,
    pairs,
    years: 0,
    repeats: 0,
    logFactorAt: () => 0,
    deviation: UNKNOWN_SEASON_SD,
  };
}

/** The index of the window that begins `daysAhead` after the forecast's day, so many years before. */
function logRatioAt({ index, age, horizonDays }: SeasonRequest, years: number, daysAhead: number) {
  return index.logRatio(age + years * SEASON_YEAR_DAYS - daysAhead, horizonDays);
}

/** Beyond it last year's window is not over yet. */
function lastKnownAhead({ index, age, horizonDays }: SeasonRequest): number {
  return age - index.endAge + SEASON_YEAR_DAYS - horizonDays;
}

/** The index of the windows that begin in each of the last 52 weeks that know one. */
function yearOf(index: WeeklyIndex, windowDays: number): number[] {
  const newest = index.endAge + Math.ceil(windowDays / DAYS_A_WEEK) * DAYS_A_WEEK;
  const starts = Array.from({ length: WEEKS_A_YEAR }, (_, week) => newest + week * DAYS_A_WEEK);
  return known(starts.map((start) => index.logRatio(start, windowDays)));
}

interface YearPairs {
  readonly pairs: number;
  /** Mean of a window's index less that of the one so many years before. */
  readonly drift: number;
  /** Σ ½ (difference − drift)². */
  readonly mismatch: number;
}

function yearPairs(index: WeeklyIndex, windowDays: number, years: number): YearPairs {
  const differences: number[] = [];
  const newest = index.endAge + Math.ceil(windowDays / DAYS_A_WEEK) * DAYS_A_WEEK;
  for (let start = newest; start <= index.startAge; start += DAYS_A_WEEK) {
    const now = index.logRatio(start, windowDays);
    const then = index.logRatio(start + years * SEASON_YEAR_DAYS, windowDays);
    if (now !== undefined && then !== undefined) differences.push(now - then);
  }
  const drift = meanOf(differences) ?? 0;
  const mismatch = differences.reduce((sum, difference) => sum + (difference - drift) ** 2 / 2, 0);
  return { pairs: differences.length, drift, mismatch };
}

function known(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values) ?? 0;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
}

function clip(value: number): number {
  return Math.min(MOST_RAW, Math.max(-MOST_RAW, value));
}
