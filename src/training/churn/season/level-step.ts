/**
 * A step in a shop's level: from some week on customers order several times as fast, and go on to, as after a new product
 * or once the shop began to keep all orders. It is not a season, but looks like one: the weeks before it are then low, and
 * so would be said of the same weeks of the next year.
 */
import type { WeeklyIndex } from './weekly-index.ts';

/** Weeks before a step and after it that must have been compared with those a year before. */
const LEAST_WEEKS = 8;
/**
 * Share of what the years differ by that a step has to explain. A season that does not come back leaves half a wave, of
 * which a step explains 0.81, and a steady growth that begins a line, of which it explains 0.75.
 */
const LEAST_EXPLAINED = 0.9;

/** ln of a step's factor, at least: a smaller one does little harm, and seasons come and go by as much. */
const LEAST_SIZE = Math.LN2;

/** A window of an index and the same one some years before. */
export interface YearPair {
  /** Ages that the windows begin at. */
  readonly start: number;
  readonly startThen: number;
  /** The index of the first less that of the second. */
  readonly difference: number;
}

/**
 * The index since the last step; all of it if there was none. What came before is of another shop: raised to the new level
 * it was no better, since the weeks of a shop that hardly kept orders say nothing of its season.
 *
 * @param years pairs by how many years they lie apart. @param windowDays length of their windows.
 */
export function sinceLevelStep(
  index: WeeklyIndex,
  years: readonly (readonly YearPair[])[],
  windowDays: number,
): WeeklyIndex {
  const startAge = ageOfStep(years, windowDays);
  if (startAge === undefined) return index;
  return {
    ...index,
    startAge,
    logRatio: (start, days) => (start > startAge ? undefined : index.logRatio(start, days)),
  };
}

/** The age of the step that explains most of how pairs differ, if it explains nearly all. */
function ageOfStep(years: readonly (readonly YearPair[])[], windowDays: number): number | undefined {
  const differences = years.map((pairs) => pairs.map(({ difference }) => difference));
  let mostExplained = LEAST_EXPLAINED * products(differences, differences);
  let stepAge: number | undefined;
  for (const age of new Set(years.flat().map(({ start }) => start))) {
    const shares = years.map((pairs) =>
      pairs.map(
        ({ start, startThen }) => shareAfter(start, windowDays, age) - shareAfter(startThen, windowDays, age),
      ),
    );
    const all = shares.flat();
    const after = all.filter((share) => share > 0.5).length;
    if (Math.min(after, all.length - after) < LEAST_WEEKS) continue;
    const size = products(shares, differences) / products(shares, shares);
    const explained = size * products(shares, differences);
    if (Math.abs(size) >= LEAST_SIZE && explained > mostExplained)
      [stepAge, mostExplained] = [age, explained];
  }
  return stepAge;
}

/** Share of the `days` days from an age on that lie after another. */
function shareAfter(startAge: number, days: number, age: number): number {
  return Math.min(1, Math.max(0, (age - (startAge - days)) / days));
}

/** Σ (x − mean x) (y − mean y), the means being those of the year. */
function products(xs: readonly (readonly number[])[], ys: readonly (readonly number[])[]): number {
  let sum = 0;
  for (const [year, x] of xs.entries()) {
    const y = ys[year];
    const mean = x.reduce((total, value) => total + value, 0) / Math.max(1, x.length);
    for (const [i, value] of x.entries()) sum += (value - mean) * y[i];
  }
  return sum;
}
