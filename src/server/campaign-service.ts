/** Campaigns of the home folder: planned, started and measured. */
import { randomInt } from 'node:crypto';
import type { CourseOfCampaign, ToolContext } from '../mcp/tool-context.ts';
import { borrowDataIfAny, openOrTrain, type ServiceParts } from './service-parts.ts';

type CampaignService = ToolContext['campaigns'];

export function createCampaignService(parts: ServiceParts): CampaignService {
  return {
    plan: (request, call) => plan(parts, request, call),
    async startable(request) {
      const { readStartable } = await import('../campaigns/start-campaign.ts');
      await using borrowed = await parts.data.borrow();
      const home = await homeOf(parts);
      return await readStartable(request, { home, data: borrowed.data, now: parts.now() });
    },
    async start(request, { signal }) {
      const { startCampaign } = await import('../campaigns/start-campaign.ts');
      await using borrowed = await parts.data.borrow();
      const [home, { data }] = [await homeOf(parts), borrowed];
      return await startCampaign(request, { home, data, now: parts.now(), signal });
    },
    async list() {
      await using borrowed = await borrowDataIfAny(parts);
      const found = await (await homeOf(parts)).list();
      return { ...found, today: (await borrowed?.data.summary())?.lastOrderDate };
    },
    trainUplift: (call) => parts.trainings.uplift({}, call),
    measure: (campaignId, call) => measure(parts, campaignId, call),
  };
}

async function plan(parts: ServiceParts, ...[request, call]: Parameters<CampaignService['plan']>) {
  const { planCampaign } = await import('../campaigns/plan-campaign.ts');
  const home = await homeOf(parts);
  await using served = await openOrTrain(parts, 'customer_churn_forecast', undefined, call);
  const { campaigns } = await home.list();
  const uplift = request.rankBy === 'uplift' ? await parts.scorers.open('campaign_uplift') : undefined;
  const made = await planCampaign(request, {
    uplift,
    scoring: { ...served.opened, data: served.data, signal: call.signal },
    campaigns,
    now: parts.now(),
    chance: () => randomInt(2 ** 32),
  });
  await home.addPlan(made);
  return { plan: made, trainedNow: served.trainedNow };
}

async function measure(
  parts: ServiceParts,
  ...[campaignId, { signal, withCourse = false }]: Parameters<CampaignService['measure']>
): Promise<CourseOfCampaign> {
  const { measureCampaign, requireStarted } = await import('../campaigns/measure-campaign.ts');
  const campaign = requireStarted(await (await homeOf(parts)).read(campaignId));
  await using borrowed = await parts.data.borrow();
  const measured = await measureCampaign(campaign, borrowed.data, signal);
  if (!withCourse) return measured;
  const { readCourse } = await import('../campaigns/course-of-results.ts');
  return { ...measured, course: await readCourse(measured, borrowed.data, signal) };
}

async function homeOf({ home }: ServiceParts) {
  const { CampaignHome } = await import('../campaigns/campaign-home.ts');
  return new CampaignHome(home);
}
