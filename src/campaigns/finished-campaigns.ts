import type { DataSource } from '../data/data-source.ts';
import type { Campaign } from './campaign-plan.ts';
import { measureCampaign } from './measure-campaign.ts';
import { type MeasuredBand, measuredSuccessRate, type SuccessRates } from './success-rate.ts';

/** What campaigns that are over say of the offers' success, as far as their data can be believed. */
export async function ratesOfFinished(
  campaigns: readonly Campaign[],
  data: DataSource,
  signal: AbortSignal | undefined,
): Promise<SuccessRates> {
  const finished: (readonly MeasuredBand[])[] = [];
  for (const { plan, start } of campaigns) {
    if (start === undefined) continue;
    const { isFinal, verdict, results } = await measureCampaign({ plan, start }, data, signal);
    if (isFinal && verdict !== 'unusable') finished.push(results.bands);
  }
  return measuredSuccessRate(finished);
}
