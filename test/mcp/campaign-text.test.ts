import { describe, expect, it } from 'vitest';
import type { CampaignPlan } from '../../src/campaigns/campaign-plan.ts';
import type { DataProblem, MeasuredCampaign } from '../../src/campaigns/measure-campaign.ts';
import { campaignsText, resultsText } from '../../src/mcp/campaign-results-text.ts';
import { planText, startQuestion, startText } from '../../src/mcp/campaign-text.ts';
import { CAMPAIGN_PLAN, CAMPAIGN_START } from '../helpers/campaign-plan.ts';

const ids = Array.from({ length: 500 }, (_, i) => i + 1);
const { success_rate } = CAMPAIGN_PLAN;
const plan: CampaignPlan = {
  ...CAMPAIGN_PLAN,
  currency: 'EUR',
  success_rate: { ...success_rate, source: 'measured', campaigns: 2 },
  profit: { expected: 1764.2, low: 310.1, high: 3190 },
  profit_if_half: 320,
  expected_difference: 0.118,
  visible_difference: 0.12,
  before: { orders: 2000, spent: 90_000 },
  in_other_campaigns: 12,
  customers: {
    id: ids,
    held_out: ids.map((id) => (id % 5 === 0 ? 1 : 0)),
    churn_probability: ids.map(() => 0.6),
    expected_spend: ids.map(() => 100),
  },
};
const start = CAMPAIGN_START;
const measured: MeasuredCampaign = {
  campaign: { plan, start },
  through: '2026-05-03',
  end: '2026-05-03',
  daysPassed: 90,
  isFinal: true,
  outcomes: [],
  results: {
    contacted: { customers: 400, ordered: 208, orders: 260, spent: 20_800, earned: 6240 },
    heldOut: { customers: 100, ordered: 40, orders: 48, spent: 4000, earned: 1200 },
    orderShare: { value: 0.12, low: 0.013, high: 0.227 },
    spent: { value: 12, low: 0.4, high: 23.6 },
    profit: { value: 1200.4, low: 90.2, high: 2310 },
    costs: 1240,
    bands: [],
  },
  problems: [],
  verdict: 'paid',
};

