/** A line with the band of its intervals, and the line of no difference. */
import { axis, chart, tooltip } from './chart.ts';
import { element } from './elements.ts';

export interface IntervalPoint {
  /** A day or a share, as people read it. */
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface IntervalChart {
  readonly title: string;
  readonly description: string;
  /** What the names are: the heading of their column, and below the axis. */
  readonly along: string;
  readonly points: readonly IntervalPoint[];
  readonly format: (value: number) => string;
}

/** One point is no line: the table beside it says the same. */
const FEWEST_POINTS = 2;

export function intervalChart({ title, description, along, points, format }: IntervalChart): HTMLElement[] {
  if (points.length < FEWEST_POINTS) return [];
  const told = ({ value, low, high }: IntervalPoint) =>
    `${format(value)} (${format(low)} to ${format(high)})`;
  return [
    chart({
      title,
      description,
      height: 260,
      option: (colors) => {
        const line = (of: (point: IntervalPoint) => number, more: object) => ({
          type: 'line',
          data: points.map(of),
          showSymbol: false,
          color: colors.first,
          ...more,
        });
        const end = { lineStyle: { width: 1, type: 'dashed', color: colors.first } };
        return {
          grid: { left: 72, right: 20, top: 12, bottom: 48 },
          tooltip: tooltip(colors, ([point]: readonly { dataIndex: number }[]) => {
            const shown = points[point.dataIndex];
            return `${shown.name}: ${told(shown)}`;
          }),
          xAxis: {
            ...axis(colors, along, { type: 'category', boundaryGap: false, splitLine: { show: false } }),
            data: points.map(({ name }) => name),
          },
          yAxis: axis(colors, '', { axisLabel: { formatter: format } }),
          series: [
            line(({ low }) => low, end),
            line(({ high }) => high, end),
            line(({ value }) => value, {
              showSymbol: true,
              symbolSize: 7,
              lineStyle: { width: 2 },
              markLine: {
                silent: true,
                symbol: 'none',
                data: [{ yAxis: 0 }],
                label: { show: false },
                lineStyle: { color: colors.third, type: 'solid' },
              },
            }),
          ],
        };
      },
      columns: [
        { heading: along, isHeading: true, cell: ({ name }) => name },
        { heading: 'Value', isNumber: true, cell: ({ value }) => format(value) },
        { heading: 'Interval', isNumber: true, cell: ({ low, high }) => `${format(low)} to ${format(high)}` },
      ],
      rows: points,
    }).element,
  ];
}

/** Cards side by side if the page is wide. */
export function beside(cards: readonly HTMLElement[]): HTMLElement[] {
  return cards.length === 0 ? [] : [element('div', { class: 'halves' }, ...cards)];
}
