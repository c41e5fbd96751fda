/** How models changed: their versions over time, and how far customers have moved since training. */
import type { Metrics, Version } from './answers.ts';
import { axis, chart } from './chart.ts';
import { element, table } from './elements.ts';
import { percent, score, words } from './numbers.ts';

/** A twentieth of room around the values, within what there can be. */
const NEAR = {
  min: ({ min }: { min: number }) => Math.max(0, Math.floor(min * 20 - 0.5) / 20),
  max: ({ max }: { max: number }) => Math.min(1, Math.ceil(max * 20) / 20),
};

export function versionsSection(versions: readonly Version[], model: string): HTMLElement[] {
  const own = versions.filter((version) => version.model === model);
  const rising = [...own].reverse();
  return [
    chart({
      title: 'ROC-AUC by version',
      description: 'Each version on its own evaluation data, so small steps mean little.',
      option: (colors) => ({
        tooltip: { trigger: 'item' },
        xAxis: {
          type: 'category',
          data: rising.map(({ version }) => version),
          axisLabel: { color: colors.muted, formatter: (name: string) => name.slice(2, 10) },
          axisLine: { lineStyle: { color: colors.border } },
        },
        yAxis: axis(colors, 'ROC-AUC', { ...NEAR, nameGap: 42 }),
        series: [
          {
            type: 'line',
            symbolSize: 9,
            data: rising.map(({ roc_auc, aliases }) => ({
              value: roc_auc,
              symbol: aliases.includes('champion') ? 'diamond' : 'circle',
              symbolSize: aliases.includes('champion') ? 14 : 9,
            })),
            lineStyle: { color: colors.first },
            itemStyle: { color: colors.first },
          },
        ],
      }),
      columns: [
        { heading: 'version', cell: ({ version }) => version },
        { heading: 'ROC-AUC', cell: ({ roc_auc }) => score(roc_auc), isNumber: true },
      ],
      rows: own,
    }),
    element('h3', {}, 'All versions'),
    table(
      'Versions, newest first',
      [
        {
          heading: 'Version',
          cell: ({ version, aliases }) =>
            aliases.length > 0 ? `${version} (${aliases.join(', ')})` : version,
        },
        { heading: 'ROC-AUC', cell: ({ roc_auc }) => score(roc_auc), isNumber: true },
        { heading: 'Data up to', cell: ({ as_of }) => as_of },
        { heading: 'Note', cell: ({ comment }) => comment },
      ],
      own,
    ),
  ];
}

/** Population stability: below the first line nothing to speak of, above the second train anew. */
const SOME = 0.1;
const MUCH = 0.25;
const MOST_FEATURES = 15;

export function driftSection({ drift }: Metrics): HTMLElement[] {
  if (drift === undefined) {
    return [
      element('p', {}, 'Drift is known of churn models of orders, once their customers have been scored.'),
    ];
  }
  const top = drift.features.slice(0, MOST_FEATURES);
  const rising = [...top].reverse();
  const verdict =
    drift.score_psi < SOME
      ? 'have hardly moved'
      : drift.score_psi < MUCH
        ? 'have moved somewhat'
        : 'have moved much: train anew';
  return [
    element(
      'p',
      {},
      `Scores of customers as of ${drift.as_of} ${verdict} since training (PSI ${drift.score_psi.toFixed(2)}).`,
    ),
    chart({
      title: 'Drift by feature',
      description: `Population stability index; ${SOME} is some, ${MUCH} is much.`,
      option: (colors) => ({
        xAxis: axis(colors, 'PSI', { max: ({ max }: { max: number }) => Math.max(0.3, max) }),
        yAxis: {
          type: 'category',
          data: rising.map(({ feature }) => words(feature)),
          axisLabel: { color: colors.text, width: 150, overflow: 'truncate' },
          axisLine: { lineStyle: { color: colors.border } },
        },
        series: [
          {
            type: 'bar',
            data: rising.map(({ psi }) => psi),
            itemStyle: { color: colors.first },
            markLine: {
              symbol: 'none',
              label: {
                color: colors.muted,
                formatter: ({ value }: { value: number }) => (value === SOME ? 'some' : 'much'),
              },
              lineStyle: { color: colors.second },
              data: [{ xAxis: SOME }, { xAxis: MUCH }],
            },
          },
        ],
      }),
      columns: [
        { heading: 'feature', cell: ({ feature }) => words(feature) },
        { heading: 'PSI', cell: ({ psi }) => psi.toFixed(3), isNumber: true },
        {
          heading: 'share of the sum',
          cell: ({ psi }) =>
            percent(
              psi /
                Math.max(
                  1e-9,
                  top.reduce((sum, one) => sum + one.psi, 0),
                ),
            ),
          isNumber: true,
        },
      ],
      rows: top,
    }),
  ];
}
