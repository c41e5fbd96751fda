import type { DataSource } from '../data/data-source.ts';
import type { Campaign } from './campaign-plan.ts';
import { type MeasuredCampaign, measureCampaign } from './measure-campaign.ts';
import { measuredSuccessRate, type SuccessRates } from './success-rate.ts';

/** What campaigns that are over say of the offers' success, as far as their data can be believed. */
export async function ratesOfFinished(
  campaigns: readonly Campaign[],
  data: DataSource,
  signal: AbortSignal | undefined,
): Promise<SuccessRates> {
  const finished = await finishedCampaigns(campaigns, data, signal);
  return measuredSuccessRate(finished.map(({ results }) => results.bands));
}

/** Campaigns that are over and whose data can be believed, in their order. */
export async function finishedCampaigns(
  campaigns: readonly Campaign[],
  data: DataSource,
  signal: AbortSignal | undefined,
): Promise<MeasuredCampaign[]> {
  const finished: MeasuredCampaign[] = [];
  for (const { plan, start } of campaigns) {
    if (start === undefined) continue;
    const measured = await measureCampaign({ plan, start }, data, signal);
    if (measured.isFinal && measured.verdict !== 'unusable') finished.push(measured);
  }
  return finished;
}
