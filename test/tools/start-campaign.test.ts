import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { TOOLS } from '../../tools/index.ts';
import { CAMPAIGN_PLAN, CAMPAIGN_START } from '../helpers/campaign-plan.ts';
import { connectEraHttp, STATELESS } from '../helpers/era-client.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { startTestServer } from '../helpers/http-server.ts';
import { callText, connectClient, handshakeServer, silentLog } from '../helpers/mcp-client.ts';

const plan = CAMPAIGN_PLAN;
const CAMPAIGN_ID = plan.campaign_id;

/** Services that note whether the campaign was started. */
function startableCampaign() {
  const started: string[] = [];
  const services = fakeServices(
    {
      campaigns: {
        startable: async () => ({ plan, start: undefined }),
        start: async ({ campaignId }) => {
          started.push(campaignId);
          const start = { ...CAMPAIGN_START, campaign_id: campaignId };
          const files = ['contacts.csv'];
          return { campaign: { plan, start }, folder: '/home', files, contacts: 2, withoutEmail: 0 };
        },
      },
    },
    { home: process.env.CHURN_MCP_HOME ?? '' },
  );
  return { services, started };
}

/** A client that can ask a person, who gives this answer. */
async function clientOfPerson(answer: {
  action: 'accept' | 'decline' | 'cancel';
  content?: { confirm: boolean };
}) {
  const { services, started } = startableCampaign();
  const server = handshakeServer({ services, tools: TOOLS, log: silentLog, version: '0.0.0' });
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
      'Start the campaign "Voucher"? 2 customers are to be contacted, which costs 1 before anybody orders, and 1 is left alone. It cannot be changed afterwards.',
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

  it('asks by its answer where requests belong to no session, and starts once the call comes again with a yes', async () => {
    const { services, started } = startableCampaign();
    await using server = await startTestServer(services);
    const client = await connectEraHttp(STATELESS, server.url, { capabilities: { elicitation: {} } });
    const questions: string[] = [];
    const answers = [false, true];
    client.setRequestHandler('elicitation/create', ({ params }) => {
      questions.push(params.message);
      return { action: 'accept', content: { confirm: answers[questions.length - 1] } };
    });
    const call = { name: 'start_campaign', arguments: { campaign_id: CAMPAIGN_ID } };
    expect(await client.callTool(call)).toMatchObject({ isError: true });
    expect(started).toEqual([]);
    expect((await client.callTool(call)).isError).toBeFalsy();
    expect(questions).toHaveLength(2);
    expect(started).toEqual([CAMPAIGN_ID]);
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
