/**
 * How much faster or slower customers come back in the coming weeks than in those that a forecast learnt from, by what
 * the same weeks of earlier years were like, shrunk by how little of a year repeated.
 */
import { UNKNOWN_DEVIATION } from '../../../scoring/forecast-trust.ts';
import { sinceLevelStep, type YearPair } from './level-step.ts';
import type { WeeklyIndex } from './weekly-index.ts';

const DAYS_A_WEEK = 7;
/** 52 weeks: the same weekdays. */
const SEASON_YEAR_DAYS = 364;
const WEEKS_A_YEAR = 52;
const MOST_YEARS = 3;
/** Fewer pairs of weeks a year apart say too little: about 18 months of orders are needed. */
const LEAST_PAIRS = 8;
/** Repeating is judged by windows of four weeks, or of the horizon if it is shorter. */
const WINDOW_DAYS = 28;
/** ln of the factor that is believed at most, before shrinking. */
const MOST_RAW = 1.5;
/** How far a slice's day may lie from the day a year ago that it speaks for. */
const NEAR_DAYS = 31;
/** How much of the correction is believed: the forecast is also wrong of early periods because it knew less of them. */
const CORRECTION_SHARE = 0.5;

/** What a year of the shop says about the next one. `isKnown` is false with less than about 18 months since a step. */
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
  /** What the forecast itself would have said of past periods, the training slices' among them. */
  readonly pastPeriods: readonly PastPeriod[];
}

/** A horizon whose outcome is known. */
export interface PastPeriod {
  /** Age of the day that it began on. */
  readonly age: number;
  /** ln of the factor that customers came back faster by than the forecast says of them; computed on first use. */
  readonly logFactor: () => number;
}

/**
 * How much of a year repeats, what the same weeks of earlier years were like, and the factor that follows. Before any
 * pair of weeks a year apart is seen, half of a year is taken to repeat, with the weight of two pairs. If nothing was taken
 * to, a season that had repeated exactly in the only year to compare counted as 0.8 of itself: levels stayed too near the
 * mean in every shop with a season. Over 416 cutoffs of 52 generated shops, ln(factor) is now within 0.100 of the index's
 * truth (root mean square by kind of shop), and was within 0.115; random shocks alone got worse, 0.196 to 0.204.
 *
 * The index counts orders of customers by class, week by week. What a forecast gets wrong of a whole horizon is more than
 * that: after a slow month a silence of four weeks means little, and it takes the silence for more. So the level of a
 * year ago is that of the index, and half of what the forecast itself got wrong of periods within a month of it. This
 * brought ln(factor) from 0.17 to 0.13 of the truth (root mean square of 24 cutoffs of six shops). All of it did as well
 * there, but made a shop whose first years were not kept worse.
 */
export function seasonFactor(whole: SeasonRequest): SeasonFactor {
  const { horizonDays, trainingAges } = whole;
  const windowDays = Math.min(WINDOW_DAYS, horizonDays);
  const pairsIn = (of: WeeklyIndex) =>
    Array.from({ length: MOST_YEARS }, (_, i) => yearPairs(of, windowDays, i + 1));
  const index = sinceLevelStep(whole.index, pairsIn(whole.index), windowDays);
  const request = { ...whole, index };
  const spread = varianceOf(yearOf(index, windowDays));
  const years = pairsIn(index).map(repeatOf);
  const pairs = years.reduce((sum, year) => sum + year.pairs, 0);
  const trained = meanOf(known(trainingAges.map((age) => levelAt(request, age))));
  const usable = years.filter((_, i) => levelAt(request, ageOf(request, i + 1, 0)) !== undefined);
  if (pairs < LEAST_PAIRS || trained === undefined || usable.length === 0) return unknownSeason(pairs);

  const weight = DAYS_A_WEEK / windowDays;
  const effectivePairs = pairs * weight;
  const mismatch = years.reduce((sum, year) => sum + year.mismatch, 0) * weight;
  // A margin for how few pairs there are, and two more that repeat half of a year.
  const margin = marginOf(effectivePairs);
  const noise = (mismatch * margin + spread / 2) / (Math.max(effectivePairs - 1, 0) + 2);
  // A forecast that takes nothing from other years is wrong by how the weeks of the last year differ, and by no more.
  const mostVariance = spread * marginOf(yearOf(index, windowDays).length * weight);
  const signal = Math.max(spread - noise, 0);
  const repeats = signal === 0 ? 0 : signal / (signal + noise / usable.length);

  const expectedAt = (daysAhead: number) => {
    const levels = years.map(({ drift }, i) => {
      const level = levelAt(request, ageOf(request, i + 1, daysAhead));
      return level === undefined ? undefined : level + drift;
    });
    return meanOf(known(levels));
  };
  return {
    isKnown: true,
    pairs,
    years: usable.length,
    repeats,
    logFactorAt(daysAhead) {
      const expected = expectedAt(daysAhead) ?? expectedAt(lastKnownAhead(request)) ?? trained;
      return repeats * clip(expected - trained);
    },
    deviation: Math.sqrt(Math.min(noise * (1 + repeats / usable.length), mostVariance)),
  };
}

