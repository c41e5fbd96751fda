import {
  type CampaignPlan,
  type CampaignStart,
  campaignPlanSchema,
} from '../../src/campaigns/campaign-plan.ts';

const rate = { rate: 0.2, deviation: 0.05 };

/** A campaign of three customers, one of them held out. */
export const CAMPAIGN_PLAN: CampaignPlan = campaignPlanSchema.parse({
  format: 1,
  campaign_id: 'c_20260202_081500_5a5b',
  name: 'Voucher',
  planned_at: '2026-02-02T08:15:00.000Z',
  as_of: '2026-01-31',
  horizon_days: 90,
  contact_cost: 0.5,
  offer_cost: 5,
  margin: 0.3,
  success_rate: { source: 'given', overall: rate, bands: [rate, rate, rate, rate], campaigns: 0 },
  seed: 42,
  model: 'customer_churn_forecast',
  version: 'v_20260202_080000',
  fingerprint: 'f',
  expected_difference: 0.1,
  visible_difference: 0.2,
  before: { orders: 4, spent: 100 },
  in_other_campaigns: 0,
  customers: {
    id: [1, 2, 3],
    held_out: [0, 1, 0],
    churn_probability: [0.5, 0.5, 0.5],
    expected_spend: [10, 20, 30],
  },
});

export const CAMPAIGN_START: CampaignStart = {
  format: 1,
  campaign_id: CAMPAIGN_PLAN.campaign_id,
  started_at: '2026-02-02T08:20:00.000Z',
  contact_date: '2026-02-02',
};