describe('campaigns in words', () => {
  it('begin a plan with what it earns and whom to leave alone', () => {
    expect(planText(plan, 'detailed')).toMatchInlineSnapshot(`
      "Contacting 400 customers with "Voucher" is expected to earn 1,764 EUR after costs within 90 days, between 310 EUR and 3,190 EUR. If the offer keeps half as many as expected, it is 320 EUR.
      Leave 100 customers of these 500 uncontacted, drawn at random: only they tell what the offer changed.
      With 400 contacted and 100 held out you will see a difference of 12 points or more in how many order; expected are 11.8 points.
      To start it: start_campaign with campaign_id c_20260202_081500_5a5b. Nothing is sent; you get the contact list.

      Success rate: the offer keeps 20% of those about to leave, give or take 5%: measured by 2 campaigns of this shop.
      Costs: 0.5 for each of 400 contacts, 5 for each contacted customer who orders; 30% of revenue is margin.
      Left out: 12 customers in campaigns that still run.
      The profit's interval holds in 19 campaigns of 20; it allows for chance, for the forecast and for the success rate. An effect of the size named is seen in 8 campaigns of 10. Forecast v_20260202_080000, orders up to 2026-01-31, seed 42."
    `);
    expect(planText({ ...plan, visible_difference: 0.3 }, 'concise')).toContain('will probably not show');
    const { profit, profit_if_half, ...untrusted } = plan;
    expect(planText(untrusted, 'concise')).toContain('no total is given');
  });

  it('ask before the start, and say afterwards whom to contact', () => {
    expect(startQuestion({ plan, start: undefined })).toMatchInlineSnapshot(
      `"Start the campaign "Voucher"? 400 customers are to be contacted, which costs 200 EUR before anybody orders, and 100 are left alone. It cannot be changed afterwards."`,
    );
    const files = ['contacts.csv', 'contacts.xlsx'];
    const outcome = { campaign: { plan, start }, folder: '/home', files, contacts: 400, withoutEmail: 37 };
    expect(startText(outcome)).toMatchInlineSnapshot(`
      "The campaign "Voucher" (c_20260202_081500_5a5b) runs from 2026-02-02 for 90 days. Contact 400 customers: contacts.csv lists them. 37 of them have no e-mail address in the data.
      Contact nobody else with this offer: 100 customers are held out and are on no list.
      Files, in campaigns/c_20260202_081500_5a5b/started of the home folder: contacts.csv, contacts.xlsx. Send to customers who agreed to be written to; the data does not tell who did.
      Import new orders as they come, then ask get_campaign_results with campaign_id c_20260202_081500_5a5b."
    `);
  });

  it('begin a result with whether it paid, and end with the statistics', () => {
    expect(resultsText(measured, 'detailed')).toMatchInlineSnapshot(`
      ""Voucher" paid: it earned 1,200 EUR after costs, between 90 EUR and 2,310 EUR.
      Do it again: the next plan takes its success rate from this result.
      Contacted: 208 of 400 customers ordered (52.0%), 260 orders. Held out: 40 of 100 customers ordered (40.0%), 48 orders.

      Share who ordered: 12 points more (1.3 points to 22.7 points) among the contacted.
      Spent per customer: 12 EUR more (0 EUR to 24 EUR) among the contacted.
      Costs so far: 1,240 EUR, an offer counted for every contacted customer who ordered.
      The groups were drawn at random, so the difference is due to the offer or to chance; the intervals hold in 19 campaigns of 20, however often you looked before."
    `);
  });

  it.each([
    ['lost', /^"Voucher" lost 1,200 EUR after costs/],
    ['ahead', /^"Voucher" is ahead by 1,200 EUR after costs/],
    ['too early', /^It is too early to say whether "Voucher" pays/],
    ['unclear', /^"Voucher" is over, and whether it paid is open/],
    ['unusable', /^Nothing can be said of "Voucher"/],
  ] as const)('tell a campaign that is %s from one that paid', (verdict, text) => {
    expect(resultsText({ ...measured, verdict }, 'concise')).toMatch(text);
  });

  it('name what is wrong with the data', () => {
    const problems: DataProblem[] = [
      { kind: 'customers gone', contacted: 30, heldOut: 2, isSerious: true },
      { kind: 'history changed', ordersThen: 2000, ordersNow: 4000, isSerious: true },
      { kind: 'few orders', isSerious: false },
    ];
    const text = resultsText({ ...measured, verdict: 'unusable', problems }, 'concise');
    expect(text).toMatchInlineSnapshot(`
      "Nothing can be said of "Voucher": the data is not that of the campaign any more.
      Import all orders of these customers again, from before the campaign until today.
      32 customers of the campaign are not in the data any more (30 contacted, 2 held out) and not in these figures.
      The campaign was planned on 2,000 orders of these customers; of the same days the data now has 4,000. Some orders may have been imported twice.
      Fewer than ten customers of a group have ordered, so money is not compared yet.
      Contacted: 208 of 400 customers ordered (52.0%), 260 orders. Held out: 40 of 100 customers ordered (40.0%), 48 orders."
    `);
  });

  it('list campaigns with how far each is', () => {
    const campaigns = [
      { plan, start: undefined },
      { plan, start },
    ];
    expect(campaignsText({ campaigns, damaged: [] }, '2026-03-01')).toMatchInlineSnapshot(`
      "2 campaigns, newest first:
      - c_20260202_081500_5a5b "Voucher": 400 contacted, 100 held out; planned, not started
      - c_20260202_081500_5a5b "Voucher": 400 contacted, 100 held out; runs until 2026-05-03"
    `);
    expect(campaignsText({ campaigns, damaged: [] }, '2026-05-03')).toContain('over since 2026-05-03');
    expect(campaignsText({ campaigns: [], damaged: [] }, undefined)).toContain('There is no campaign yet');
  });
});
