/** How a campaign went: its results as they stood on days of its horizon, each with the interval of that day's look. */
import type { DataSource } from '../data/data-source.ts';
import { addDays } from '../features/calendar-day.ts';
import { costsOf } from './campaign-course.ts';
import type { CampaignOutcome, MeasuredCampaign } from './measure-campaign.ts';
import { type CampaignResults, compareGroups } from './results.ts';

/** As many show how the interval closes. */
const MOST_LOOKS = 12;

export interface CampaignLook extends Pick<CampaignResults, 'orderShare' | 'profit'> {
  /** Orders up to this day count. */
  readonly day: string;
}

/** Oldest first; the last is the result itself. Days are spread evenly over those that have passed. */
export async function readCourse(
  measured: MeasuredCampaign,
  data: DataSource,
  signal?: AbortSignal | undefined,
): Promise<CampaignLook[]> {
  const { campaign, through, end, daysPassed, results } = measured;
  const { plan, start } = campaign;
  const table = await data.columns({
    file: 'portable/reads/campaign_order_days',
    values: [start.contact_date, through],
    isLarge: true,
    signal,
  });
  // Ids as text: an import may have found since that they are no numbers.
  const ids = table.ids('customer_id').map(String);
  const [daysSince, orders, spent] = ['days_since', 'orders', 'spent'].map((name) => table.float64(name));
  const outcomesBy = (lastDay: number): CampaignOutcome[] => {
    const sums = new Map<string, { orders: number; spent: number }>();
    for (const [row, id] of ids.entries()) {
      if (daysSince[row] > lastDay) continue;
      const before = sums.get(id) ?? { orders: 0, spent: 0 };
      sums.set(id, { orders: before.orders + orders[row], spent: before.spent + spent[row] });
    }
    return measured.outcomes.map((outcome) => ({
      ...outcome,
      ...(sums.get(String(outcome.customerId)) ?? { orders: 0, spent: 0 }),
    }));
  };
  const looks = lookDays(daysPassed).map((days) => {
    const day = addDays(start.contact_date, days);
    const look = { isFinal: day >= end, horizonDays: plan.horizon_days };
    const { orderShare, profit } = compareGroups(outcomesBy(days), costsOf(plan), look);
    return { day, orderShare, profit };
  });
  return [...looks, { day: through, orderShare: results.orderShare, profit: results.profit }];
}

/** Days since the contact of the looks before the last. */
function lookDays(daysPassed: number): number[] {
  const count = Math.max(0, Math.min(MOST_LOOKS, daysPassed) - 1);
  return Array.from({ length: count }, (_, i) => Math.round(((i + 1) * daysPassed) / (count + 1)));
}
