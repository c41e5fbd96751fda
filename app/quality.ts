/** How good a version is: its curves, its threshold, what it goes by. */

import type { Metrics } from './answers.ts';
import { axis, type Colors, chart, SHARE } from './chart.ts';
import { type Counts, countsAt, precisionRecallCurve, rocCurve, totalsOf } from './curves.ts';
import { element, table } from './elements.ts';
import { count, percent, score, words } from './numbers.ts';

export function qualitySection(metrics: Metrics): HTMLElement[] {
  return [
    ...metrics.warnings.map(({ message }) =>
      element('p', { class: 'warning', role: 'note' }, `Warning: ${message}`),
    ),
    facts(metrics),
    element(
      'div',
      { class: 'grid' },
      ...(metrics.operating_points.length > 0
        ? [thresholdCard(metrics), rocChart(metrics), precisionRecallChart(metrics)]
        : [
            element(
              'p',
              { class: 'note' },
              'This version was trained before curves were kept: train it anew to see them.',
            ),
          ]),
      calibrationChart(metrics),
      importanceChart(metrics),
    ),
  ];
}

const positivesOf = ({ label }: Metrics) => (label === 'purchase' ? 'purchases' : 'churners');

function facts(metrics: Metrics): HTMLElement {
  const baselines = Object.entries(metrics.baselines).sort(([, a], [, b]) => b.roc_auc - a.roc_auc);
  const best = baselines.at(0);
  const shown: [string, string, string][] = [
    [
      'ROC-AUC',
      score(metrics.roc_auc),
      best ? `${words(best[0])}: ${score(best[1].roc_auc)}` : 'guessing: 0.500',
    ],
    ['PR-AUC', score(metrics.pr_auc), `guessing: ${score(metrics.churn_rate)}`],
    ['Accuracy', percent(metrics.accuracy, 1), `commoner outcome: ${percent(metrics.majority_rate, 1)}`],
    ['Brier score', metrics.brier.toFixed(4), `base rate: ${metrics.brier_base.toFixed(4)}; lower is better`],
    ['Top tenth', `${metrics.lift_top_decile.toFixed(1)} ×`, `as many ${positivesOf(metrics)} as average`],
    ['Judged on', count(metrics.test_samples), `rows, data up to ${metrics.as_of}`],
  ];
  return element(
    'dl',
    { class: 'facts' },
    ...shown.map(([name, value, beside]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, value, element('small', {}, beside))),
    ),
  );
}

function thresholdCard(metrics: Metrics): HTMLElement {
  const totals = totalsOf(metrics.confusion_matrix);
  const slider = element('input', {
    type: 'range',
    id: 'threshold',
    min: '0',
    max: '1',
    step: '0.01',
    value: '0.5',
  });
  const output = element('output', { for: 'threshold' });
  const matrix = element('div', { 'aria-live': 'polite' });
  const show = () => {
    const threshold = Number(slider.value);
    slider.setAttribute('aria-valuetext', `above ${percent(threshold)}`);
    output.textContent = percent(threshold);
    matrix.replaceChildren(...confusion(countsAt(threshold, metrics.operating_points, totals), metrics));
  };
  slider.addEventListener('input', show);
  show();
  return element(
    'section',
    { class: 'card' },
    element('h3', {}, 'Where to draw the line'),
    element('label', { for: 'threshold' }, 'Contact whoever is above ', output),
    slider,
    matrix,
  );
}

function confusion({ tn, fp, fn, tp }: Counts, metrics: Metrics): HTMLElement[] {
  const [positive, negative] =
    metrics.label === 'purchase' ? ['bought', 'not bought'] : ['churned', 'active'];
  const alarms = tp + fp;
  const share = (part: number, whole: number) => (whole === 0 ? '–' : percent(part / whole));
  const rows = [
    { name: `really ${positive}`, above: tp, below: fn },
    { name: `really ${negative}`, above: fp, below: tn },
  ];
  return [
    table(
      'Confusion matrix at the threshold',
      [
        { heading: '', cell: ({ name }) => name },
        { heading: `said ${positive}`, cell: ({ above }) => count(above), isNumber: true },
        { heading: `said ${negative}`, cell: ({ below }) => count(below), isNumber: true },
      ],
      rows,
    ),
    element(
      'p',
      { class: 'note' },
      `Catches ${share(tp, tp + fn)} of ${positivesOf(metrics)}; ${share(tp, alarms)} of alarms are right; alarms for ${share(alarms, alarms + tn + fn)} of all.`,
    ),
  ];
}

