import { isDeepStrictEqual } from 'node:util';
import { type DetailFields, labelOf } from '../registry/card-details.ts';
import type { RankingMetrics, UpliftFigures } from '../registry/card-figures.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { formatCount, formatPercent, formatScore } from '../text/format.ts';
import { labelText } from './metrics-text.ts';
import { evaluationCutoffOf } from './schemas.ts';

type Row = readonly [name: string, value: (card: ModelCard) => string];

const ROWS: readonly Row[] = [
  ['ROC-AUC', ({ metrics }) => formatScore(metrics.roc_auc)],
  ['PR-AUC', ({ metrics }) => formatScore(metrics.pr_auc)],
  ['Lift, top tenth', ({ metrics }) => metrics.lift_top_decile.toFixed(1)],
  ['Recall', ({ metrics }) => formatPercent(metrics.churned_recall)],
  ['Precision', ({ metrics }) => formatPercent(metrics.precision)],
  ['Accuracy', ({ metrics }) => formatPercent(metrics.accuracy)],
  ['Majority rate', ({ metrics }) => formatPercent(metrics.majority_rate)],
  ['Brier score', ({ metrics }) => metrics.brier.toFixed(4)],
  ['Base rate Brier', ({ metrics }) => metrics.brier_base.toFixed(4)],
  ['Data up to', ({ as_of }) => as_of],
  ['Judged on', evaluationCutoffOf],
  ['Rows judged', ({ test_samples }) => formatCount(test_samples)],
];

/** Only of the recommendation model: how well it ranks products. */
const RANKING_ROWS: readonly Row[] = [
  ['Hit rate at 5', (card) => formatRanking(card, ({ hit_rate_at_5 }) => formatPercent(hit_rate_at_5))],
  ['Recall at 10', (card) => formatRanking(card, ({ recall_at_10 }) => formatPercent(recall_at_10))],
  ['NDCG at 10', (card) => formatRanking(card, ({ ndcg_at_10 }) => formatScore(ndcg_at_10))],
];

/** Of the uplift model. */
const UPLIFT_ROWS: readonly Row[] = [
  ['Qini', (card) => formatUplift(card, ({ qini }) => qini.value.toFixed(4))],
  ['Qini of the risk', (card) => formatUplift(card, ({ qini_of_risk }) => qini_of_risk.value.toFixed(4))],
  ['Mean effect', (card) => formatUplift(card, ({ effect }) => formatPercent(effect.value))],
  ['Data up to', ({ as_of }) => as_of],
  ['Rows judged', ({ test_samples }) => formatCount(test_samples)],
];

function formatUplift({ details }: ModelCard, format: (figures: UpliftFigures) => string): string {
  const { uplift }: DetailFields = details;
  return uplift === undefined ? 'not measured' : format(uplift);
}

function formatRanking({ details }: ModelCard, format: (metrics: RankingMetrics) => string): string {
  const { ranking }: DetailFields = details;
  const ofModel = ranking?.model;
  return ofModel === undefined ? 'not measured' : format(ofModel);
}

/** Two versions of one model side by side, and what the difference is worth. */
export function comparisonText(card: ModelCard, other: ModelCard): string {
  const width = 18;
  const line = (name: string, a: string, b: string) => `${name.padEnd(16)} ${a.padEnd(width)} ${b}`.trimEnd();
  const rows = rowsOf(card);
  return [
    `${card.model}: two versions side by side`,
    line('', card.version, other.version),
    ...rows.map(([name, value]) => line(name, value(card), value(other))),
    '',
    ...(isDeepStrictEqual(labelOf(card.details), labelOf(other.details))
      ? []
      : [`They answer different questions. ${labelText(card)} The other: ${labelText(other)}`]),
    isSameHoldOut(card, other)
      ? 'Both were judged on the same rows.'
      : 'They were judged on different rows, so small differences mean little.',
    ...warningLines(card, other),
  ].join('\n');
}

function rowsOf({ model }: ModelCard): readonly Row[] {
  if (model === 'campaign_uplift') return UPLIFT_ROWS;
  return model === 'product_recommendation' ? [...RANKING_ROWS, ...ROWS] : ROWS;
}

function isSameHoldOut(card: ModelCard, other: ModelCard): boolean {
  return (
    evaluationCutoffOf(card) === evaluationCutoffOf(other) &&
    card.evaluation === other.evaluation &&
    card.data.fingerprint === other.data.fingerprint &&
    card.test_samples === other.test_samples
  );
}

/** Each warning once; those of one version alone name it. */
function warningLines(card: ModelCard, other: ModelCard): string[] {
  const has = ({ warnings }: ModelCard, message: string) =>
    warnings.some((warning) => warning.message === message);
  return [
    ...card.warnings.map(({ message }) =>
      has(other, message) ? `Warning: ${message}` : `Warning for ${card.version}: ${message}`,
    ),
    ...other.warnings.flatMap(({ message }) =>
      has(card, message) ? [] : [`Warning for ${other.version}: ${message}`],
    ),
  ];
}
