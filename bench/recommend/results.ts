import { meanOf } from '../../src/metrics/mean.ts';
import { pooledBands, type SaidAndBought } from '../../src/metrics/said-and-bought.ts';
import type { RankingMetrics } from '../../src/registry/card-figures.ts';

export const FIGURES = {
  hit_rate_at_5: 'HR@5',
  recall_at_10: 'Recall@10',
  ndcg_at_10: 'NDCG@10',
  new_hit_rate_at_5: 'new HR@5',
  new_recall_at_10: 'new Recall@10',
} as const satisfies Partial<Record<keyof RankingMetrics, string>>;
export type Figures = Readonly<Record<keyof typeof FIGURES, number>>;

/** One shop on one day: our figures, how the probabilities held, and the peers' figures. */
export interface RankingTrial {
  readonly shop: string;
  readonly cutoff: string;
  readonly ours: Figures;
  readonly logLoss: number;
  readonly saidOverBought: number;
  readonly bands: readonly SaidAndBought[];
  readonly peers: Readonly<Record<string, Figures>>;
}

export function resultsText(trials: readonly RankingTrial[]): string {
  const shops = [...new Set(trials.map(({ shop }) => shop))];
  return [
    '# Recommendations beside published recommenders',
    '',
    'Made by `npm run bench:recommend`: trained as of each cutoff on what was known by then, judged by the 30 days after it. Everybody ranks for the same buyers and is judged by the same truth: customers with an order by the cutoff who bought something in those days. "New" ranks and counts only products that the customer had not bought before. Peers: `bench/peers/recommend_peers.py`, with the parameters named there.',
    '',
    ...shops.flatMap((shop) =>
      shopLines(
        shop,
        trials.filter((trial) => trial.shop === shop),
      ),
    ),
  ].join('\n');
}

function shopLines(shop: string, trials: readonly RankingTrial[]): string[] {
  const names = Object.keys(trials[0].peers);
  const mean = (figuresOf: (trial: RankingTrial) => Figures) =>
    cells((figure) => meanOf(trials.map((trial) => figuresOf(trial)[figure])));
  return [
    `## ${shop}`,
    '',
    `Means over ${trials.length} cutoffs.`,
    '',
    ...table(
      ['', ...Object.values(FIGURES)],
      [
        ['**churn-mcp**', ...mean(({ ours }) => ours)],
        ...names.map((name) => [name, ...mean(({ peers }) => peers[name])]),
      ],
    ),
    'churn-mcp by cutoff:',
    '',
    ...table(
      ['cutoff', ...Object.values(FIGURES), 'log-loss', 'said ÷ bought'],
      trials.map(({ cutoff, ours, logLoss, saidOverBought }) => [
        cutoff,
        ...cells((figure) => ours[figure]),
        logLoss.toFixed(4),
        saidOverBought.toFixed(2),
      ]),
    ),
    'Purchases said ÷ bought by band of probability, all cutoffs together:',
    '',
    ...bandsTable(pooledBands(trials.map(({ bands }) => bands))),
  ];
}

function bandsTable(bands: readonly SaidAndBought[]): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return table(
    ['', ...bands.map(({ from, to }) => `${percent(from)} to ${percent(to)}`)],
    [
      ['said ÷ bought', ...bands.map(({ said, bought }) => (said / bought).toFixed(2))],
      ['bought', ...bands.map(({ bought }) => String(bought))],
    ],
  );
}

function cells(value: (figure: keyof Figures) => number): string[] {
  return (Object.keys(FIGURES) as (keyof Figures)[]).map((figure) => value(figure).toFixed(3));
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line), ''];
}
