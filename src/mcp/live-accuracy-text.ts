import { z } from 'zod';
import { MOST_ERROR } from '../scoring/forecast-trust.ts';
import { formatPercent, formatScore, plural } from '../text/format.ts';
import { points } from './campaign-text.ts';
import type { LiveAccuracy } from './tool-context.ts';

export const liveAccuracySchema = z.object({
  as_of: z.string().describe('The day the predictions were made as of.'),
  customers: z.int().describe('Customers with a prediction whose outcome is known.'),
  missing_customers: z.int().describe('Customers with a prediction who are not in the current data.'),
  predicted_rate: z.number().describe('Mean probability that the forecast gave them.'),
  churn_rate: z.number().describe('Share that really stayed away.'),
  roc_auc: z.number().optional().describe('How well the predictions ranked them.'),
  brier: z.number().describe('Mean squared error of the probabilities.'),
});

export function liveAccuracyFieldsOf(live: LiveAccuracy): z.output<typeof liveAccuracySchema> {
  return {
    as_of: live.asOf,
    customers: live.customers,
    missing_customers: live.missing,
    predicted_rate: live.predictedRate,
    churn_rate: live.churnRate,
    ...(live.rocAuc !== undefined && { roc_auc: live.rocAuc }),
    brier: live.brier,
  };
}

/** How predictions made for use turned out, in a sentence or two. */
export function liveAccuracyText(live: LiveAccuracy): string {
  const ranked = live.rocAuc === undefined ? '' : `, ROC-AUC ${formatScore(live.rocAuc)}`;
  const gone =
    live.missing > 0
      ? ` ${plural(live.missing, 'customer of these predictions is', 'customers of these predictions are')} not in the current data.`
      : '';
  return `In use: as of ${live.asOf} it gave ${plural(live.customers, 'customer')}, silent ones too, a risk of ${formatPercent(live.predictedRate)} on average, and ${formatPercent(live.churnRate)} stayed away${missText(live)}${ranked}, Brier score ${live.brier.toFixed(4)}.${gone}`;
}

/** So that nobody has to set it against what an earlier test said. */
function missText({ predictedRate, churnRate }: LiveAccuracy): string {
  const miss = predictedRate - churnRate;
  return Math.abs(miss) <= MOST_ERROR
    ? ''
    : `, so it was ${points(Math.abs(miss))} too ${miss > 0 ? 'high' : 'low'}`;
}

/** Names the days whose kept predictions are damaged, and says what to do. */
export function damagedDaysText(days: readonly string[]): string[] {
  if (days.length === 0) return [];
  const named = days.slice(0, 5).join(', ') + (days.length > 5 ? ' and more' : '');
  return [
    `The kept predictions of ${named} are damaged and left out. "churn-mcp doctor --repair" sets them aside.`,
  ];
}
