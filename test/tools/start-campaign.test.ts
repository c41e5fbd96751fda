import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { campaignPlanSchema } from '../../src/campaigns/campaign-plan.ts';
import { createServer } from '../../src/server/create-server.ts';
import { TOOLS } from '../../tools/index.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, connectClient, silentLog } from '../helpers/mcp-client.ts';

const CAMPAIGN_ID = 'c_20260202_081500_5a5b';
const rate = { rate: 0.2, deviation: 0.05 };
const plan = campaignPlanSchema.parse({
  format: 1,
  campaign_id: CAMPAIGN_ID,
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

/** Services that note whether the campaign was started. */
function startableCampaign() {
  const started: string[] = [];
  const services = fakeServices({
    campaigns: {
      startable: async () => ({ plan, start: undefined }),
      start: async ({ campaignId }) => {
        started.push(campaignId);
        const start = {
          format: 1 as const,
          campaign_id: campaignId,
          started_at: '2026-02-02T08:20:00.000Z',
          contact_date: '2026-02-02',
        };
        const files = ['contacts.csv'];
        return { campaign: { plan, start }, folder: '/home', files, contacts: 2, withoutEmail: 0 };
      },
    },
  });
  return { services, started };
}

/** A client that can ask a person, who gives this answer. */
async function clientOfPerson(answer: {
  action: 'accept' | 'decline' | 'cancel';
  content?: { confirm: boolean };
}) {
  const { services, started } = startableCampaign();
  const server = createServer({ services, tools: TOOLS, log: silentLog, version: '0.0.0' });
  const client = new Client({ name: 'test', version: '0.0.0' }, { capabilities: { elicitation: {} } });
  const questions: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    questions.push(params.message);
    return answer;
  });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(serverSide), client.connect(clientSide)]);
  return { client, questions, started };
}

describe('start_campaign', () => {
  it('asks the person at the client, and starts once they agree', async () => {
    const { client, questions, started } = await clientOfPerson({
      action: 'accept',
      content: { confirm: true },
    });
    const { isError, text } = await callText(client, 'start_campaign', { campaign_id: CAMPAIGN_ID });
    expect(isError).toBe(false);
    expect(text).toContain('runs from 2026-02-02');
    expect(questions).toEqual([
      'Start the campaign "Voucher"? 2 customers are to be contacted, which costs 1 before anybody orders, and 1 are left alone. It cannot be changed afterwards.',
    ]);
    expect(started).toEqual([CAMPAIGN_ID]);
    await client.close();
  });

  it.each([
    { action: 'accept' as const, content: { confirm: false } },
    { action: 'decline' as const },
    { action: 'cancel' as const },
  ])('starts nothing if the person does not agree: $action', async (answer) => {
    const { client, started } = await clientOfPerson(answer);
    const { isError, text } = await callText(client, 'start_campaign', { campaign_id: CAMPAIGN_ID });
    expect(isError).toBe(true);
    expect(text).toContain('The campaign was not started: the person asked did not agree.');
    expect(started).toEqual([]);
    await client.close();
  });

  it('starts by the call alone at a client that cannot ask', async () => {
    const { services, started } = startableCampaign();
    const client = await connectClient(services);
    expect(await callText(client, 'start_campaign', { campaign_id: CAMPAIGN_ID })).toMatchObject({
      isError: false,
    });
    expect(started).toEqual([CAMPAIGN_ID]);
    await client.close();
  });
});
