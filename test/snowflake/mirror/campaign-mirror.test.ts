import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CampaignPlan, campaignPlanSchema } from '../../../src/campaigns/campaign-plan.ts';
import { measureCampaign } from '../../../src/campaigns/measure-campaign.ts';
import { seededRandom } from '../../../src/dataset/seeded-random.ts';
import { addDays } from '../../../src/features/calendar-day.ts';
import { planDeployment, planRemoval } from '../../../src/snowflake/deployment/deployment.ts';
import { runDeployment } from '../../../src/snowflake/deployment/run-deployment.ts';
import { pushCampaign } from '../../../src/snowflake/mirror/campaign-mirror.ts';
import { MirrorSession } from '../../../src/snowflake/mirror/mirror-session.ts';
import { SnowflakeSession } from '../../../src/snowflake/session/snowflake-session.ts';
import { CAMPAIGN_PLAN, CAMPAIGN_START } from '../../helpers/campaign-plan.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';
import { openShop, snowflakeConfig } from '../../helpers/snowflake/snowflake-shop.ts';

const NOW = new Date('2026-06-01T10:00:00Z');
const NASTY = `it's "ours"; drop table models.campaigns; -- $$ \\'`;
const CUSTOMERS = 400;
const { signal } = new AbortController();

/** Orders from before the campaign, in its horizon and after it; every tenth customer of the plan has none at all. */
function randomOrders() {
  const random = seededRandom(5);
  const ids = Array.from({ length: CUSTOMERS }, (_, i) => i + 1).filter((id) => id % 10 !== 0);
  return ids.flatMap((customer_id) =>
    Array.from({ length: 1 + Math.floor(3 * random()) }, (_, i) => ({
      order_id: `${customer_id}-${i}`,
      customer_id,
      order_date: addDays('2026-01-01', i === 0 ? 0 : Math.floor(150 * random())),
      total_amount: Math.round(10_000 * random()) / 100,
    })),
  );
}

const column = <Value>(cell: (row: number) => Value) =>
  Array.from({ length: CUSTOMERS }, (_, row) => cell(row));

const PLAN: CampaignPlan = campaignPlanSchema.parse({
  ...CAMPAIGN_PLAN,
  name: NASTY,
  customers: {
    id: column((row) => row + 1),
    held_out: column((row) => (row % 4 === 0 ? 1 : 0)),
    churn_probability: column((row) => (row % 9) / 10),
    expected_spend: column((row) => row),
  },
});
const CAMPAIGN = { plan: PLAN, start: CAMPAIGN_START };

let snapshot: TestSnapshot;
let shop: Awaited<ReturnType<typeof openShop>>;
let mirror: MirrorSession;

beforeAll(async () => {
  snapshot = await makeSnapshot({ orders: randomOrders() });
  shop = await openShop(snapshot);
  mirror = await MirrorSession.open(snowflakeConfig(shop.testServer), signal);
});

afterAll(async () => {
  await mirror[Symbol.asyncDispose]();
  await shop[Symbol.asyncDispose]();
  await snapshot[Symbol.asyncDispose]();
});

const deployed = () => snowflakeConfig(shop.testServer);

async function deploy(): Promise<void> {
  const steps = planDeployment({
    config: deployed(),
    warehouse: 'W',
    parts: ['schemas', 'campaigns'],
    models: [],
  });
  await runDeployment(steps, deployed(), { signal, onStep: () => undefined });
}

const number = z.coerce.number();
const resultsSchema = z.object({
  campaign_id: z.string(),
  name: z.string(),
  through: z.string(),
  contacted: number,
  held_out: number,
  contacted_who_ordered: number,
  held_out_who_ordered: number,
  contacted_orders: number,
  held_out_orders: number,
  contacted_spent: number,
  held_out_spent: number,
  costs: number,
  verdict: z.string(),
  profit: number,
  profit_low: number,
  profit_high: number,
});

async function resultsInSnowflake() {
  await using session = await SnowflakeSession.open(deployed(), signal);
  const text = 'select * from "AUTOMATED_INTELLIGENCE"."MODELS"."CAMPAIGN_RESULTS"';
  const { rows } = await session.rows({ text, values: [], tag: 'test', signal });
  return rows.map((row) => resultsSchema.parse(row));
}

describe('campaigns in Snowflake', () => {
  it('say what to deploy first if nothing was deployed', async () => {
    const measured = await measureCampaign(CAMPAIGN, snapshot.data);
    await expect(pushCampaign(measured, mirror, NOW)).rejects.toMatchObject({
      code: 'SNOWFLAKE_ACCESS',
      hint: 'Make them with: churn-mcp deploy snowflake --only schemas,models,campaigns',
    });
    await deploy();
    expect(await resultsInSnowflake()).toEqual([]);
  });

  it('have the results there that are measured here, whatever their names contain', async () => {
    const measured = await measureCampaign(CAMPAIGN, await shop.provider.current());
    const { contacted, heldOut, costs, profit } = measured.results;
    expect(heldOut.ordered).toBeGreaterThan(10);
    expect(await pushCampaign(measured, mirror, NOW)).toBe(CUSTOMERS);
    const [found, ...others] = await resultsInSnowflake();
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      campaign_id: PLAN.campaign_id,
      name: NASTY,
      through: measured.through,
      contacted: contacted.customers,
      held_out: heldOut.customers,
      contacted_who_ordered: contacted.ordered,
      held_out_who_ordered: heldOut.ordered,
      contacted_orders: contacted.orders,
      held_out_orders: heldOut.orders,
      verdict: measured.verdict,
    });
    expect(found.contacted_spent).toBeCloseTo(contacted.spent, 6);
    expect(found.held_out_spent).toBeCloseTo(heldOut.spent, 6);
    expect(found.costs).toBeCloseTo(costs, 9);
    expect([found.profit, found.profit_low, found.profit_high]).toEqual([
      profit?.value,
      profit?.low,
      profit?.high,
    ]);
  });

  it('are the same after a second copy, and a newer measurement replaces that of the same day', async () => {
    const measured = await measureCampaign(CAMPAIGN, snapshot.data);
    expect(await pushCampaign(measured, mirror, NOW)).toBe(0);
    expect(await pushCampaign({ ...measured, verdict: 'unusable' }, mirror, NOW)).toBe(0);
    expect((await resultsInSnowflake()).map(({ verdict }) => verdict)).toEqual(['unusable']);
  });

  it('stay when the deployment is removed, unless all is', async () => {
    const remove = (all: boolean) =>
      runDeployment(planRemoval(deployed(), [], all), deployed(), { signal, onStep: () => undefined });
    await remove(false);
    await deploy();
    expect(await resultsInSnowflake()).toHaveLength(1);
    await remove(true);
    await deploy();
    expect(await resultsInSnowflake()).toEqual([]);
  });
});
