/** A chart with its text alternative: a description, and its figures as a table. */
import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type Colors, colors } from './colors.ts';
import { type Column, element, table } from './elements.ts';
import { percent } from './numbers.ts';

use([BarChart, LineChart, ScatterChart]);
use([GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export interface ChartRequest<Row> {
  readonly title: string;
  /** One sentence about what the chart shows. */
  readonly description: string;
  /** Called at every drawing, because the data may have changed; `width` is in pixels. */
  readonly option: (colors: Colors, width: number) => EChartsCoreOption;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Further classes of the card. */
  readonly className?: string;
  /** In pixels; by default the style's. */
  readonly height?: number;
}

export interface Chart {
  readonly element: HTMLElement;
  redraw(): void;
}

const redraws = new Set<() => void>();

/** Draws all charts anew, in the colours of the theme that is now chosen. */
export function redrawCharts(): void {
  for (const redraw of redraws) redraw();
}

export function chart<Row>(request: ChartRequest<Row>): Chart {
  const { title, description, columns, rows, className = '', height } = request;
  const canvas = element('div', { class: 'chart', role: 'img', 'aria-label': `${title}. ${description}` });
  if (height !== undefined) canvas.style.height = `${height}px`;
  return {
    element: element(
      'section',
      { class: `card ${className}`.trim() },
      element('h3', {}, title),
      element('p', { class: 'note' }, description),
      canvas,
      element('details', {}, element('summary', {}, 'As a table'), table(title, columns, rows)),
    ),
    redraw: drawWhenShown(canvas, request.option),
  };
}

/** Draws a chart once it is in the page, because only then its width is known. */
function drawWhenShown(canvas: HTMLElement, option: ChartRequest<unknown>['option']): () => void {
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
    drawn.setOption(
      { ...commonOption(colors()), ...option(colors(), canvas.clientWidth) },
      { notMerge: true },
    );
  };
  const watcher = new ResizeObserver(redraw);
  watcher.observe(canvas);
  redraws.add(redraw);
  return redraw;
}

/** Rows above each other need room, however many they are. */
export const ROW_HEIGHT = 24;

function commonOption({ text }: Colors): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { color: text, fontFamily: 'system-ui, sans-serif' },
    grid: { left: 56, right: 20, top: 12, bottom: 48 },
  };
}

/**
 * The tooltip, always as text: names of features come from people's files and must not become
 * markup.
 */
export function tooltip({ text, surface, border }: Colors, formatter: unknown, trigger = 'axis'): object {
  return {
    trigger,
    formatter,
    renderMode: 'richText',
    confine: true,
    backgroundColor: surface,
    borderColor: border,
    textStyle: { color: text, fontSize: 12 },
    axisPointer: { type: trigger === 'axis' ? 'line' : 'none', lineStyle: { color: border } },
  };
}

/** An axis in the colours of the page. */
export function axis({ muted, border }: Colors, name: string, more: AxisOptions = {}): object {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: 28,
    nameTextStyle: { color: muted },
    axisLine: { lineStyle: { color: border } },
    splitLine: { lineStyle: { color: border, opacity: 0.5 } },
    ...more,
    axisLabel: { color: muted, hideOverlap: true, ...more.axisLabel },
  };
}

/** Names on the left side, in two lines if one has no room. */
export function nameAxis({ text, border }: Colors, names: readonly string[]): object {
  return {
    type: 'category',
    data: names,
    axisLabel: { color: text, width: 148, overflow: 'break', lineHeight: 11, interval: 0 },
    axisLine: { lineStyle: { color: border } },
    axisTick: { show: false },
  };
}

/** Room for the names of `nameAxis`. */
export const NAMES_GRID = { left: 164, right: 20, top: 12, bottom: 48 };

interface AxisOptions {
  readonly axisLabel?: object;
  readonly [option: string]: unknown;
}

export const SHARE = {
  min: 0,
  max: 1,
  axisLabel: { formatter: (value: number) => percent(value) },
};
/** The same up the left side. */
export const SHARE_UP = { ...SHARE, nameGap: 40 };
