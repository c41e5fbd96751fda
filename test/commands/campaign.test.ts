import { describe, expect, it } from 'vitest';
import { campaignCall } from '../../src/commands/campaign.ts';

const COSTS = { contactCost: '0.5', offerCost: '5', margin: '0.3' };

describe('the campaign command', () => {
  it('makes the call that a client makes', () => {
    expect(campaignCall({ action: 'plan' }, { ...COSTS, name: 'Voucher', maxCustomers: '100' })).toEqual({
      tool: 'plan_campaign',
      args: { name: 'Voucher', contact_cost: 0.5, offer_cost: 5, margin: 0.3, max_customers: 100 },
    });
    expect(campaignCall({ action: 'start', id: 'c_1' }, { contactDate: '2026-02-02' })).toEqual({
      tool: 'start_campaign',
      args: { campaign_id: 'c_1', contact_date: '2026-02-02' },
    });
    expect(campaignCall({ action: 'train' }, {})).toEqual({ tool: 'train_uplift_model', args: {} });
    expect(campaignCall({ action: 'plan' }, { ...COSTS, rankBy: 'uplift' }).args).toMatchObject({
      rank_by: 'uplift',
    });
    expect(campaignCall({ action: 'list' }, {})).toEqual({ tool: 'get_campaign_results', args: {} });
    expect(campaignCall({ action: 'results', id: 'c_1' }, {})).toEqual({
      tool: 'get_campaign_results',
      args: { campaign_id: 'c_1' },
    });
  });

  it('plans for the customers of a filter', () => {
    const filter = ['segment=AT_RISK', 'attributes=country=France', 'min_spent=500'];
    expect(campaignCall({ action: 'plan' }, { ...COSTS, filter }).args).toMatchObject({
      filter: { segment: 'AT_RISK', attributes: ['country=France'], min_spent: 500 },
    });
  });

  it.each([
    [{ action: 'plan' }, { ...COSTS, filter: ['LAPSED'] }, '--filter takes field=value, not "LAPSED".'],
    [{ action: 'plan' }, {}, 'A plan needs --contact-cost, --offer-cost and --margin.'],
    [{ action: 'plan' }, { ...COSTS, margin: '30' }, '--margin takes a share from 0 to 1'],
    [{ action: 'plan' }, { ...COSTS, offerCost: '-5' }, '--offer-cost takes an amount of 0 or more'],
    [{ action: 'start' }, {}, 'Which campaign is meant is not said.'],
    [{ action: 'strat' }, {}, 'There is no action "strat".'],
  ])('says what is missing or wrong: %o %o', (given, flags, message) => {
    expect(() => campaignCall(given, flags)).toThrow(message);
  });
});
