import { RISK_BANDS, riskBandOf } from './assignment.ts';

/**
 * The share of customers about to leave whom an offer keeps: what past campaigns of this shop measured, by band of risk, drawn
 * to what is known of all bands where a band was measured little, and to an assumption if nothing was.
 *
 * Every estimate is weighed by the inverse of its variance, which is the posterior of normal estimates under a normal prior
 * (Gelman et al., "Bayesian Data Analysis", 2013, chapter 5.4, with the spread between bands fixed).
 */

/** Of a campaign that is over: one band of risk, contacted against held out. */
export interface MeasuredBand {
  /** Of `RISK_BANDS`. */
  readonly band: number;
  /** By how much more of the contacted ordered, 0 to 1, and how sure that is. */
  readonly difference: number;
  readonly standardError: number;
  /** Share of the held-out who did not order. */
  readonly leavingShare: number;
}

export interface SuccessRate {
  readonly rate: number;
  /** Standard deviation of what the rate may truly be. */
  readonly deviation: number;
}

export interface SuccessRates {
  readonly source: 'given' | 'measured' | 'assumed';
  readonly overall: SuccessRate;
  /** As many as `RISK_BANDS`. */
  readonly bands: readonly SuccessRate[];
  /** How many campaigns it was measured by. */
  readonly campaigns: number;
}

/** What is assumed before anything was measured: one in ten, and anything from none to three in ten would be no surprise. */
const ASSUMED: SuccessRate = { rate: 0.1, deviation: 0.1 };
/** How far the bands of one shop differ from each other. */
const SPREAD_BETWEEN_BANDS = 0.05;
/** Below this share of leavers a band says nothing of whom an offer keeps. */
const LEAST_LEAVING = 0.02;

export function assumedSuccessRate(): SuccessRates {
  return { source: 'assumed', overall: ASSUMED, bands: RISK_BANDS.map(() => ASSUMED), campaigns: 0 };
}

/** A rate that somebody names is a guess: half of it and one and a half times it would be no surprise. */
export function givenSuccessRate(rate: number): SuccessRates {
  const overall = { rate, deviation: rate / 4 };
  return { source: 'given', overall, bands: RISK_BANDS.map(() => overall), campaigns: 0 };
}

/** @param campaigns the bands of each campaign that is over; none gives the assumption */
export function measuredSuccessRate(campaigns: readonly (readonly MeasuredBand[])[]): SuccessRates {
  const bands = campaigns.flat().filter(({ leavingShare }) => leavingShare >= LEAST_LEAVING);
  if (bands.length === 0) return assumedSuccessRate();
  const rates = bands.map(({ band, difference, standardError, leavingShare }) => ({
    band,
    rate: difference / leavingShare,
    deviation: standardError / leavingShare,
  }));
  const overall = weighed([
    ASSUMED,
    ...rates.map(({ rate, deviation }) => ({ rate, deviation: Math.hypot(deviation, SPREAD_BETWEEN_BANDS) })),
  ]);
  const prior = { rate: overall.rate, deviation: Math.hypot(overall.deviation, SPREAD_BETWEEN_BANDS) };
  return {
    source: 'measured',
    overall: possible(overall),
    bands: RISK_BANDS.map((_, band) =>
      possible(weighed([prior, ...rates.filter((measured) => measured.band === band)])),
    ),
    campaigns: campaigns.length,
  };
}

export function successRateOf({ bands }: SuccessRates, churnProbability: number): SuccessRate {
  return bands[riskBandOf(churnProbability)];
}

function weighed(estimates: readonly SuccessRate[]): SuccessRate {
  const weights = estimates.map(({ deviation }) => 1 / Math.max(deviation, 1e-6) ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const rate = estimates.reduce((sum, one, i) => sum + (weights[i] / total) * one.rate, 0);
  return { rate, deviation: Math.sqrt(1 / total) };
}

/** An offer that drives customers away keeps nobody. */
function possible({ rate, deviation }: SuccessRate): SuccessRate {
  return { rate: Math.max(0, Math.min(1, rate)), deviation };
}
