import { cpSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CampaignHome } from '../../src/campaigns/campaign-home.ts';
import { addDays } from '../../src/features/calendar-day.ts';
import { createServices } from '../../src/server/create-services.ts';
import { leavingCustomers } from '../helpers/leaving-customers.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { seededRandom } from '../helpers/random-trees.ts';
import { scoringOf } from '../helpers/scoring.ts';
import { makeSnapshot, newTestHome, type TestShop } from '../helpers/snapshot.ts';

const OFFER = { contact_cost: 0.1, offer_cost: 0.2, margin: 0.6, success_rate: 0.5 };

/** Customers with few orders so far are persuaded; the others do what they would have done anyway. */
const FEW_ORDERS = 6;

const shop: TestShop = leavingCustomers({ customers: 5000, days: 260 });
const ordersBefore = new Map<string, number>();
for (const { customer_id } of shop.orders) {
  const id = String(customer_id);
  ordersBefore.set(id, (ordersBefore.get(id) ?? 0) + 1);
}
let trained: { readonly home: string; readonly lastOrderDate: string };

beforeAll(async () => {
  const home = await newTestHome();
  await using snapshot = await makeSnapshot(shop, home);
  await scoringOf(snapshot);
  trained = { home, lastOrderDate: snapshot.summary.lastOrderDate };
});

/** The shop with a campaign that is over: `persuades` says of whom the offer makes a buyer. */
async function openShop(persuades: (ordersBefore: number) => boolean) {
  const home = await newTestHome();
  cpSync(trained.home, home, { recursive: true });
  const { lastOrderDate } = trained;
  const services = createServices({ home, now: () => new Date(`${lastOrderDate}T12:00:00Z`) });
  const client = await connectClient(services);
  const call = (tool: string, args: Record<string, unknown> = {}) => callText(client, tool, args);
  const planned = await call('plan_campaign', {
    ...OFFER,
    min_probability: 0,
    smallest_effect: 0.05,
    seed: 7,
  });
  const { campaign_id } = planned.structuredContent as { campaign_id: string };
  await call('start_campaign', { campaign_id });
  const { plan } = await new CampaignHome(home).read(campaign_id);
  const { customers } = plan;
  const random = seededRandom(3);
  const buyers = customers.id.filter((id, i) => {
    const before = ordersBefore.get(String(id)) ?? 0;
    const isPersuaded = customers.held_out[i] === 0 && persuades(before) && random() < 0.5;
    return isPersuaded || random() < 0.3;
  });
  const later = buyers.map((customer_id, i) => ({
    order_id: `later-${i}`,
    customer_id,
    order_date: `${addDays(lastOrderDate, 1 + (i % plan.horizon_days))} 10:00:00`,
    total_amount: 50,
  }));
  const newest = {
    order_id: 'newest',
    customer_id: 99_999,
    order_date: addDays(lastOrderDate, plan.horizon_days),
    total_amount: 1,
  };
  await (await makeSnapshot({ ...shop, orders: [...shop.orders, ...later, newest] }, home))[
    Symbol.asyncDispose
  ]();
  return {
    call,
    planOf: async (answer: unknown) => {
      const { campaign_id: id } = answer as { campaign_id: string };
      return (await new CampaignHome(home).read(id)).plan;
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await services[Symbol.asyncDispose]();
    },
  };
}

describe('whom an offer persuades', () => {
  it('is learnt from a campaign that is over, and the next one contacts them first', async () => {
    await using opened = await openShop((before) => before <= FEW_ORDERS);
    const { call } = opened;
    const learnt = await call('train_uplift_model');
    expect(learnt.isError).toBe(false);
    expect(learnt.text).toMatch(
      /^The offers of 1 campaign made [\d.]+ more of 100 contacted customers order \(between [\d.]+ and [\d.]+\)\.\nContacting only the half that this model ranks first would have brought [\d,]+ \([\d,-]+ to [\d,]+\) additional orders/,
    );
    expect(learnt.text).toContain('plan_campaign with rank_by "uplift"');
    expect(learnt.structuredContent).toMatchObject({
      model: 'campaign_uplift',
      label: 'uplift',
      promoted: true,
      uplift: { contacted: expect.any(Number), qini: { low: expect.any(Number) } },
    });

    const ask = { ...OFFER, max_customers: 200, success_rate: null };
    const planned = await call('plan_campaign', { ...ask, rank_by: 'uplift' });
    expect(planned.text).toMatch(/^Contacting \d+ customers/);
    const byRisk = await call('plan_campaign', { ...ask, min_probability: 0 });
    const shareOfPersuadable = async (answer: unknown) => {
      const { customers } = await opened.planOf(answer);
      const counts = customers.id.map((id) => ordersBefore.get(String(id)) ?? 0);
      return counts.filter((count) => count <= FEW_ORDERS).length / counts.length;
    };
    const [found, otherwise] = [
      await shareOfPersuadable(planned.structuredContent),
      await shareOfPersuadable(byRisk.structuredContent),
    ];
    expect(found).toBeGreaterThan(otherwise + 0.3);
    expect(planned.text).toContain('What the offer changes is what campaign_uplift v_');
    const list = await call('get_at_risk_customers', { sort_by: 'uplift', min_probability: 0, limit: 20 });
    expect(list.text).toContain('those first whom an offer persuades most');
    expect(list.text).toMatch(/at stake, and an offer raises the chance to order by [\d.]+ points?/);
    const { customers } = list.structuredContent as { customers: { uplift: number }[] };
    const uplift = customers.map((customer) => customer.uplift);
    expect(uplift).toEqual([...uplift].sort((a, b) => b - a));
    const models = await call('list_models', { model: 'campaign_uplift' });
    expect(models.text).toMatch(/^campaign_uplift\n {2}v_\w+ \[champion\]: Qini 0\.\d{4}, data up to/);
    const metrics = await call('get_churn_metrics', { model: 'campaign_uplift' });
    expect(metrics.text).toMatch(/^The offers of 1 campaign made/);
    expect(metrics.text).not.toMatch(/ROC-AUC|churners/);
  });

  it('is not used where the model finds nothing that the risk does not tell', async () => {
    await using opened = await openShop(() => false);
    const learnt = await opened.call('train_uplift_model');
    expect(learnt.text).toContain('Warning: It does not find the customers whom an offer persuades');
    const planned = await opened.call('plan_campaign', { ...OFFER, rank_by: 'uplift' });
    expect(planned).toMatchObject({ isError: true });
    expect(planned.text).toContain('Leave rank_by or sort_by out.');
    const list = await opened.call('get_at_risk_customers', { sort_by: 'uplift' });
    expect(list).toMatchObject({ isError: true });
  });
});