const curveSeries = (data: readonly (readonly [number, number])[], color: string) => ({
  type: 'line',
  showSymbol: false,
  data,
  lineStyle: { color, width: 2 },
  itemStyle: { color },
});

const guessing = ({ third }: Colors, data: readonly (readonly [number, number])[]) => ({
  type: 'line',
  showSymbol: false,
  silent: true,
  data,
  lineStyle: { color: third, type: 'dashed', width: 1 },
});

const pairColumns = (x: string, y: string) => [
  { heading: x, cell: ([value]: readonly [number, number]) => percent(value, 1), isNumber: true },
  { heading: y, cell: ([, value]: readonly [number, number]) => percent(value, 1), isNumber: true },
];

/** A table of two hundred rows helps nobody. */
function everyTenth<Item>(items: readonly Item[]): Item[] {
  return items.filter((_, i) => i % 10 === 0 || i === items.length - 1);
}

function rocChart(metrics: Metrics): HTMLElement {
  const curve = rocCurve(metrics.operating_points, totalsOf(metrics.confusion_matrix));
  return chart({
    title: 'ROC curve',
    description: `Caught against false alarms; the area below is ${score(metrics.roc_auc)}, the dashed line is guessing.`,
    option: (colors) => ({
      xAxis: axis(colors, 'false alarms', SHARE),
      yAxis: axis(colors, 'caught', { ...SHARE, nameGap: 42 }),
      series: [
        curveSeries(curve, colors.first),
        guessing(colors, [
          [0, 0],
          [1, 1],
        ]),
      ],
    }),
    columns: pairColumns('false alarms', 'caught'),
    rows: everyTenth(curve),
  });
}

function precisionRecallChart(metrics: Metrics): HTMLElement {
  const curve = precisionRecallCurve(metrics.operating_points, totalsOf(metrics.confusion_matrix));
  const rate = metrics.churn_rate;
  return chart({
    title: 'Precision and recall',
    description: `How many alarms are right against how many are caught; average precision ${score(metrics.pr_auc)}, guessing has ${score(rate)}.`,
    option: (colors) => ({
      xAxis: axis(colors, 'caught', SHARE),
      yAxis: axis(colors, 'alarms that are right', { ...SHARE, nameGap: 42 }),
      series: [
        curveSeries(curve, colors.second),
        guessing(colors, [
          [0, rate],
          [1, rate],
        ]),
      ],
    }),
    columns: pairColumns('caught', 'alarms that are right'),
    rows: everyTenth(curve),
  });
}

function calibrationChart({ calibration }: Metrics): HTMLElement {
  return chart({
    title: 'Calibration',
    description:
      'What came true against what was predicted, by tenths; on the dashed line probabilities can be taken at their word.',
    option: (colors) => ({
      xAxis: axis(colors, 'predicted', SHARE),
      yAxis: axis(colors, 'came true', { ...SHARE, nameGap: 42 }),
      series: [
        {
          ...curveSeries(
            calibration.map(({ predicted, observed }) => [predicted, observed] as const),
            colors.first,
          ),
          showSymbol: true,
          symbolSize: 8,
        },
        guessing(colors, [
          [0, 0],
          [1, 1],
        ]),
      ],
    }),
    columns: [
      { heading: 'predicted', cell: ({ predicted }) => percent(predicted, 1), isNumber: true },
      { heading: 'came true', cell: ({ observed }) => percent(observed, 1), isNumber: true },
      { heading: 'rows', cell: (bin) => count(bin.count), isNumber: true },
    ],
    rows: calibration,
  });
}

const MOST_FEATURES = 10;

function importanceChart({ feature_importance }: Metrics): HTMLElement {
  const top = feature_importance.slice(0, MOST_FEATURES).filter(({ importance }) => importance > 0);
  const rising = [...top].reverse();
  return chart({
    title: 'What it goes by',
    description: 'Share of the gain by feature. Importance is no cause.',
    option: (colors) => ({
      xAxis: axis(colors, 'share of the gain', {
        splitNumber: 4,
        axisLabel: { formatter: (value: number) => percent(value) },
      }),
      yAxis: {
        type: 'category',
        data: rising.map(({ feature }) => words(feature)),
        axisLabel: { color: colors.text, width: 150, overflow: 'truncate' },
        axisLine: { lineStyle: { color: colors.border } },
      },
      series: [
        { type: 'bar', data: rising.map(({ importance }) => importance), itemStyle: { color: colors.first } },
      ],
    }),
    columns: [
      { heading: 'feature', cell: ({ feature }) => words(feature) },
      { heading: 'share', cell: ({ importance }) => percent(importance, 1), isNumber: true },
    ],
    rows: top,
  });
}
