import { z } from 'zod';
import { contactedBy } from '../campaigns/campaign-course.ts';
import { CampaignHome } from '../campaigns/campaign-home.ts';
import { DEMO_CAMPAIGN, demoContactDate } from '../campaigns/demo-campaign.ts';
import type { DemoShopRequest } from '../data/demo/create-demo-shop.ts';
import { formatPercent } from '../text/format.ts';
import type { CommandContext } from './command-context.ts';
import { type DemoReport, outcomeOf } from './demo-sections.ts';

const MODEL = 'customer_churn_forecast';

/**
 * A campaign from the list to measured profit, on the demo shop as it stood some weeks ago: its customers respond by a known
 * rule, so the result can be held against the truth.
 */
export async function showCampaign(
  context: CommandContext,
  shop: Omit<DemoShopRequest, 'home' | 'offer'>,
  report: DemoReport,
): Promise<number> {
  const { services, config, signal, display } = context;
  const { lastOrderDate } = await (await services.data.current()).summary();
  const asOf = demoContactDate(lastOrderDate);
  const { horizon_days, ...offer } = DEMO_CAMPAIGN;
  const training = { label: 'forward', as_of: asOf, horizon_days, wait: true };
  const { version } = z
    .object({ version: z.string() })
    .parse((await outcomeOf(context, 'train_churn_model', training)).structuredContent);
  // A forecast that was there before has seen how the campaign ends.
  await outcomeOf(context, 'promote_model', { model: MODEL, version });

  const planned = await outcomeOf(context, 'plan_campaign', { ...offer, as_of: asOf });
  const { campaign_id } = z.object({ campaign_id: z.string() }).parse(planned.structuredContent);
  report.section(`1. The plan, as of ${asOf}`, planned.text);
  const started = await outcomeOf(context, 'start_campaign', { campaign_id, contact_date: asOf });
  report.section('2. The start', started.text);

  const { plan } = await new CampaignHome(config.home).read(campaign_id);
  const { createDemoShop, DEMO_KEPT_SHARE } = await import('../data/demo/create-demo-shop.ts');
  await createDemoShop({
    ...shop,
    home: config.home,
    segmentThresholds: config.segmentThresholds,
    offer: { contactDate: asOf, horizonDays: horizon_days, contacted: contactedBy(plan) },
    signal,
    onProgress: display.listener,
  });
  const results = await outcomeOf(context, 'get_campaign_results', { campaign_id });
  report.section(
    `3. The result, after ${horizon_days} days`,
    results.text,
    `The truth in this shop: the offer keeps ${formatPercent(DEMO_KEPT_SHARE, 0)} of the contacted who would not have ordered, and changes nobody else.`,
  );
  const next = await outcomeOf(context, 'plan_campaign', { ...offer, name: 'Second voucher' });
  report.section('4. The next plan knows what the first one measured', next.text);
  report.end(`All of it is in ${config.home}. Next: docs/campaigns.md, or "churn-mcp campaign list".`);
  return 0;
}
