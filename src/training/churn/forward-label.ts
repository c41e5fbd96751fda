import type { DataSource } from '../../data/data-source.ts';
import { ChurnMcpError } from '../../errors.ts';
import { readForwardLabels } from '../../features/read-churn-features.ts';
import type { ShopPlan } from './plan.ts';
import type { ShopLabel } from './read-slices.ts';

/** Churned = no order in the horizon after a cutoff; and what those who came back spent in it. */
export function forwardLabel({ horizonDays }: ShopPlan, data: DataSource): ShopLabel {
  return {
    async outcomesAt(cutoff, _daysSinceLastOrder, signal) {
      const later = await readForwardLabels(data, { cutoff, horizonDays, isOneOfSeveral: true, signal });
      return { labels: later.float32('is_churned'), spent: later.float64('spent_in_horizon') };
    },
    moreCustomersHint: 'Import more customers, choose a later as_of, or a shorter horizon_days.',
    oneClass: ({ cutoffs }, haveAllChurned) =>
      new ChurnMcpError(
        'ONE_CLASS',
        `${haveAllChurned ? 'All customers count' : 'No customer counts'} as churned within ${horizonDays} days after ${cutoffs[0]}, so there is nothing to learn.`,
        { hint: `Choose a ${haveAllChurned ? 'longer' : 'shorter'} horizon_days, or another as_of.` },
      ),
  };
}
