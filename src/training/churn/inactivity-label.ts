import { sharedColumnOf } from '../../dataset/column-rows.ts';
import { ChurnMcpError } from '../../errors.ts';
import type { ShopLabel } from './read-slices.ts';

/** Churned = no order for more than some days as of a day. */
export function inactivityLabel(thresholdDays: number): ShopLabel {
  return {
    outcomesAt: async (_cutoff, daysSinceLastOrder) => ({
      labels: sharedColumnOf(daysSinceLastOrder.map((days) => (days > thresholdDays ? 1 : 0))),
    }),
    moreCustomersHint: 'Import more customers, or choose a later as_of.',
    oneClass: ({ asOf }, haveAllChurned) =>
      new ChurnMcpError(
        'ONE_CLASS',
        `${haveAllChurned ? 'All customers count' : 'No customer counts'} as churned at ${thresholdDays} days as of ${asOf}, so there is nothing to learn.`,
        {
          hint: `Choose a ${haveAllChurned ? 'longer' : 'shorter'} churn_threshold_days, or another as_of.`,
        },
      ),
  };
}
