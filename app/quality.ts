/** How good a version is: its figures compared with simple rules, its curves, its feature importance. */
import type { Metrics } from './answers.ts';
import { barChart } from './bar-chart.ts';
import { breakdown } from './breakdown.ts';
import { axis, type Chart, chart, SHARE, SHARE_UP, tooltip } from './chart.ts';
import type { Colors } from './colors.ts';
import { precisionRecallCurve, rocCurve, totalsOf } from './curves.ts';
import { element, type Fact, facts } from './elements.ts';
import { count, percent, score } from './numbers.ts';
import { baselineName, importanceMeaning, termsOf } from './terms.ts';
import { Threshold } from './threshold.ts';

export function qualitySection(metrics: Metrics): HTMLElement[] {
  return [
    ...warnings(metrics),
    facts(figuresOf(metrics)),
    element(
      'div',
      { class: 'grid' },
      ...curves(metrics),
      calibrationChart(metrics).element,
      importanceChart(metrics).element,
    ),
    ...breakdown(metrics),
  ];
}

function warnings({ warnings }: Metrics): HTMLElement[] {
  if (warnings.length === 0) return [];
  const items = warnings.map(({ message }) =>
    element('li', { class: 'warning' }, element('strong', {}, 'Warning: '), message),
  );
  return [element('ul', { class: 'warnings', 'aria-label': 'Warnings' }, ...items)];
}

/** Each figure with a simple rule to compare it with. */
function figuresOf(metrics: Metrics): Fact[] {
  const { label, evaluation, evaluation_cutoff } = metrics;
  const baselines = Object.entries(metrics.baselines).sort(([, a], [, b]) => b.roc_auc - a.roc_auc);
  const best = baselines.at(0);
  const isWorse = metrics.brier > metrics.brier_base;
  return [
    {
      name: 'Ranking (ROC-AUC)',
      value: score(metrics.roc_auc),
      beside: best ? `${baselineName(best[0])}: ${score(best[1].roc_auc)}` : 'guessing: 0.500',
    },
    {
      name: 'Average precision',
      value: score(metrics.pr_auc),
      beside: `guessing: ${score(metrics.churn_rate)}`,
    },
    {
      name: 'Accuracy',
      value: percent(metrics.accuracy, 1),
      beside: `always the more common outcome: ${percent(metrics.majority_rate, 1)}`,
    },
    {
      name: 'Brier score',
      value: metrics.brier.toFixed(4),
      beside: `base rate: ${metrics.brier_base.toFixed(4)}; ${isWorse ? 'worse, so use only the order' : 'lower is better'}`,
    },
    {
      name: 'Top tenth',
      value: `${metrics.lift_top_decile.toFixed(1)} ×`,
      beside: `as many ${termsOf(label).positives} as average`,
    },
    {
      name: 'Judged on',
      value: count(metrics.test_samples),
      beside: `${termsOf(label).rows} ${evaluation === 'later_slice' ? `after ${evaluation_cutoff}` : 'set aside'}`,
    },
  ];
}

function curves(metrics: Metrics): HTMLElement[] {
  if (metrics.operating_points.length === 0) {
    const text = 'This version is older than the curves. Train a new version to see them.';
    return [element('p', { class: 'note' }, text)];
  }
  const threshold = new Threshold(metrics, () => {
    for (const one of drawn) one.redraw();
  });
  const drawn = [rocChart(metrics, threshold), precisionRecallChart(metrics, threshold)];
  return [threshold.element, ...drawn.map((one) => one.element)];
}

type Pair = readonly [number, number];
type Point = readonly [number, number, number];

const curveSeries = (data: readonly (Pair | Point)[], color: string) => ({
  type: 'line',
  showSymbol: false,
  data,
  lineStyle: { color, width: 2 },
  itemStyle: { color },
  emphasis: { disabled: true },
});

const guessing = ({ third }: Colors, data: readonly Pair[]) => ({
  type: 'line',
  showSymbol: false,
  silent: true,
  data,
  lineStyle: { color: third, type: 'dashed', width: 1 },
  tooltip: { show: false },
});

/** Where the threshold is on a curve. */
const here = ({ text, surface }: Colors, place: Pair | undefined) => ({
  type: 'scatter',
  silent: true,
  symbolSize: 12,
  z: 5,
  data: place === undefined ? [] : [place],
  itemStyle: { color: text, borderColor: surface, borderWidth: 2 },
});

interface Pointed {
  readonly value: Pair;
}

const pairTooltip = (colors: Colors, x: string, y: string) =>
  tooltip(
    colors,
    ([{ value }]: readonly Pointed[]) => `${percent(value[0])} ${x}\n${percent(value[1])} ${y}`,
  );

const pairColumns = (x: string, y: string) => [
  { heading: x, cell: ([value]: Pair) => percent(value, 1), isNumber: true },
  { heading: y, cell: ([, value]: Pair) => percent(value, 1), isNumber: true },
];

