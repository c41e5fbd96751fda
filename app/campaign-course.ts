/** How a campaign went: its results as they stood on days of its horizon. */
import type { CampaignResults } from './campaign-answers.ts';
import { beside, type IntervalPoint, intervalChart } from './interval-chart.ts';
import { count } from './numbers.ts';

type Look = CampaignResults['course'][number];

export function courseCharts({ course }: CampaignResults): HTMLElement[] {
  const pointsOf = (of: (look: Look) => Look['profit'], scale: number): IntervalPoint[] =>
    course.flatMap((look) => {
      const found = of(look);
      if (found === null) return [];
      const { value, low, high } = found;
      return [{ name: look.day, value: scale * value, low: scale * low, high: scale * high }];
    });
  return beside([
    ...intervalChart({
      title: 'More of them ordered, day by day',
      description:
        'Share who ordered by each day, contacted less held out, in points, with its interval (dashed). Intervals are wider before the end, so that looking often raises no false alarm.',
      along: 'Day',
      points: pointsOf(({ order_share }) => order_share, 100),
      format: (points) => points.toFixed(1),
    }),
    ...intervalChart({
      title: 'Profit, day by day',
      description:
        'Profit after costs by each day, with its interval (dashed). Costs come first, orders later. Days with too few orders are left out.',
      along: 'Day',
      points: pointsOf(({ profit }) => profit, 1),
      format: (amount) => count(Math.round(amount)),
    }),
  ]);
}
