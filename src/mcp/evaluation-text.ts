/** A version's evaluation as a table beside its baselines, for people and for scripts. */
import type { DetailFields } from '../registry/card-details.ts';
import type { GroupQuality, ListMetrics, RankingMetrics } from '../registry/card-figures.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { formatCount, formatPercent, formatScore, plural } from '../text/format.ts';
import { labelText } from './metrics-text.ts';
import { evaluationCutoffOf } from './schemas.ts';
import { type Cells, tableLines } from './text-table.ts';
import { upliftAnswerLines, upliftQualityLines } from './uplift-text.ts';

export function evaluationText(card: ModelCard): string {
  if (card.details.kind === 'uplift') {
    return [
      `${card.model} ${card.version}`,
      labelText(card),
      '',
      ...upliftAnswerLines(card.details),
      ...upliftQualityLines(card.details),
    ].join('\n');
  }
  const { test_samples } = card;
  const { imported, ranking, groups }: DetailFields = card.details;
  const learnt = imported ? 'which it may have learnt from where it was trained' : 'none of them learnt from';
  const how =
    card.evaluation === 'later_slice'
      ? `on ${plural(test_samples, 'row')} of the period after ${evaluationCutoffOf(card)}, ${learnt}`
      : `on ${plural(test_samples, 'row')} set aside at random`;
  return [
    `${card.model} ${card.version}, ${how}`,
    labelText(card),
    '',
    ...tableLines(ranking ? rankingRows(ranking) : []),
    ...(ranking ? [''] : []),
    ...(ranking?.model.lists ? [...listLines(ranking.model.lists), ''] : []),
    ...tableLines(probabilityRows(card)),
    ...(groups ? ['', ...tableLines(groupRows(groups))] : []),
  ].join('\n');
}

/** The same as data. */
export function evaluationFieldsOf(card: ModelCard) {
  const { model, version, as_of, evaluation, test_samples, metrics } = card;
  const { baselines = {}, groups, ranking, uplift }: DetailFields = card.details;
  return {
    model,
    version,
    as_of,
    evaluation,
    evaluation_cutoff: evaluationCutoffOf(card),
    test_samples,
    metrics,
    baselines,
    ...(groups && { groups }),
    ...(ranking && { ranking }),
    ...(uplift && { uplift }),
  };
}

function probabilityRows({ metrics, details }: ModelCard): Cells[] {
  const { baselines = {} }: DetailFields = details;
  const { roc_auc, pr_auc, brier, brier_base, log_loss } = metrics;
  return [
    ['', 'ROC-AUC', 'PR-AUC', 'Brier', 'log-loss'],
    ['this model', formatScore(roc_auc), formatScore(pr_auc), brier.toFixed(4), formatScore(log_loss)],
    ...Object.entries(baselines).map(([name, baseline]) => [
      name.replaceAll('_', ' '),
      formatScore(baseline.roc_auc),
      '',
      baseline.brier?.toFixed(4) ?? '',
      '',
    ]),
    ['base rate', formatScore(0.5), formatScore(metrics.churn_rate), brier_base.toFixed(4), ''],
  ];
}

function groupRows(groups: readonly GroupQuality[]): Cells[] {
  return [
    ['order days', 'customers', 'predicted', 'churned', 'ROC-AUC'],
    ...groups.map(({ name, customers, predicted_rate, churn_rate, roc_auc }) => [
      name,
      formatCount(customers),
      formatPercent(predicted_rate),
      formatPercent(churn_rate),
      roc_auc === undefined ? '' : formatScore(roc_auc),
    ]),
  ];
}

function rankingRows(ranking: Readonly<Record<string, RankingMetrics>>): Cells[] {
  return [
    [
      '',
      'hit@5',
      'recall@10',
      'NDCG@10',
      'new: hit@5',
      'new: recall@10',
      'coverage@10',
      'top ten@10',
      'diversity@10',
    ],
    ...Object.entries(ranking).map(([name, metrics]) => [
      rankingName(name),
      formatPercent(metrics.hit_rate_at_5),
      formatPercent(metrics.recall_at_10),
      formatScore(metrics.ndcg_at_10),
      formatPercent(metrics.new_hit_rate_at_5),
      formatPercent(metrics.new_recall_at_10),
      metrics.coverage_at_10 === undefined ? '' : formatPercent(metrics.coverage_at_10),
      ...varietyOf(metrics.lists?.find(({ k }) => k === 10)),
    ]),
  ];
}

/** A ranking as tables name it: the model, or a simple rule. */
export function rankingName(name: string): string {
  return name === 'model' ? 'this model' : name.replaceAll('_', ' ');
}

function varietyOf(list: ListMetrics | undefined): Cells {
  if (list === undefined) return ['', ''];
  return [formatPercent(list.top_ten_share), list.diversity?.toFixed(2) ?? ''];
}

/** The first 5, 10 and 20 recommendations by the names of the field; papers and peers can be compared with them. */
function listLines(lists: readonly ListMetrics[]): string[] {
  const percent = ({ mean, margin }: ListMetrics['recall']) =>
    `${formatPercent(mean)} ± ${formatPercent(margin)}`;
  return [
    'The first recommendations of this model, means over buyers with 95% intervals:',
    ...tableLines([
      ['', 'HR', 'recall', 'NDCG', 'repeat recall', 'explore recall', 'coverage', 'top ten', 'novelty'],
      ...lists.map((list) => [
        `first ${list.k}`,
        percent(list.hit_rate),
        percent(list.recall),
        `${formatScore(list.ndcg.mean)} ± ${formatScore(list.ndcg.margin)}`,
        percent(list.repeat_recall),
        percent(list.explore_recall),
        formatPercent(list.coverage),
        formatPercent(list.top_ten_share),
        list.novelty.toFixed(1),
      ]),
    ]),
    'HR (PHR in papers on baskets): buyers who bought one of them. Repeat recall: of what they bought again; explore recall: of what was new to them. Top ten: places that the ten products shown most take. Diversity: how unlike each other the products of a list are, by the words of name and category; 1 is best. Novelty: higher for products that few have bought.',
  ];
}
