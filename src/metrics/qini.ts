/**
 * How well a ranking finds the customers whom an offer persuades, from a trial in which chance decided who was contacted.
 *
 * Radcliffe, "Using control groups to target on predicted lift", 2007: of the customers ranked highest, by how much more the
 * contacted did than the same number of those left alone. The coefficient is scikit-uplift's `qini_auc_score`.
 */
import { seededRandom } from '../dataset/seeded-random.ts';

/** One entry per customer. */
export interface Trial {
  /** 1 if contacted, 0 if left alone by chance. */
  readonly contacted: ArrayLike<number>;
  /** What the customer did: 1 if they ordered, or an amount. */
  readonly outcomes: ArrayLike<number>;
  /** 1 / (the chance that the customer came into the group they are in). */
  readonly weights: ArrayLike<number>;
}

/** What contacting the customers ranked highest has changed. */
export interface QiniPoint {
  /** Of all customers, by weight: 0 to 1. */
  readonly share: number;
  /** By how much the outcomes of that share would differ in sum if all of them were contacted; in units of the outcome. */
  readonly gain: number;
}

/**
 * The curve from nobody to everybody, customers of equal score in one step.
 *
 * @param scores one per customer, higher first
 */
export function qiniCurve(trial: Trial, scores: ArrayLike<number>): QiniPoint[] {
  const { shares, gains } = curveOver(trial, ranked(scores));
  return Array.from(shares, (share, i) => ({ share, gain: gains[i] }));
}

/**
 * The area between the curve and the straight line of a random ranking, as a share of what the best ranking in hindsight
 * reaches: 0 is chance. NaN if the outcomes leave nothing to find.
 */
export function qiniCoefficient(trial: Trial, scores: ArrayLike<number>): number {
  return coefficientOver(trial, ordersOf(trial, scores));
}

export interface QiniInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface QiniComparison {
  readonly one: QiniInterval;
  readonly other: QiniInterval;
  /** `one` less `other`, on the same draws. */
  readonly difference: QiniInterval;
}

const DRAWS = 400;
const SEED = 42;

/**
 * Two rankings on the same customers, with intervals that hold 19 times of 20: percentiles over customers drawn anew, with
 * replacement, within each group (Efron and Tibshirani, 1993, chapter 13).
 */
export function compareQini(trial: Trial, one: ArrayLike<number>, other: ArrayLike<number>): QiniComparison {
  const orders = ordersOf(trial, one);
  const rival = ordersOf(trial, other);
  const draws = drawsOf(trial).map((drawn) => [
    coefficientOver(drawn, orders),
    coefficientOver(drawn, rival),
  ]);
  const [first, second] = [coefficientOver(trial, orders), coefficientOver(trial, rival)];
  return {
    one: { value: first, ...middleOf(draws.map(([ours]) => ours)) },
    other: { value: second, ...middleOf(draws.map(([, theirs]) => theirs)) },
    difference: { value: first - second, ...middleOf(draws.map(([ours, theirs]) => ours - theirs)) },
  };
}

/**
 * The curve at some shares of the customers ranked highest, with intervals that hold 19 times of 20 at each of them, drawn
 * as for `compareQini`. `outcomes` may be amounts.
 */
export function gainsAt(trial: Trial, scores: ArrayLike<number>, shares: readonly number[]): QiniInterval[] {
  const ranking = ranked(scores);
  const gainsOf = (drawn: Trial) => {
    const curve = curveOver(drawn, ranking);
    return shares.map((share) => gainAt(curve, share));
  };
  const draws = drawsOf(trial).map(gainsOf);
  return gainsOf(trial).map((value, i) => ({ value, ...middleOf(draws.map((gains) => gains[i])) }));
}

/** On the line between the points around it. */
function gainAt({ shares, gains }: Curve, share: number): number {
  const after = Math.max(
    1,
    shares.findIndex((reached) => reached >= share - 1e-12),
  );
  const [from, to] = [after - 1, after];
  const way = shares[to] === shares[from] ? 1 : (share - shares[from]) / (shares[to] - shares[from]);
  return gains[from] + way * (gains[to] - gains[from]);
}

/** The trial with customers drawn anew: a customer drawn twice weighs double. */
function drawsOf({ contacted, outcomes, weights }: Trial): Trial[] {
  const rows = Uint32Array.from({ length: weights.length }, (_, row) => row);
  const groups = [1, 0].map((group) => rows.filter((row) => contacted[row] === group));
  const random = seededRandom(SEED);
  return Array.from({ length: DRAWS }, () => {
    const drawn = new Float64Array(rows.length);
    for (const group of groups) {
      for (let i = 0; i < group.length; i++) {
        const row = group[Math.floor(random() * group.length)];
        drawn[row] += weights[row];
      }
    }
    return { contacted, outcomes, weights: drawn };
  });
}

/** The values between which 95 of 100 lie. */
function middleOf(values: readonly number[]): { low: number; high: number } {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  return { low: at(0.025), high: at(0.975) };
}

/** Rows ranked by something, highest first. */
interface Ranking {
  readonly rows: Uint32Array;
  readonly scores: ArrayLike<number>;
}

interface Orders {
  readonly said: Ranking;
  /** Contacted who did and others who did not come first, contacted who did not and others who did come last. */
  readonly best: Ranking;
}

function ordersOf({ contacted, outcomes }: Trial, scores: ArrayLike<number>): Orders {
  const signed = Float64Array.from({ length: scores.length }, (_, row) =>
    contacted[row] === 1 ? outcomes[row] : -outcomes[row],
  );
  return { said: ranked(scores), best: ranked(signed) };
}

function ranked(scores: ArrayLike<number>): Ranking {
  const rows = Uint32Array.from({ length: scores.length }, (_, row) => row);
  return { rows: rows.sort((a, b) => scores[b] - scores[a] || a - b), scores };
}

/** The points of a curve in columns: intervals take hundreds of curves, and an object per point would be most of the work. */
interface Curve {
  readonly shares: Float64Array;
  readonly gains: Float64Array;
}

function curveOver({ contacted, outcomes, weights }: Trial, { rows, scores }: Ranking): Curve {
  const shares = new Float64Array(rows.length + 1);
  const gains = new Float64Array(rows.length + 1);
  let [ours, theirs, ofOurs, ofTheirs, total] = [0, 0, 0, 0, 0];
  for (let row = 0; row < rows.length; row++) total += weights[row];
  let points = 1;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (contacted[row] === 1) {
      ours += weights[row];
      ofOurs += weights[row] * outcomes[row];
    } else {
      theirs += weights[row];
      ofTheirs += weights[row] * outcomes[row];
    }
    if (i + 1 < rows.length && scores[rows[i + 1]] === scores[row]) continue;
    const alike = theirs === 0 ? 0 : (ofTheirs * ours) / theirs;
    shares[points] = (ours + theirs) / total;
    gains[points] = ofOurs - alike;
    points++;
  }
  return { shares: shares.subarray(0, points), gains: gains.subarray(0, points) };
}

function coefficientOver(trial: Trial, { said, best }: Orders): number {
  const curve = curveOver(trial, said);
  const random = curve.gains[curve.gains.length - 1] / 2;
  return (areaUnder(curve) - random) / (areaUnder(curveOver(trial, best)) - random);
}

function areaUnder({ shares, gains }: Curve): number {
  let area = 0;
  for (let i = 1; i < shares.length; i++) {
    area += ((shares[i] - shares[i - 1]) * (gains[i] + gains[i - 1])) / 2;
  }
  return area;
}
