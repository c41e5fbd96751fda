/** A customer's orders along time, up to the day that the risk was told for: a pause is seen as a gap. */
import type { Explanation } from './answers.ts';
import { axis, chart, tooltip } from './chart.ts';
import { amount, count, plural } from './numbers.ts';

const DAY_MS = 86_400_000;
/** Within fewer days, months alone would repeat. */
const LEAST_DAYS_OF_MONTHS = 200;

function formatOf(from: string, to: string): string {
  const span = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  return span < LEAST_DAYS_OF_MONTHS ? '{yyyy}-{MM}-{dd}' : '{yyyy}-{MM}';
}

export function timeLine({ orders, scored_as_of, profile }: Explanation): HTMLElement[] {
  const [first] = orders;
  // Orders of one day with no silence after it have no course to draw.
  if (first === undefined || first.day === scored_as_of) return [];
  const points = orders.map(({ day, amount: spent }) => [day, spent]);
  return [
    chart({
      title: 'Orders',
      description: `${plural(orders.length, 'day')} with orders, what they came to, and the silence from ${profile.last_order_date} to ${scored_as_of} (dashed).`,
      className: 'spaced',
      height: 200,
      option: (colors) => ({
        grid: { left: 64, right: 20, top: 16, bottom: 32 },
        tooltip: tooltip(
          colors,
          ({ value: [day, spent] }: { value: readonly [string, number] }) => `${day}: ${amount(spent)}`,
          'item',
        ),
        xAxis: {
          type: 'time',
          min: first.day,
          max: scored_as_of,
          axisLabel: { color: colors.muted, hideOverlap: true, formatter: formatOf(first.day, scored_as_of) },
          minInterval: DAY_MS,
          // Else room is left for the width of bars, which hides how long the silence is.
          containShape: false,
          axisLine: { lineStyle: { color: colors.border } },
          splitLine: { show: false },
        },
        yAxis: axis(colors, '', {
          min: 0,
          splitNumber: 3,
          axisLabel: { formatter: (value: number) => count(Math.round(value)) },
        }),
        series: [
          {
            type: 'bar',
            barWidth: 3,
            data: points,
            itemStyle: { color: colors.first },
            markLine: {
              symbol: 'none',
              silent: true,
              label: { show: false },
              lineStyle: { color: colors.second, type: 'dashed' },
              data: [[{ coord: [profile.last_order_date, 0] }, { coord: [scored_as_of, 0] }]],
            },
          },
          { type: 'scatter', symbolSize: 7, data: points, itemStyle: { color: colors.first } },
        ],
      }),
      columns: [
        { heading: 'Day', cell: ({ day }) => day, isHeading: true },
        { heading: 'Orders', cell: (day) => count(day.orders), isNumber: true },
        { heading: 'Spent', cell: (day) => amount(day.amount), isNumber: true },
      ],
      rows: orders,
    }).element,
  ];
}
