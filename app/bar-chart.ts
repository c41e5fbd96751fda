/** One bar per feature, the longest on top. */
import { axis, type Chart, type ChartRequest, chart, NAMES_GRID, nameAxis, tooltip } from './chart.ts';
import type { Colors } from './colors.ts';
import { words } from './numbers.ts';

export interface BarChartRequest<Row extends { readonly feature: string }>
  extends Omit<ChartRequest<Row>, 'option' | 'columns'> {
  /** Longest first. */
  readonly bars: readonly Row[];
  readonly amountOf: (row: Row) => number;
  /** The value as the tooltip and the table show it. */
  readonly format: (value: number) => string;
  /** The name of the value, for the table. */
  readonly heading: string;
  /** The name of the axis of values, and further options of it. */
  readonly valueAxis: { readonly name: string; readonly [option: string]: unknown };
  /** Further options of the bars, such as lines across them. */
  readonly series?: (colors: Colors) => object;
}

export function barChart<Row extends { readonly feature: string }>({
  bars,
  amountOf,
  format,
  heading,
  valueAxis: { name, ...axisOptions },
  series,
  ...request
}: BarChartRequest<Row>): Chart {
  const rising = [...bars].reverse();
  return chart({
    ...request,
    option: (colors) => ({
      grid: NAMES_GRID,
      tooltip: tooltip(
        colors,
        ([bar]: readonly { name: string; value: number }[]) => `${bar.name}: ${format(bar.value)}`,
      ),
      xAxis: axis(colors, name, { min: 0, ...axisOptions }),
      yAxis: nameAxis(
        colors,
        rising.map(({ feature }) => words(feature)),
      ),
      series: [
        {
          type: 'bar',
          barMaxWidth: 24,
          data: rising.map(amountOf),
          itemStyle: { color: colors.first },
          ...series?.(colors),
        },
      ],
    }),
    columns: [
      { heading: 'feature', cell: ({ feature }) => words(feature), isHeading: true },
      { heading, cell: (row) => format(amountOf(row)), isNumber: true },
    ],
  });
}