/** The table shows fewer points than the curve. */
function everyTenth<Item>(items: readonly Item[]): Item[] {
  return items.filter((_, i) => i % 10 === 0 || i === items.length - 1);
}

function rocChart(metrics: Metrics, threshold: Threshold): Chart {
  const totals = totalsOf(metrics.confusion_matrix);
  const curve = rocCurve(metrics.operating_points, totals);
  const [x, y] = ['false alarms', 'caught'];
  return chart({
    title: 'ROC curve',
    description: `Caught against false alarms: the area below is ${score(metrics.roc_auc)}. Dashed: guessing. Dot: the line drawn.`,
    option: (colors) => ({
      tooltip: pairTooltip(colors, x, y),
      xAxis: axis(colors, x, SHARE),
      yAxis: axis(colors, y, SHARE_UP),
      series: [
        curveSeries(curve, colors.first),
        guessing(colors, [
          [0, 0],
          [1, 1],
        ]),
        here(colors, [threshold.counts.fp / totals.negatives, threshold.counts.tp / totals.positives]),
      ],
    }),
    columns: pairColumns(x, y),
    rows: everyTenth(curve),
  });
}

function precisionRecallChart(metrics: Metrics, threshold: Threshold): Chart {
  const totals = totalsOf(metrics.confusion_matrix);
  const curve = precisionRecallCurve(metrics.operating_points, totals);
  const rate = metrics.churn_rate;
  const { alarms } = termsOf(metrics.label);
  const [x, y] = ['caught', `${alarms} that are right`];
  const place = ({ tp, fp }: Threshold['counts']): Pair | undefined =>
    tp + fp === 0 ? undefined : [tp / totals.positives, tp / (tp + fp)];
  return chart({
    title: 'Precision and recall',
    description: `How many ${alarms} are right against how many are caught: ${score(metrics.pr_auc)} on average, guessing ${score(rate)} (dashed).`,
    option: (colors) => ({
      tooltip: pairTooltip(colors, x, y),
      xAxis: axis(colors, x, SHARE),
      yAxis: axis(colors, y, SHARE_UP),
      series: [
        curveSeries(curve, colors.second),
        guessing(colors, [
          [0, rate],
          [1, rate],
        ]),
        here(colors, place(threshold.counts)),
      ],
    }),
    columns: pairColumns(x, y),
    rows: everyTenth(curve),
  });
}

function calibrationChart({ calibration, label }: Metrics): Chart {
  const points = calibration.map((bin) => [bin.predicted, bin.observed, bin.count] as const);
  const most = Math.max(1, ...calibration.map((bin) => bin.count));
  const upTo = { max: roundedUp(Math.max(...calibration.flatMap((bin) => [bin.predicted, bin.observed]))) };
  return chart({
    title: 'Calibration',
    description: `What happened in each tenth of the scores; a larger dot stands for more ${termsOf(label).rows}. On the dashed line, predictions and outcomes agree.`,
    option: (colors) => ({
      tooltip: pairTooltip(colors, 'predicted', 'came true'),
      xAxis: axis(colors, 'predicted', { ...SHARE, ...upTo }),
      yAxis: axis(colors, 'came true', { ...SHARE_UP, ...upTo }),
      series: [
        {
          ...curveSeries(points, colors.first),
          showSymbol: true,
          symbol: 'circle',
          symbolSize: ([, , rows]: readonly number[]) => 4 + 10 * Math.sqrt(rows / most),
        },
        guessing(colors, [
          [0, 0],
          [upTo.max, upTo.max],
        ]),
      ],
    }),
    columns: [
      { heading: 'predicted', cell: ({ predicted }) => percent(predicted, 1), isNumber: true },
      { heading: 'came true', cell: ({ observed }) => percent(observed, 1), isNumber: true },
      { heading: termsOf(label).rows, cell: (bin) => count(bin.count), isNumber: true },
    ],
    rows: calibration,
  });
}

/** The end of an axis of shares: the axis fits its points, whichever they are. */
function roundedUp(share: number): number {
  return [0.05, 0.1, 0.2, 0.4, 0.6, 0.8].find((end) => share <= end) ?? 1;
}

const MOST_FEATURES = 10;

function importanceChart({ feature_importance, recipe }: Metrics): Chart {
  const top = feature_importance.slice(0, MOST_FEATURES).filter(({ importance }) => importance > 0);
  return barChart({
    title: 'What it goes by',
    description: `${importanceMeaning(recipe)} What a model goes by need not be a cause.`,
    className: 'wide',
    bars: top,
    amountOf: ({ importance }) => importance,
    format: (share) => percent(share, 1),
    heading: 'share',
    valueAxis: {
      name: 'share',
      splitNumber: 3,
      axisLabel: { formatter: (value: number) => percent(value) },
    },
    rows: top,
  });
}
