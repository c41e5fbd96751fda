/** A chart with its text alternative: a description, and its figures as a table. */
import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type Column, element, table } from './elements.ts';

use([
  BarChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  SVGRenderer,
]);

export interface Colors {
  readonly text: string;
  readonly muted: string;
  readonly border: string;
  readonly surface: string;
  readonly first: string;
  readonly second: string;
  readonly third: string;
}

export interface ChartRequest<Row> {
  readonly title: string;
  /** What a person sees in it, in a sentence. */
  readonly description: string;
  readonly option: (colors: Colors) => EChartsCoreOption;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

const redraws = new Set<() => void>();

/** Draws all charts anew, in the colours of the theme that is now chosen. */
export function redrawCharts(): void {
  for (const redraw of redraws) redraw();
}

export function chart<Row>(request: ChartRequest<Row>): HTMLElement {
  const { title, description, columns, rows } = request;
  const canvas = element('div', { class: 'chart', role: 'img', 'aria-label': `${title}. ${description}` });
  const figure = element(
    'section',
    { class: 'card' },
    element('h3', {}, title),
    element('p', { class: 'note' }, description),
    canvas,
    element('details', {}, element('summary', {}, 'As a table'), table(title, columns, rows)),
  );
  drawWhenShown(canvas, request.option);
  return figure;
}

/** A chart needs to know how wide it is, which it does once it stands in the page. */
function drawWhenShown(canvas: HTMLElement, option: ChartRequest<unknown>['option']): void {
  let drawn: ReturnType<typeof init> | undefined;
  const redraw = () => {
    if (!canvas.isConnected) {
      drawn?.dispose();
      redraws.delete(redraw);
      watcher.disconnect();
      return;
    }
    if (canvas.clientWidth === 0) return;
    drawn ??= init(canvas, null, { renderer: 'svg' });
    drawn.resize();
    drawn.setOption({ ...commonOption(colors()), ...option(colors()) }, { notMerge: true });
  };
  const watcher = new ResizeObserver(redraw);
  watcher.observe(canvas);
  redraws.add(redraw);
}

function commonOption({ text }: Colors): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { color: text, fontFamily: 'system-ui, sans-serif' },
    grid: { left: 8, right: 16, top: 28, bottom: 28, containLabel: true },
  };
}

/** An axis in the colours of the page. */
export function axis({ muted, border }: Colors, name: string, more: AxisOptions = {}): object {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: 30,
    nameTextStyle: { color: muted },
    axisLine: { lineStyle: { color: border } },
    splitLine: { lineStyle: { color: border, opacity: 0.5 } },
    ...more,
    axisLabel: { color: muted, hideOverlap: true, ...more.axisLabel },
  };
}

interface AxisOptions {
  readonly axisLabel?: object;
  readonly [option: string]: unknown;
}

export const SHARE = {
  min: 0,
  max: 1,
  axisLabel: { formatter: (value: number) => `${Math.round(value * 100)}%` },
};

function colors(): Colors {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: color('text'),
    muted: color('muted'),
    border: color('border'),
    surface: color('surface'),
    first: color('first'),
    second: color('second'),
    third: color('third'),
  };
}
