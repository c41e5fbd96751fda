import { seededRandom } from '../../dataset/seeded-random.ts';
import type { BoosterParams } from '../../gbdt/params.ts';

/** Where a search looks for a parameter: evenly, or evenly by logarithm. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly isLogarithmic?: boolean;
  readonly isWhole?: boolean;
}

/** The number of trees is not searched: early stopping finds it for each trial. */
const SEARCHED = {
  max_depth: { from: 2, to: 7, isWhole: true },
  learning_rate: { from: 0.02, to: 0.2, isLogarithmic: true },
  min_child_weight: { from: 1, to: 50, isLogarithmic: true },
  reg_lambda: { from: 0.1, to: 30, isLogarithmic: true },
  subsample: { from: 0.5, to: 1 },
  colsample_bytree: { from: 0.4, to: 1 },
} as const satisfies Partial<Record<keyof BoosterParams, Range>>;

/** Four digits are all that matters, and all that a person wants to read. */
const DIGITS = 4;

/**
 * Sets of parameters to try: first the given ones as they are, so that a search never does worse than no search, then
 * random ones (Bergstra and Bengio 2012). What is `named` stays as it is. The same seed gives the same sets.
 */
export function drawParameters(
  given: BoosterParams,
  named: ReadonlySet<string>,
  trials: number,
): BoosterParams[] {
  const random = seededRandom(given.seed);
  const sets = [given];
  while (sets.length < trials) {
    // Drawn for named ones too, so that naming one does not change the others.
    const drawn = Object.entries(SEARCHED).map(([name, range]) => [name, draw(range, random())] as const);
    sets.push({ ...given, ...Object.fromEntries(drawn.filter(([name]) => !named.has(name))) });
  }
  return sets;
}

function draw({ from, to, isLogarithmic, isWhole }: Range, share: number): number {
  if (isWhole) return from + Math.floor(share * (to - from + 1));
  const value = isLogarithmic ? from * (to / from) ** share : from + share * (to - from);
  return Number(value.toPrecision(DIGITS));
}

/** What part of the rows survivors learn from, and how many survive, round by round. */
export interface Round {
  readonly rowShare: number;
  readonly trials: number;
}

/** Of three trials one goes on, with three times the rows. */
const ETA = 3;
/** Fewer rows than this rank trials by chance. */
const LEAST_ROWS = 3000;

/**
 * Successive halving (Jamieson and Talwalkar 2016): many trials on few rows, then the better third on three times as
 * many, until the last round has all rows.
 */
export function planRounds(trials: number, rows: number): Round[] {
  const most = Math.floor(Math.log(Math.max(1, rows / LEAST_ROWS)) / Math.log(ETA));
  const rounds = Math.min(most, Math.floor(Math.log(trials) / Math.log(ETA))) + 1;
  return Array.from({ length: rounds }, (_, round) => ({
    rowShare: 1 / ETA ** (rounds - 1 - round),
    trials: Math.max(1, Math.floor(trials / ETA ** round)),
  }));
}
