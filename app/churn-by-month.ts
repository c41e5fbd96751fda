/** Which share of the active customers lapsed in each month, and how many came back. */
import type { Cohorts } from './answers.ts';
import { axis, chart, tooltip } from './chart.ts';
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
      description: `Of the customers who were active when the month began, the share who were not when it ended. Active: ordered in the ${days(horizon_days)} before. Up to ${as_of}; the last month may be incomplete.`,
      className: 'spaced',
      option: (colors) => ({
        grid: { left: 56, right: 20, top: 12, bottom: 32 },
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
          {
            type: 'bar',
            barMaxWidth: 32,
            data: months.map(lapsedShare),
            itemStyle: { color: colors.first },
          },
        ],
      }),
      columns: [
        { heading: 'Month', cell: ({ month }) => month, isHeading: true },
        { heading: 'Active when it began', cell: (month) => count(month.active_at_start), isNumber: true },
        { heading: 'Stopped being active', cell: ({ lapsed }) => count(lapsed), isNumber: true },
        { heading: 'Share', cell: (month) => percent(lapsedShare(month)), isNumber: true },
        { heading: 'Active again', cell: ({ won_back }) => count(won_back), isNumber: true },
      ],
      rows: months,
    }).element,
  ];
}

function lapsedShare({ lapsed, active_at_start }: MonthOfChurn): number {
  return active_at_start === 0 ? 0 : lapsed / active_at_start;
}

function monthText(month: MonthOfChurn): string {
  const { active_at_start, lapsed, won_back } = month;
  return `${month.month}: ${count(lapsed)} of ${plural(active_at_start, 'active customer')} (${percent(lapsedShare(month))}); ${count(won_back)} active again`;
}
