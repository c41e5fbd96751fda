/** Two plots side by side as a PNG: what the pictures of a model have in common. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { LineChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { packageRoot } from '../package-root.ts';

use([LineChart, GridComponent, TitleComponent, SVGRenderer]);

const WIDTH = 900;
const HEIGHT = 440;
const FONT = 'DejaVu Sans';
/** Colours that can be told apart by anybody. */
export const BLUE = '#0072b2';
export const ORANGE = '#b54a00';
const GREY = '#6d7783';

/** What differs between pictures: one title, one pair of axes and some series per plot. */
export interface TwoPanels {
  readonly titles: readonly [string, string];
  readonly xAxis: readonly [object, object];
  readonly yAxis: readonly [object, object];
  readonly series: readonly object[];
}

/** The font is bundled, so the same panels give the same bytes. */
export async function drawPanels({ titles, xAxis, yAxis, series }: TwoPanels): Promise<Uint8Array> {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: FONT },
      title: titles.map((text, place) => titleAt(place, text)),
      grid: [0, 1].map((place) => ({ left: leftOf(place), width: 350, top: 60, bottom: 70 })),
      xAxis: xAxis.map((axis, gridIndex) => ({ gridIndex, ...axis })),
      yAxis: yAxis.map((axis, gridIndex) => ({ gridIndex, ...axis })),
      series: [...series],
    });
    return await renderPng(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

async function renderPng(svg: string): Promise<Uint8Array> {
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

const leftOf = (place: number) => 75 + place * 450;

const titleAt = (place: number, text: string) => ({
  text,
  left: leftOf(place),
  top: 15,
  textStyle: { fontFamily: FONT, fontSize: 15, fontWeight: 'normal', color: '#1b1f24' },
});

/** From 0 to 100 %. */
export const shareAxis = (name: string) => ({
  type: 'value',
  min: 0,
  max: 1,
  name,
  nameLocation: 'middle',
  nameGap: 40,
  axisLabel: { formatter: (value: number) => `${Math.round(value * 100)}%` },
});

/** A curve through points or, over an axis of categories, through one value each. */
export const curveAt = (
  index: 0 | 1,
  data: readonly (number | readonly [number, number])[],
  color: string,
) => ({
  type: 'line',
  xAxisIndex: index,
  yAxisIndex: index,
  showSymbol: false,
  data: [...data],
  lineStyle: { color, width: 2.5 },
  itemStyle: { color },
});

/** Something to compare a curve with. */
export const dashedAt = (index: 0 | 1, data: Parameters<typeof curveAt>[1]) => ({
  ...curveAt(index, data, GREY),
  lineStyle: { color: GREY, width: 1, type: 'dashed' },
});
