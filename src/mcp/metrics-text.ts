/** A model's figures in words, for a manager with little time. */
import {
  type CardDetails,
  type DetailFields,
  type DetailsOf,
  labelOf,
  type OrderGaps,
} from '../registry/card-details.ts';
import type { CalibrationTrial, ForecastRecipe, RankingMetrics, Tuning } from '../registry/card-figures.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { type PastBand, trustOf } from '../scoring/forecast-trust.ts';
import { formatCount, formatPercent, formatScore, formatSeconds, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import { adviceLines, answerLines } from './metrics-answer-text.ts';
import { modelText } from './model-text.ts';
import { evaluationCutoffOf, type ResponseFormat } from './schemas.ts';
import { bandLines, bandsText, cameBackText, periodLines, SET_ASIDE, seasonText } from './trust-text.ts';
import { upliftQualityLines } from './uplift-text.ts';

const TOP_FEATURES = 5;

/** How a sentence names baselines; those not listed keep their own name. */
const BASELINE_NAMES: Readonly<Record<string, string>> = {
  recency_rule: 'a simple recency rule',
  logistic_regression: 'logistic regression',
  bg_nbd: 'BG/NBD',
  trees_and_logistic_regression: 'boosted trees with a logistic regression',
  trees_logistic_regression_and_bg_nbd: 'boosted trees with a logistic regression and BG/NBD',
  customer_tenure_days_alone: 'customer_tenure_days alone',
};

/** The answer of a training: the figures, how long it took, and whether the new version is the champion. */
export function trainingText(card: ModelCard, promotion: string, format: ResponseFormat): string {
  const { total } = card.timings_ms;
  const { imported }: DetailFields = card.details;
  const took = imported !== undefined || total === undefined ? '' : `Trained in ${formatSeconds(total)}. `;
  const figures = format === 'concise' ? conciseMetricsText(card) : metricsText(card);
  return `${figures}\n\n${took}${promotion}`;
}

export function metricsText(card: ModelCard): string {
  const {
    order_gaps,
    recipe,
    tuning,
    calibration,
    ranking,
    table,
    season,
    rolling_calibration,
    horizon_days,
  }: DetailFields = card.details;
  return [
    ...answerLines(card),
    labelText(card),
    ...adviceLines(card),
    ...card.warnings.map(({ message }) => `Warning: ${message}`),
    '',
    ...periodLines(rolling_calibration?.periods ?? []),
    ...bandLines(rolling_calibration?.bands ?? []),
    ...cameBackText(trustOf(card), horizon_days ?? 0),
    ...(season ? [seasonText(season)] : []),
    ...(table && table.left_out.length > 0 ? [leftOutText(table.left_out)] : []),
    ...(card.comment === '' ? [] : [`Note: ${inertMarkdown(card.comment)}`]),
    '',
    modelText(card),
    ...(order_gaps ? [horizonText(card, order_gaps)] : []),
    ...howLearnt(card),
    ...(recipe && recipe !== 'trees' ? [RECIPES[recipe]] : []),
    ...(tuning ? [tuningText(tuning, card.params)] : []),
    ...(calibration ? [calibrationTrialText(calibration)] : []),
    ...(ranking ? rankingLines(ranking) : []),
    ...(card.details.kind === 'uplift' ? [] : qualityLines(card)),
    `What it goes by: ${importanceText(card)}`,
  ].join('\n');
}

/** The concise answer: how often it is right, what to beware of, and how far to trust it. Statistics are in the detailed one. */
export function conciseMetricsText(card: ModelCard): string {
  const trust = trustOf(card);
  return [
    ...answerLines(card),
    labelText(card),
    ...adviceLines(card),
    ...(card.details.kind === 'column'
      ? bandsText(mostOf(trust.bands), SET_ASIDE)
      : bandsText(mostOf(trust.bands))),
    ...card.warnings.map(({ message }) => `Warning: ${message}`),
    modelText(card),
  ].join('\n');
}

/** The bands with most customers first. */
function mostOf(bands: readonly PastBand[]): PastBand[] {
  return [...bands].sort((one, other) => other.customers - one.customers || other.from - one.from);
}

/** What the model predicts. */
export function labelText({ details, as_of }: ModelCard): string {
  const label = labelOf(details);
  switch (label.kind) {
    case 'inactivity':
      return `Tells who has not ordered for more than ${plural(label.churn_threshold_days, 'day')}, as of ${as_of}: the reference system’s definition of churn.`;
    case 'forward':
      return `Predicts who will not order in the next ${plural(label.horizon_days, 'day')}, from data up to ${as_of}.`;
    case 'column':
      return `Predicts for whom ${inertMarkdown(label.target)} is ${inertMarkdown(label.positive)}, from the table imported on or before ${as_of}.`;
    case 'uplift':
      return `Tells by how much an offer raises a customer’s chance to order in the next ${plural(label.horizon_days, 'day')}, from campaigns that were over by ${as_of}.`;
    case 'purchase':
      return `Predicts what customers will buy in the next ${plural(label.horizon_days, 'day')}, from data up to ${as_of}.`;
  }
}

/** How a horizon was chosen if the caller named none. */
function horizonText({ details }: ModelCard, { share, days }: OrderGaps): string {
  const horizon = details.kind === 'forward' ? plural(details.horizon_days, 'day') : '';
  return `Why ${horizon}: of customers who come back, ${formatPercent(share, 0)} do so within ${plural(days, 'day')}, and this is the nearest usual planning period that the history allows. Set horizon_days to choose another.`;
}

/** How the scores are made, if not by boosted trees alone. */
const RECIPES: Readonly<Record<Exclude<ForecastRecipe, 'trees'>, string>> = {
  trees_and_logistic_regression: 'Scores are the mean of boosted trees and a logistic regression.',
  trees_logistic_regression_and_bg_nbd:
    'Scores are a weighted mean of boosted trees, a logistic regression and the BG/NBD model of repeat buying. BG/NBD counts for 20% among many customers and for up to 50% among few.',
  logistic_regression: 'Scores come from a logistic regression, which ranked better than boosted trees.',
  recency_rule:
    'Scores come from the days since the last order alone, which ranked better than boosted trees.',
  bg_nbd: 'Scores come from the BG/NBD model of repeat buying, which ranked better than boosted trees.',
};

/** What a search for parameters found. */
function tuningText({ trials, best }: Tuning, params: ModelCard['params']): string {
  const last = Math.max(...trials.map(({ round }) => round));
  const lossOf = (wanted: number) =>
    trials.find(({ trial, round }) => trial === wanted && round === last)?.log_loss;
  const tried = new Set(trials.map(({ trial }) => trial)).size;
  const [found, given] = [best, 0].map(lossOf);
  const compared =
    found !== undefined && given !== undefined
      ? ` (log-loss ${found.toFixed(4)}, before ${given.toFixed(4)})`
      : '';
  if (best === 0)
    return `Of ${plural(tried, 'set')} of parameters tried, none was better than the given ones.`;
  const named = Object.entries(trials.find(({ trial }) => trial === best)?.params ?? {}).map(
    ([name, value]) => `${name} ${value}`,
  );
  return `Of ${plural(tried, 'set')} of parameters tried, trial ${best} did best${compared}: ${params.n_estimators} trees, ${named.join(', ')}.`;
}

/** Whether calibrating the probabilities on earlier periods helped. */
function calibrationTrialText({ kept, trials }: CalibrationTrial): string {
  const helped = trials.filter(({ log_loss, calibrated_log_loss }) => calibrated_log_loss < log_loss).length;
  const tried = `Correcting the probabilities by how earlier periods turned out made ${helped} of ${trials.length} later periods better`;
  return kept ? `${tried}, so it is done.` : `${tried}, so it is left out.`;
}

function howLearnt(card: ModelCard): string[] {
  return card.details.kind === 'uplift' ? upliftQualityLines(card.details) : [windowsText(card)];
}

/** On which rows it was trained and judged. */
function windowsText(card: ModelCard): string {
  const { evaluation, training_samples, test_samples } = card;
  const { windows, imported }: DetailFields = card.details;
  if (imported) {
    const where =
      evaluation === 'random_split'
        ? 'set aside at random'
        : `from the latest period whose outcome is known (after ${evaluationCutoffOf(card)})`;
    return `Trained elsewhere with XGBoost ${inertMarkdown(imported.version)} and imported, judged on ${plural(test_samples, 'customer')} ${where}.`;
  }
  const judged = `judged on ${formatCount(test_samples)}`;
  if (windows === undefined) {
    return `Trained on ${plural(training_samples, 'customer')}, ${judged} set aside at random. The model that answers was then fitted again on all.`;
  }
  const trained = `Trained on ${plural(training_samples, 'row')} (${cutoffsText(card.details.kind, windows.train_cutoffs)})`;
  if (evaluation === 'random_split') return `${trained}, ${judged} set aside at random.`;
  const refitted = windows.refit_cutoffs
    ? ' The model that answers was then fitted again, with the latest customers whose outcome is known.'
    : '';
  return `${trained}, ${judged} from a later period (after ${windows.evaluation_cutoff}).${refitted}`;
}

function cutoffsText(kind: CardDetails['kind'], cutoffs: readonly string[]): string {
  const days = [...cutoffs].sort();
  const rows = kind === 'purchase' ? 'customers and products' : 'customers';
  return days.length === 1
    ? `${rows} as of ${days[0]}`
    : `${rows} as of each of ${plural(days.length, 'day')}, ${days.at(0)} to ${days.at(-1)}`;
}

function qualityLines(card: ModelCard): string[] {
  const { metrics } = card;
  const { tp, fn, fp } = metrics.confusion_matrix;
  const { baselines: compared = {} }: DetailFields = card.details;
  const isPurchase = card.details.kind === 'purchase';
  const positives = isPurchase ? 'purchases' : 'churners';
  const baselines = Object.entries(compared).map(
    ([name, { roc_auc }], i) =>
      `${BASELINE_NAMES[name] ?? name.replaceAll('_', ' ')}${i === 0 ? ' reaches' : ''} ${formatScore(roc_auc)}`,
  );
  const briers = Object.entries(compared).flatMap(([name, { brier }]) =>
    brier === undefined ? [] : [`, ${BASELINE_NAMES[name] ?? name} ${brier.toFixed(4)}`],
  );
  const beside = baselines.length > 0 ? ` (${baselines.join(', ')})` : '';
  return [
    `Ranking: ROC-AUC ${formatScore(metrics.roc_auc)}${beside}; PR-AUC ${formatScore(metrics.pr_auc)}. The top tenth by score holds ${metrics.lift_top_decile.toFixed(1)} times as many ${positives} as average.`,
    `Caught: ${formatCount(tp)} of ${formatCount(tp + fn)} ${positives} (recall ${formatPercent(metrics.churned_recall)}), with ${plural(fp, 'false alarm')} (precision ${formatPercent(metrics.precision)}, F1 ${formatScore(metrics.f1)}).`,
    ...confusionLines(card),
    `Accuracy: ${formatPercent(metrics.accuracy)}; always predicting the more common outcome is right ${formatPercent(metrics.majority_rate)} of the time.`,
    `Probabilities: Brier score ${metrics.brier.toFixed(4)}; the base rate alone has ${metrics.brier_base.toFixed(4)}${briers.join('')} (lower is better)${metrics.brier > metrics.brier_base ? ', so use the order of the scores, not their values' : ''}. Log-loss ${formatScore(metrics.log_loss)}.`,
    ...calibrationLines(metrics.calibration),
    `Share of ${positives} among those judged: ${formatPercent(metrics.churn_rate)}.`,
  ];
}

/** The confusion matrix as a small table. */
function confusionLines({ metrics: { confusion_matrix }, details: { kind } }: ModelCard): string[] {
  const { tn, fp, fn, tp } = confusion_matrix;
  const [negative, positive] = kind === 'purchase' ? ['not bought', 'bought'] : ['active', 'churned'];
  const headings = [`said ${negative}`, `said ${positive}`];
  const rows = [
    [`really ${negative}`, formatCount(tn), formatCount(fp)],
    [`really ${positive}`, formatCount(fn), formatCount(tp)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const line = (name: string, ...cells: string[]) =>
    `  ${[name.padEnd(width), ...cells.map((cell, column) => cell.padStart(headings[column].length))].join('  ')}`;
  return [line('', ...headings), ...rows.map(([name, ...cells]) => line(name, ...cells))];
}

/** The gap between probabilities and what happened: on average, and where it is widest. */
function calibrationLines(bins: ModelCard['metrics']['calibration']): string[] {
  const gap = ({ predicted, observed }: (typeof bins)[number]) => Math.abs(predicted - observed);
  const [widest] = [...bins].sort((a, b) => gap(b) - gap(a));
  if (widest === undefined) return [];
  const rows = bins.reduce((sum, { count }) => sum + count, 0);
  const mean = bins.reduce((sum, bin) => sum + gap(bin) * bin.count, 0) / rows;
  return [
    `Calibration: probabilities are off by ${(mean * 100).toFixed(1)} points on average, at most where ${formatPercent(widest.predicted)} was predicted and ${formatPercent(widest.observed)} came true.`,
  ];
}

function rankingLines(ranking: Record<string, RankingMetrics>): string[] {
  const { model, ...baselines } = ranking;
  if (model === undefined) return [];
  const line = (name: string, r: RankingMetrics) =>
    `  ${name}: ${formatPercent(r.hit_rate_at_5)} / ${formatPercent(r.recall_at_10)} / ${formatScore(r.ndcg_at_10)}; new to the customer ${formatPercent(r.new_hit_rate_at_5)} / ${formatPercent(r.new_recall_at_10)}`;
  return [
    `Recommendations, judged on ${plural(model.buyers, 'later buyer')} (hit rate at 5 / recall at 10 / NDCG at 10):`,
    line('this model', model),
    ...Object.entries(baselines).map(([name, metrics]) => line(name.replaceAll('_', ' '), metrics)),
  ];
}

const MOST_LEFT_OUT = 20;

/** Columns of a table that were left out, because nothing can be learnt from them. */
function leftOutText(leftOut: DetailsOf<'column'>['table']['left_out']): string {
  const shown = leftOut
    .slice(0, MOST_LEFT_OUT)
    .map(({ name, reason }) => `${inertMarkdown(name, 40)} (${reason})`);
  const more = leftOut.length > MOST_LEFT_OUT ? ` and ${leftOut.length - MOST_LEFT_OUT} more` : '';
  return `Columns left out: ${shown.join(', ')}${more}.`;
}

function importanceText({ feature_importance }: ModelCard): string {
  return [...feature_importance]
    .sort((a, b) => b.importance - a.importance || (a.feature < b.feature ? -1 : 1))
    .slice(0, TOP_FEATURES)
    .filter(({ importance }) => importance > 0)
    .map(({ feature, importance }) => `${inertMarkdown(feature)} ${formatPercent(importance, 0)}`)
    .join(', ');
}
