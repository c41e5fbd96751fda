/** The ROC and precision-recall curves of a version as a PNG, for clients that show images but no apps. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { LineChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { packageRoot } from '../package-root.ts';
import type { ModelCard } from '../registry/model-card.ts';

use([LineChart, GridComponent, TitleComponent, SVGRenderer]);

const WIDTH = 900;
const HEIGHT = 440;
const FONT = 'DejaVu Sans';

type Point = readonly [number, number];

/** The same card gives the same bytes: the font comes with us. Undefined if the card is from before curves were kept. */
export async function curvePicture(card: ModelCard): Promise<Uint8Array | undefined> {
  if (card.operating_points.length === 0) return undefined;
  const svg = drawCurves(card, card.operating_points);
  renderer ??= startRenderer();
  await renderer;
  const font = await readFile(join(packageRoot(), 'dist', 'DejaVuSans.ttf'));
  const picture = new Resvg(svg, {
    background: '#ffffff',
    font: { fontBuffers: [font], loadSystemFonts: false, defaultFontFamily: FONT },
  });
  try {
    return picture.render().asPng();
  } finally {
    picture.free();
  }
}

let renderer: Promise<void> | undefined;

async function startRenderer(): Promise<void> {
  const file = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
  await initWasm(await readFile(file));
}

function drawCurves({ metrics }: ModelCard, points: ModelCard['operating_points']): string {
  const { tn, fp, fn, tp } = metrics.confusion_matrix;
  const [positives, negatives] = [tp + fn, tn + fp];
  const roc: Point[] = [
    [0, 0],
    ...points.map((point): Point => [point.fp / negatives, point.tp / positives]),
    [1, 1],
  ];
  const precisionRecall = points
    .filter((point) => point.tp + point.fp > 0)
    .map((point): Point => [point.tp / positives, point.tp / (point.tp + point.fp)]);
  const rate = metrics.churn_rate;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: FONT },
    title: [
      titleAt(0, `ROC curve, area ${metrics.roc_auc.toFixed(3)}`),
      titleAt(1, `Precision and recall, average ${metrics.pr_auc.toFixed(3)}`),
    ],
    grid: [0, 1].map((place) => ({ left: leftOf(place), width: 350, top: 60, bottom: 70 })),
    xAxis: [axisOf(0, 'false alarms'), axisOf(1, 'caught')],
    yAxis: [axisOf(0, 'caught'), axisOf(1, 'alarms that are right')],
    series: [
      curveAt(0, roc, '#0072b2'),
      guessingAt(0, [
        [0, 0],
        [1, 1],
      ]),
      curveAt(1, precisionRecall, '#b54a00'),
      guessingAt(1, [
        [0, rate],
        [1, rate],
      ]),
    ],
  });
  try {
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

const leftOf = (place: number) => 75 + place * 450;

const titleAt = (place: number, text: string) => ({
  text,
  left: leftOf(place),
  top: 15,
  textStyle: { fontFamily: FONT, fontSize: 15, fontWeight: 'normal', color: '#1b1f24' },
});

const axisOf = (gridIndex: number, name: string) => ({
  gridIndex,
  type: 'value',
  min: 0,
  max: 1,
  name,
  nameLocation: 'middle',
  nameGap: 40,
  axisLabel: { formatter: (value: number) => `${Math.round(value * 100)}%` },
});

const curveAt = (index: number, data: readonly Point[], color: string) => ({
  type: 'line',
  xAxisIndex: index,
  yAxisIndex: index,
  showSymbol: false,
  data,
  lineStyle: { color, width: 2.5 },
});

/** The curve of guessing without a model. */
const guessingAt = (index: number, data: readonly Point[]) => ({
  ...curveAt(index, data, '#6d7783'),
  lineStyle: { color: '#6d7783', width: 1, type: 'dashed' },
});
