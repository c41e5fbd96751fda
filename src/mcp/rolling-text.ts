/** How recommendations did on several days, as a table for people and as data. */
import { meanOf } from '../metrics/mean.ts';
import { pooledBands } from '../metrics/said-and-bought.ts';
import type { RankingMetrics } from '../registry/card-figures.ts';
import { formatCount, formatPercent, formatScore, plural } from '../text/format.ts';
import type { RolledDay } from '../training/rolling-origin.ts';
import { rankingName } from './evaluation-text.ts';
import { type Cells, tableLines } from './text-table.ts';

const FIGURES = {
  'hit@5': ({ hit_rate_at_5 }) => formatPercent(hit_rate_at_5),
  'recall@10': ({ recall_at_10 }) => formatPercent(recall_at_10),
  'NDCG@10': ({ ndcg_at_10 }) => formatScore(ndcg_at_10),
  'new: hit@5': ({ new_hit_rate_at_5 }) => formatPercent(new_hit_rate_at_5),
  'new: recall@10': ({ new_recall_at_10 }) => formatPercent(new_recall_at_10),
} as const satisfies Record<string, (metrics: Figures) => string>;

type Figures = Pick<
  RankingMetrics,
  'hit_rate_at_5' | 'recall_at_10' | 'ndcg_at_10' | 'new_hit_rate_at_5' | 'new_recall_at_10'
>;

export function rollingText(days: readonly RolledDay[]): string {
  const names = Object.keys(days[0]?.ranking ?? {});
  const meanRows = names.map((name) => [
    `mean, ${rankingName(name)}`,
    ...figuresOf(meanFigures(days.map(({ ranking }) => ranking[name]))),
  ]);
  return [
    `product_recommendation, trained anew for ${plural(days.length, 'day')} and compared with the horizon after each`,
    '',
    ...tableLines([
      ['', ...Object.keys(FIGURES), 'said ÷ bought', 'log-loss'],
      ...days.map(({ cutoff, ranking, said, bought, logLoss }) => [
        `${cutoff}, ${rankingName('model')}`,
        ...figuresOf(ranking.model),
        bought === 0 ? '' : (said / bought).toFixed(2),
        logLoss.toFixed(4),
      ]),
      ...meanRows.map((row) => [...row, '', '']),
    ]),
    '',
    'Purchases of all days by how likely the model called them, in bands of at least 100 purchases:',
    ...tableLines(bandRows(days)),
    '',
    'hit@5: buyers who bought one of their first 5 recommendations. new: only products that the customer had not bought before. said ÷ bought: purchases by the probabilities ÷ purchases that happened; 1 is best.',
  ].join('\n');
}

function bandRows(days: readonly RolledDay[]): Cells[] {
  return [
    ['probability', 'said', 'bought', 'said ÷ bought'],
    ...pooledBands(days.map(({ bands }) => bands)).map(({ from, to, said, bought }) => [
      `${formatPercent(from)} to ${formatPercent(to)}`,
      formatCount(Math.round(said)),
      formatCount(bought),
      bought === 0 ? '' : (said / bought).toFixed(2),
    ]),
  ];
}

/** The same as data. */
export function rollingFieldsOf(days: readonly RolledDay[]) {
  return {
    model: 'product_recommendation',
    days: days.map(({ cutoff, ranking, logLoss, said, bought, bands }) => ({
      evaluation_cutoff: cutoff,
      ranking,
      log_loss: logLoss,
      purchases_said: said,
      purchases: bought,
      bands: bands.map(({ from, to, said: purchases_said, bought: purchases }) => ({
        from,
        to,
        purchases_said,
        purchases,
      })),
    })),
  };
}

function figuresOf(metrics: Figures): string[] {
  return Object.values(FIGURES).map((show) => show(metrics));
}

function meanFigures(days: readonly Figures[]): Figures {
  const mean = (figure: keyof Figures) => meanOf(days.map((metrics) => metrics[figure]));
  return {
    hit_rate_at_5: mean('hit_rate_at_5'),
    recall_at_10: mean('recall_at_10'),
    ndcg_at_10: mean('ndcg_at_10'),
    new_hit_rate_at_5: mean('new_hit_rate_at_5'),
    new_recall_at_10: mean('new_recall_at_10'),
  };
}
