/** Which share of the active customers lapsed in each month, and how many came back. */
import type { Cohorts } from './answers.ts';
import { axis, chart, tooltip } from './chart.ts';
import type { Colors } from './colors.ts';
import { element } from './elements.ts';
import { count, percent, plural } from './numbers.ts';
import { days } from './terms.ts';

type MonthOfChurn = Cohorts['churn_by_month'][number];

export function churnByMonth({ churn_by_month: months, horizon_days, as_of }: Cohorts): HTMLElement[] {
  if (months.length === 0) {
    return [
      element(
        'p',
        { class: 'note' },
        `Churn by month can be shown once orders go back more than ${days(horizon_days)}.`,
      ),
    ];
  }
  return [
    chart({
      title: 'Churn by month',
      description: `How many of the customers who were active when a month began were not when it ended, and how many became active again, as a share of those active when it began. Active: ordered in the ${days(horizon_days)} before. Up to ${as_of}; the last month may be incomplete.`,
      className: 'spaced',
      height: 300,
      option: (colors, width) => ({
        legend: { top: 0, left: 0, selectedMode: false, textStyle: { color: colors.text } },
        grid: { left: 56, right: 20, top: 52, bottom: 32 },
        tooltip: tooltip(colors, ([bar]: readonly { dataIndex: number }[]) =>
          monthText(months[bar.dataIndex]),
        ),
        xAxis: {
          type: 'category',
          data: months.map(({ month }) => month),
          axisLabel: { color: colors.muted, hideOverlap: true },
          axisLine: { lineStyle: { color: colors.border } },
        },
        yAxis: axis(colors, '', {
          min: 0,
          minInterval: 0.01,
          axisLabel: { formatter: (value: number) => percent(value) },
        }),
        series: [
          bars(months, colors, { ...stopped, hasLabels: width > months.length * LABELLED }),
          bars(months, colors, { ...again, hasLabels: width > months.length * LABELLED }),
        ],
      }),
      columns: [
        { heading: 'Month', cell: ({ month }) => month, isHeading: true },
        { heading: 'Active when it began', cell: (month) => count(month.active_at_start), isNumber: true },
        { heading: 'Stopped being active', cell: ({ lapsed }) => count(lapsed), isNumber: true },
        { heading: 'Share', cell: (month) => percent(shareOf(month.lapsed, month)), isNumber: true },
        { heading: 'Active again', cell: ({ won_back }) => count(won_back), isNumber: true },
      ],
      rows: months,
    }).element,
  ];
}

interface Bars {
  readonly name: string;
  readonly of: (month: MonthOfChurn) => number;
  readonly color: 'first' | 'second';
  readonly hasLabels: boolean;
}

/** A month needs so many pixels for the numbers above its bars. */
const LABELLED = 64;

const stopped = {
  name: 'Stopped being active',
  of: ({ lapsed }: MonthOfChurn) => lapsed,
  color: 'second',
} as const;
const again = { name: 'Active again', of: ({ won_back }: MonthOfChurn) => won_back, color: 'first' } as const;

/** The height is the share; the number of customers stands above it if there is room. */
function bars(months: readonly MonthOfChurn[], colors: Colors, { name, of, color, hasLabels }: Bars): object {
  return {
    name,
    type: 'bar',
    barMaxWidth: 28,
    barGap: '10%',
    data: months.map((month) => shareOf(of(month), month)),
    itemStyle: { color: colors[color] },
    label: {
      show: hasLabels,
      position: 'top',
      color: colors.muted,
      fontSize: 11,
      formatter: ({ dataIndex }: { dataIndex: number }) => count(of(months[dataIndex])),
    },
    labelLayout: { hideOverlap: true },
  };
}

function shareOf(customers: number, { active_at_start }: MonthOfChurn): number {
  return active_at_start === 0 ? 0 : customers / active_at_start;
}

function monthText(month: MonthOfChurn): string {
  const { active_at_start, lapsed, won_back } = month;
  return `${month.month}: ${count(lapsed)} of ${plural(active_at_start, 'active customer')} (${percent(shareOf(lapsed, month))}); ${count(won_back)} active again`;
}
