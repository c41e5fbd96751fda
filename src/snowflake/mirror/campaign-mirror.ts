/** Started campaigns in Snowflake: who is in them, and what was measured. The view `campaign_results` adds their orders. */
import { lastDayOf } from '../../campaigns/campaign-course.ts';
import type { StartedCampaign } from '../../campaigns/campaign-plan.ts';
import type { MeasuredCampaign } from '../../campaigns/measure-campaign.ts';
import type { MirrorSession } from './mirror-session.ts';
import { timestamp } from './model-mirror.ts';

/** The statements that write a campaign. */
const WRITES = ['merge_campaign_customers', 'merge_campaign', 'merge_campaign_measurement'] as const;

/**
 * Copies a campaign: its customers first, then its row, so that a row never exists without its customers; then what was measured
 * up to the day. A second copy of the same changes nothing.
 *
 * @returns how many of its customers were new there
 * @throws SNOWFLAKE_DEPLOY if churn-mcp did not make the tables
 */
export async function pushCampaign(
  measured: MeasuredCampaign,
  mirror: MirrorSession,
  now: Date,
): Promise<number> {
  const { campaign } = measured;
  await mirror.assertMayWrite(WRITES);
  const copied = await pushCustomers(campaign, mirror);
  await mirror.run('merge_campaign', campaignRow(campaign, now));
  await mirror.run('merge_campaign_measurement', measurementRow(measured));
  return copied;
}

async function pushCustomers(
  { plan: { campaign_id, customers } }: StartedCampaign,
  mirror: MirrorSession,
): Promise<number> {
  await mirror.run('new_campaign_customers', []);
  await mirror.forRows(
    'insert_campaign_customers',
    customers.id.map((id, row) => [
      String(id),
      customers.held_out[row],
      String(customers.churn_probability[row]),
      String(customers.expected_spend[row]),
    ]),
  );
  return mirror.change('merge_campaign_customers', [campaign_id]);
}

function campaignRow({ plan, start }: StartedCampaign, now: Date) {
  const { campaign_id, name, as_of, contact_cost, offer_cost, margin, currency = null } = plan;
  const days = [as_of, start.contact_date, lastDayOf({ plan, start })];
  return [campaign_id, name, ...days, contact_cost, offer_cost, margin, currency, timestamp(now)];
}

function measurementRow({ campaign, through, isFinal, verdict, results: { profit } }: MeasuredCampaign) {
  const interval = [profit?.value ?? null, profit?.low ?? null, profit?.high ?? null];
  return [campaign.plan.campaign_id, through, isFinal ? 1 : 0, verdict, ...interval];
}
