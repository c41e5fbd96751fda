import { describe, expect, it } from 'vitest';
import { ChurnMcpError } from '../../src/errors.ts';
import { connectEraHttp, ERAS } from '../helpers/era-client.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { startTestServer } from '../helpers/http-server.ts';
import { sampleCard } from '../helpers/sample-cards.ts';

const MODEL = 'customer_churn_forecast';
const VERSION = 'v_20260105_101500';

/** What the person at a client is asked, and what their answer leads to. */
async function outcomeOf(
  era: (typeof ERAS)[number],
  call: { name: string; arguments: Record<string, unknown> },
  confirm: boolean,
) {
  const written: string[] = [];
  const services = fakeServices(
    {
      models: {
        card: async (_model, version) => {
          if (version !== VERSION) throw new ChurnMcpError('UNKNOWN_VERSION', 'There is no such version.');
          return sampleCard;
        },
        promote: async (model) => {
          written.push(`promoted ${model}`);
          return { card: sampleCard, replaced: undefined };
        },
      },
      data: {
        holdsOwnShop: async () => true,
        makeDemoShop: async () => {
          written.push('made a demo shop');
          throw new Error('enough');
        },
        importShop: async () => {
          written.push('imported');
          throw new Error('enough');
        },
      },
    },
    { home: process.env.CHURN_MCP_HOME ?? '' },
  );
  await using server = await startTestServer(services);
  const client = await connectEraHttp(era, server.url, { capabilities: { elicitation: {} } });
  const asked: string[] = [];
  client.setRequestHandler('elicitation/create', ({ params }) => {
    asked.push(params.message);
    return { action: 'accept', content: { confirm } };
  });
  const { content } = await client.callTool(call);
  await client.close();
  return { asked, written, text: content.map((item) => (item.type === 'text' ? item.text : '')).join('\n') };
}

describe.each(ERAS)('a client of revision %s that can ask its person', (era) => {
  const promotion = { name: 'promote_model', arguments: { model: MODEL, version: VERSION } };
  const rows = { csv: 'customer_id,order_date,total_amount\n1,2025-01-05,10\n' };

  it('asks before a version is promoted', async () => {
    expect((await outcomeOf(era, promotion, true)).written).toEqual([`promoted ${MODEL}`]);
    const refused = await outcomeOf(era, promotion, false);
    expect(refused.written).toEqual([]);
    expect(refused.asked).toEqual([
      `Make ${VERSION} the champion of ${MODEL}? It answers by default from then on. To go back, promote the champion of today.`,
    ]);
    expect(refused.text).toContain('The version was not promoted: the person asked did not agree.');
  });

  it('asks nothing about a version that does not exist', async () => {
    const unknown = { ...promotion, arguments: { model: MODEL, version: 'v_20200101_000000' } };
    expect(await outcomeOf(era, unknown, true)).toEqual({
      asked: [],
      written: [],
      text: 'There is no such version.',
    });
  });

  it('asks before data is imported, and not before a dry run', async () => {
    const real = { name: 'import_data', arguments: { ...rows, dry_run: false } };
    expect(await outcomeOf(era, real, true)).toMatchObject({ asked: { length: 1 }, written: ['imported'] });
    const refused = await outcomeOf(era, real, false);
    expect(refused.written).toEqual([]);
    expect(refused.text).toContain('Nothing was imported: the person asked did not agree.');
    expect((await outcomeOf(era, { name: 'import_data', arguments: rows }, false)).asked).toEqual([]);
  });

  it('asks before a demo shop takes the place of orders', async () => {
    const demo = { name: 'make_demo_shop', arguments: {} };
    expect(await outcomeOf(era, demo, true)).toMatchObject({
      asked: { length: 1 },
      written: ['made a demo shop'],
    });
    const refused = await outcomeOf(era, demo, false);
    expect(refused.written).toEqual([]);
    expect(refused.text).toContain('No demo shop was made: the person asked did not agree.');
  });
});