/** What a variance is multiplied with because it was estimated from so few independent values. */
function marginOf(values: number): number {
  return 1 + Math.sqrt(2 / (values + 2));
}

/** How fast customers came back in the horizon that began so long ago: ln of a factor, up to a constant. */
function levelAt({ index, horizonDays, trainingAges, pastPeriods }: SeasonRequest, age: number) {
  const ratio = index.logRatio(age, horizonDays);
  if (ratio === undefined) return undefined;
  const periods = pastPeriods.flatMap((period) => {
    const then = index.logRatio(period.age, horizonDays);
    return then === undefined ? [] : [{ age: period.age, correction: () => period.logFactor() - then }];
  });
  const near = periods.filter((period) => Math.abs(period.age - age) <= NEAR_DAYS);
  const learnt = periods.filter((period) => trainingAges.includes(period.age));
  const correction = meanOf((near.length > 0 ? near : learnt).map((period) => period.correction())) ?? 0;
  return ratio + CORRECTION_SHARE * correction;
}

/** What is known of the season without a year of orders. */
export function unknownSeason(pairs: number): SeasonFactor {
  return {
    isKnown: false,
    pairs,
    years: 0,
    repeats: 0,
    logFactorAt: () => 0,
    deviation: UNKNOWN_DEVIATION,
  };
}

/** Age of the day so many years before the one that lies `daysAhead` after the forecast's. */
function ageOf({ age }: SeasonRequest, years: number, daysAhead: number): number {
  return age + years * SEASON_YEAR_DAYS - daysAhead;
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

/** Each window of an index and the same one so many years before. */
function yearPairs(index: WeeklyIndex, windowDays: number, years: number): YearPair[] {
  const pairs: YearPair[] = [];
  const newest = index.endAge + Math.ceil(windowDays / DAYS_A_WEEK) * DAYS_A_WEEK;
  for (let start = newest; start <= index.startAge; start += DAYS_A_WEEK) {
    const startThen = start + years * SEASON_YEAR_DAYS;
    const now = index.logRatio(start, windowDays);
    const then = index.logRatio(startThen, windowDays);
    if (now !== undefined && then !== undefined) pairs.push({ start, startThen, difference: now - then });
  }
  return pairs;
}

interface Repeat {
  readonly pairs: number;
  /** Mean of a window's index less that of the one so many years before. */
  readonly drift: number;
  /** Σ ½ (difference − drift)². */
  readonly mismatch: number;
}

function repeatOf(pairs: readonly YearPair[]): Repeat {
  const drift = meanOf(pairs.map(({ difference }) => difference)) ?? 0;
  const mismatch = pairs.reduce((sum, { difference }) => sum + (difference - drift) ** 2 / 2, 0);
  return { pairs: pairs.length, drift, mismatch };
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
