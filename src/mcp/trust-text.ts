/** How far a forecast can be trusted, in words. */
import type { Season } from '../registry/card-figures.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { type ForecastTrust, type PastBand, type PastPeriod, trustOf } from '../scoring/forecast-trust.ts';
import { type RankingTrust, rankingTrustOf } from '../scoring/ranking-trust.ts';
import { formatCount, formatPercent, formatWhole, plural } from '../text/format.ts';

const MOST_BANDS = 3;

/** Of a table of customers: whom the model was judged on. */
export const SET_ASIDE = ['customer set aside to judge it', 'customers set aside to judge it'] as const;
const EARLIER = ['earlier active customer', 'earlier active customers'] as const;

/**
 * The first sentences of an answer if the model ranks badly, or its latest probabilities were wrong by more than five
 * points, or none could be compared with what happened.
 */
export function trustWarnings(card: ModelCard): string[] {
  const ranking = rankingTrustOf(card);
  const isBadly = ranking.isChance || ranking.better !== undefined;
  return [...rankingWarning(ranking), ...probabilityWarning(trustOf(card), isBadly)];
}

function probabilityWarning({ latest, isOff, uncheckedDays }: ForecastTrust, ranksBadly: boolean): string[] {
  const advice = ranksBadly
    ? 'Take amounts as ranges.'
    : 'Use the order of the list; take amounts as ranges.';
  if (uncheckedDays !== undefined) {
    return [
      `Nobody can tell yet how true these probabilities are: the orders hold no later period of ${plural(uncheckedDays, 'day')} to compare them with. ${advice} A shorter horizon_days can be checked sooner.`,
    ];
  }
  if (latest === undefined || isOff === undefined) return [];
  return [
    `When last tested, these probabilities were ${isOff}: as of ${latest.cutoff} ${errorText(latest, isOff)}. ${advice}`,
  ];
}

/** "active customers were given 43% on average, and 8% left" */
export function errorText(latest: PastPeriod, isOff: ForecastTrust['isOff']): string {
  const { said, happened, calibration_error: error } = latest;
  const given = `active customers were given ${formatPercent(said, 0)} on average, and ${formatPercent(happened, 0)} left`;
  return isOff === 'off both ways'
    ? `${given}, but groups with the same chance were off by ${formatPercent(error, 0)} on average`
    : given;
}

const RULE_WORDS = {
  recency_rule: 'days since the last order alone',
  bg_nbd: 'the BG/NBD model alone',
  logistic_regression: 'a logistic regression alone',
} as const;

/** A model that ranks no better than a coin, or than the rule it would give way to, says so; so does one judged on few. */
function rankingWarning({
  rocAuc,
  positives,
  negatives,
  isChance,
  better,
  interval,
}: RankingTrust): string[] {
  const judged = `${plural(positives, 'customer')} who left and ${formatCount(negatives)} who stayed`;
  const range = interval ? `, 95% interval ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}` : '';
  const beaten = better
    ? `${RULE_WORDS[better.rule]} ranked better (${better.rocAuc.toFixed(2)})`
    : undefined;
  if (isChance) {
    return [
      `This model ranks no better than a coin: judged on ${judged}, its ROC-AUC is ${rocAuc.toFixed(2)} (0.5 is a coin${range}).${beaten ? ` There ${beaten}.` : ''} Do not go by the order of the list.`,
    ];
  }
  if (beaten !== undefined) {
    return [
      `A simple rule did better: judged on ${judged}, ${beaten} than this model (${rocAuc.toFixed(2)}${range}). The difference may be chance; do not rely on the order of the list.`,
    ];
  }
  if (interval === undefined) return [];
  return [
    `This model was judged on few customers: ${judged}, so its ROC-AUC of ${rocAuc.toFixed(2)} may be anything from ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}.`,
  ];
}

/** How the latest probabilities were wrong, if by more than five points. */
export function probabilitiesAre(card: ModelCard): ForecastTrust['isOff'] {
  return trustOf(card).isOff;
}

/** "How far to trust it: of 331 earlier customers given about 55%, 47% left." */
export function bandsText(
  bands: readonly PastBand[],
  [whom, many]: readonly [string, string] = EARLIER,
): string[] {
  if (bands.length === 0) return [];
  const [first, ...others] = bands.slice(0, MOST_BANDS);
  const more = others.map(
    ({ customers, said, happened }) =>
      `of ${formatCount(customers)} given about ${formatPercent(said, 0)}, ${formatPercent(happened, 0)}`,
  );
  return [
    `How far to trust it: of ${plural(first.customers, whom, many)} given about ${formatPercent(first.said, 0)}, ${formatPercent(first.happened, 0)} left${more.map((text) => `; ${text}`).join('')}.`,
  ];
}

/** "Last time: as of 2026-10-26 it said 390,000 (300,000 to 480,000); 412,000 was lost." */
export function backTestText({ latest }: ForecastTrust): string[] {
  if (latest === undefined) return [];
  const { cutoff, value_said, value_low, value_high, value_lost } = latest;
  return [
    `Last time: as of ${cutoff} it said that ${formatWhole(value_said)} was at stake, between ${formatWhole(value_low)} and ${formatWhole(value_high)}. In fact ${formatWhole(value_lost)} was lost.`,
  ];
}

/** "Left is not lost: of 120 active customers … 41% had ordered again by day 270." */
export function cameBackText({ cameBack }: ForecastTrust, horizonDays: number): string[] {
  if (cameBack === undefined) return [];
  const { cutoff, days, left, share } = cameBack;
  return [
    `Left is not lost: of ${plural(left, 'active customer')} who did not order in the ${plural(horizonDays, 'day')} after ${cutoff}, ${formatPercent(share, 0)} had ordered again by day ${days}.`,
  ];
}

/** One line per past period, active customers alone: what was said, and what happened. */
export function periodLines(periods: readonly PastPeriod[]): string[] {
  if (periods.length === 0) return [];
  return [
    'Said and happened, active customers only:',
    ...periods.map(
      ({ cutoff, customers, said, low, high, happened, value_said, value_lost }) =>
        `- after ${cutoff}, ${plural(customers, 'customer')}: said ${formatPercent(said, 0)} (${formatPercent(low, 0)} to ${formatPercent(high, 0)}), ${formatPercent(happened, 0)} left; said ${formatWhole(value_said)} at stake, ${formatWhole(value_lost)} was lost`,
    ),
  ];
}

/** The same by what was said, over all periods: "- given about 64%: 61% of 331 left". */
export function bandLines(bands: readonly PastBand[]): string[] {
  if (bands.length === 0) return [];
  return [
    'By what they were given, over these periods:',
    ...bands.map(
      ({ customers, said, happened }) =>
        `- given about ${formatPercent(said, 0)}: ${formatPercent(happened, 0)} of ${formatCount(customers)} left`,
    ),
  ];
}

/** What the forecast knows of the season. */
export function seasonText({ is_known, factor, repeats }: Season): string {
  return is_known
    ? `Season: customers are expected to order ${factor.toFixed(2)} times as fast as in the periods learnt from, by the same weeks of earlier years; ${formatPercent(repeats, 0)} of a year’s ups and downs are taken to repeat.`
    : 'Season: unknown. It takes about 18 months of orders, without a jump in how often customers come back. If your sales have seasons, the probabilities may be off.';
}
