import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { CampaignHome } from '../../src/campaigns/campaign-home.ts';
import { type CampaignPlan, campaignPlanSchema } from '../../src/campaigns/campaign-plan.ts';
import { readStartable } from '../../src/campaigns/start-campaign.ts';
import { findDamage } from '../../src/commands/home-damage.ts';
import { openDataHome } from '../../src/data/data-home.ts';
import { addDays, daysBetween } from '../../src/features/calendar-day.ts';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { createServices } from '../../src/server/create-services.ts';
import { leavingCustomers } from '../helpers/leaving-customers.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { scoringOf } from '../helpers/scoring.ts';
import { makeSnapshot, newTestHome, type TestShop } from '../helpers/snapshot.ts';

const OFFER = { name: 'Come back', contact_cost: 0.2, offer_cost: 1, margin: 0.6, success_rate: 0.5 };
const EVERYBODY = { min_probability: 0, seed: 7 };

const contacts = Array.from({ length: 300 }, (_, i) => ({
  customer_id: i + 1,
  first_name: i === 0 ? '=HYPERLINK("http://x")' : `First ${i + 1}`,
  last_name: `Last ${i + 1}`,
  ...(i % 10 !== 9 && { email: `c${i + 1}@example.com` }),
}));

const shop: TestShop = { ...leavingCustomers(), customers: contacts };
/** A home folder with the shop and a forecast, made once: tests work on copies. */
let trained: { readonly home: string; readonly lastOrderDate: string };

beforeAll(async () => {
  const home = await newTestHome();
  await using snapshot = await makeSnapshot(shop, home);
  await scoringOf(snapshot);
  trained = { home, lastOrderDate: snapshot.summary.lastOrderDate };
});

/** The shop, and a client of its server. */
async function openShop() {
  const home = await newTestHome();
  cpSync(trained.home, home, { recursive: true });
  const { lastOrderDate } = trained;
  const services = createServices({ home, now: () => new Date(`${lastOrderDate}T12:00:00Z`) });
  const client = await connectClient(services);
  const call = (tool: string, args: Record<string, unknown> = {}) => callText(client, tool, args);
  return {
    home,
    lastOrderDate,
    call,
    planOf: (id: unknown): CampaignPlan =>
      campaignPlanSchema.parse(
        JSON.parse(readFileSync(join(home, 'campaigns', String(id), 'plan.json'), 'utf8')),
      ),
    /** Imports the shop anew, with other orders beside those before. */
    async importShop(next: TestShop) {
      await (await makeSnapshot(next, home))[Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await services[Symbol.asyncDispose]();
    },
  };
}

type OpenShop = Awaited<ReturnType<typeof openShop>>;

const idOf = ({ structuredContent }: { structuredContent: unknown }): string =>
  String((structuredContent as { campaign_id: string }).campaign_id);

async function startedCampaign(opened: OpenShop): Promise<string> {
  const planned = await opened.call('plan_campaign', { ...OFFER, ...EVERYBODY });
  expect(planned.text).toContain('Contacting');
  const id = idOf(planned);
  expect((await opened.call('start_campaign', { campaign_id: id })).isError).toBe(false);
  return id;
}

/** Orders after the contact: all of the contacted come back, and half of the held-out. */
function laterOrders({ lastOrderDate, planOf }: OpenShop, id: string, lastDay: number): TestShop['orders'] {
  const { customers } = planOf(id);
  const buyers = customers.id.filter((_, i) => customers.held_out[i] === 0 || i % 2 === 0);
  return [
    ...buyers.map((customer_id, i) => ({
      order_id: `later-${i}`,
      customer_id,
      order_date: `${addDays(lastOrderDate, 1 + (i % 20))} 10:00:00`,
      total_amount: 40 + (i % 7),
    })),
    { order_id: 'newest', customer_id: 9999, order_date: addDays(lastOrderDate, lastDay), total_amount: 1 },
  ].filter(({ order_date }) => order_date.slice(0, 10) <= addDays(lastOrderDate, lastDay));
}

describe('a campaign', () => {
  it('of other days than the forecast’s counts on what customers do in those days', async () => {
    await using opened = await openShop();
    const planOver = async (days?: number) => {
      const args = { ...OFFER, ...EVERYBODY, contact_cost: 0, offer_cost: 0, horizon_days: days };
      return opened.planOf(idOf(await opened.call('plan_campaign', args)));
    };
    const [shorter, forecasts, longer] = [await planOver(30), await planOver(), await planOver(120)];
    expect([shorter, forecasts, longer].map(({ horizon_days }) => horizon_days)).toEqual([30, 60, 120]);
    const of = ({ customers }: CampaignPlan, id: unknown) => {
      const at = customers.id.indexOf(id as number);
      return { probability: customers.churn_probability[at], spend: customers.expected_spend[at] };
    };
    expect(longer.customers.id.length).toBeGreaterThan(50);
    for (const id of longer.customers.id) {
      const [month, usual, four] = [of(shorter, id), of(forecasts, id), of(longer, id)];
      expect(month.probability).toBeGreaterThan(usual.probability);
      expect(usual.probability).toBeGreaterThan(four.probability);
      expect(month.spend).toBeLessThan(four.spend);
    }
    // What they are worth in 12 months does not depend on the days that are measured.
    expect(shorter.worth?.days).toBe(longer.worth?.days);
  });

  it('is planned, started, and measured from the orders imported later', async () => {
    await using opened = await openShop();
    const planned = await opened.call('plan_campaign', { ...OFFER, ...EVERYBODY, currency: 'EUR' });
    const id = idOf(planned);
    expect(planned.text).toMatch(/^Contacting \d+ customers with "Come back" /);
    expect(planned.text).toMatch(
      /With \d+ contacted and \d+ held out you will see a difference of [\d.]+ points or more/,
    );
    expect((await opened.call('get_campaign_results')).text).toContain('planned, not started');

    const started = await opened.call('start_campaign', { campaign_id: id });
    expect(started.text).toMatch(/^The campaign "Come back" \(c_.*\) runs from .* for 60 days\./);
    const again = await opened.call('start_campaign', { campaign_id: id });
    expect(again).toMatchObject({ isError: true });
    expect(again.text).toContain('has been started already');

    const early = await opened.call('get_campaign_results', { campaign_id: id });
    expect(early.structuredContent).toMatchObject({ verdict: 'too early' });

    await opened.importShop({
      ...shop,
      orders: [...shop.orders, ...laterOrders(opened, id, 60)],
    });
    const results = await opened.call('get_campaign_results', { campaign_id: id });
    expect(results.text).toMatch(/^"Come back" paid: it earned .* after costs, between .* and/);
    expect(results.structuredContent).toMatchObject({ verdict: 'paid', problems: [] });
    expect((await opened.call('get_campaign_results')).text).toContain('over since');

    const next = await opened.call('plan_campaign', { ...OFFER, success_rate: null, min_probability: 0 });
    expect(next.structuredContent).toMatchObject({ success_rate_source: 'measured' });
    expect(next.text).toContain('measured by 1 campaign of this shop');
  });

  it('shows how it went as its results stood on each day, with the intervals of those looks', async () => {
    await using opened = await openShop();
    const id = await startedCampaign(opened);
    const later = (lastDay: number) => ({
      ...shop,
      orders: [...shop.orders, ...laterOrders(opened, id, lastDay)],
    });
    const courseNow = async () => {
      const { structuredContent } = await opened.call('get_campaign_results', { campaign_id: id });
      return structuredContent as {
        order_share: unknown;
        profit: unknown;
        through: string;
        course: { day: string }[];
      };
    };
    expect((await courseNow()).course).toHaveLength(1);
    await opened.importShop(later(60));
    const { course, order_share, profit, through } = await courseNow();
    const days = course.map(({ day }) => day);
    expect(days).toHaveLength(12);
    expect(days).toEqual([...new Set(days)].sort());
    expect(course.at(-1)).toEqual({ day: through, order_share, profit });

    const tenth = daysBetween(opened.lastOrderDate, days[9]);
    await opened.importShop(later(tenth));
    const then = await courseNow();
    expect(then.through).toBe(days[9]);
    expect(course[9]).toEqual({ day: days[9], order_share: then.order_share, profit: then.profit });
    const concise = await opened.call('get_campaign_results', {
      campaign_id: id,
      response_format: 'concise',
    });
    expect(concise.structuredContent).not.toHaveProperty('course');
  });

  it('lists all contacted and none of the held-out, in files that only the user can read and no formula runs in', async () => {
    await using opened = await openShop();
    const id = await startedCampaign(opened);
    const { customers } = opened.planOf(id);
    const contacted = customers.id.filter((_, i) => customers.held_out[i] === 0).map(String);
    const folder = join(opened.home, 'campaigns', id, 'started');
    const read = (name: string) => readFileSync(join(folder, name), 'utf8').trim().split('\n');
    const [header, ...rows] = read('contacts.csv');
    expect(header).toBe('customer_id,first_name,last_name,email,phone,campaign');
    expect(rows.map((row) => row.split(',')[0])).toEqual(contacted);
    if (contacted.includes('1')) expect(rows.join('\n')).toContain("'=HYPERLINK");
    const [sheet] = (await readXlsx(readFileSync(join(folder, 'contacts.xlsx')))).sheets;
    expect(sheet.rows.slice(1).map(([first]) => String(first))).toEqual(contacted);
    const emails = contacted.filter((customer) => Number(customer) % 10 !== 0);
    const headers = {
      klaviyo: 'Email,',
      mailchimp: 'Email Address,',
      shopify: 'First Name,Last Name,Email,',
    };
    for (const [tool, start] of Object.entries(headers)) {
      const [head, ...listed] = read(`contacts-${tool}.csv`);
      expect(head.startsWith(start)).toBe(true);
      expect(listed).toHaveLength(emails.length);
    }
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    expect(statSync(join(opened.home, 'campaigns')).mode & 0o077).toBe(0);
  });

  it('is never planned over customers of a campaign that still runs, nor started over them', async () => {
    await using opened = await openShop();
    const rival = idOf(await opened.call('plan_campaign', { ...OFFER, ...EVERYBODY, max_customers: 20 }));
    const id = await startedCampaign(opened);
    const busy = await opened.call('start_campaign', { campaign_id: rival });
    expect(busy.isError).toBe(true);
    expect(busy.text).toMatch(/^\d+ customers? of this campaign (is|are) in another one/);
    const again = await opened.call('plan_campaign', {
      ...OFFER,
      ...EVERYBODY,
      contact_cost: 0,
      offer_cost: 0,
    });
    const taken = new Set(opened.planOf(id).customers.id);
    if (again.isError) expect(again.text).toMatch(/are in campaigns that still run|does not pay/);
    else expect(opened.planOf(idOf(again)).customers.id.filter((each) => taken.has(each))).toEqual([]);
  });

  it('takes only customers who meet the conditions of a filter, and says which', async () => {
    await using opened = await openShop();
    const planned = await opened.call('plan_campaign', {
      ...OFFER,
      ...EVERYBODY,
      filter: { min_orders: 5, max_orders: 9 },
    });
    expect(planned.text).toMatch(/^Contacting \d+ customers who ordered 5 to 9 times with "Come back" /);
    const plan = opened.planOf(idOf(planned));
    expect(plan.who).toBe(' who ordered 5 to 9 times');
    const counts = plan.customers.id.map(
      (id) => shop.orders.filter(({ customer_id }) => customer_id === Number(id)).length,
    );
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...counts)).toBeLessThanOrEqual(9);
    const nobody = await opened.call('plan_campaign', { ...OFFER, filter: { min_orders: 10_000 } });
    expect(nobody.text).toMatch(/^No customer who ordered 10,000 times or more still buys on/);
    expect(nobody.text).toContain('Widen the filter, or lower min_probability.');
    const unknown = await opened.call('plan_campaign', { ...OFFER, filter: { segment: 'GOLDEN' } });
    expect(unknown).toMatchObject({ isError: true });
    expect(unknown.text).toContain('GOLDEN');
  });

  it('has the customers of the list of those at risk, unless another risk is asked for', async () => {
    await using opened = await openShop();
    const list = await opened.call('get_at_risk_customers', {
      limit: 1000,
      campaign: { contact_cost: 0.2, offer_cost: 1, margin: 0.6, success_rate: 0.5 },
    });
    const { customers } = list.structuredContent as { customers: { customer_id: string | number }[] };
    const planned = await opened.call('plan_campaign', OFFER);
    const byText = (ids: readonly (string | number)[]) => ids.map(String).sort();
    expect(byText(opened.planOf(idOf(planned)).customers.id)).toEqual(
      byText(customers.map(({ customer_id }) => customer_id)),
    );
  });

  it('is planned after one look at the campaigns there are', async () => {
    await using opened = await openShop();
    const list = vi.spyOn(CampaignHome.prototype, 'list');
    await opened.call('plan_campaign', { ...OFFER, ...EVERYBODY, success_rate: null });
    expect(list).toHaveBeenCalledTimes(1);
    list.mockRestore();
  });

  it('is refused with a reason if nobody can be contacted, it cannot pay, or the data is old', async () => {
    await using opened = await openShop();
    const refusal = async (args: Record<string, unknown>) =>
      (await opened.call('plan_campaign', { ...OFFER, ...EVERYBODY, ...args })).text;
    expect(await refusal({ min_probability: 1 })).toMatch(
      /^No customer still buys on .* and leaves with a probability of 100% or more\./,
    );
    expect(await refusal({ contact_cost: 1000 })).toMatch(/^Contacting does not pay: if the offer keeps 50%/);
    expect(await refusal({ margin: 1.5 })).toContain(
      'margin is the share of revenue that is profit, such as 0.3 for 30%: give more than 0 and at most 1',
    );
    expect(await refusal({ margin: 30 })).toContain('such as 0.3 for 30%');
    const id = idOf(await opened.call('plan_campaign', { ...OFFER, ...EVERYBODY }));
    const late = await opened.call('start_campaign', {
      campaign_id: id,
      contact_date: addDays(opened.lastOrderDate, 30),
    });
    expect(late.text).toMatch(/The orders end on .*, 30 days before/);
    // A person is asked only about a campaign that can be started.
    const lateRequest = { campaignId: id, contactDate: addDays(opened.lastOrderDate, 30) };
    await using provider = openDataHome(opened.home);
    const campaigns = { home: new CampaignHome(opened.home), data: await provider.current() };
    const now = new Date(`${opened.lastOrderDate}T12:00:00Z`);
    await expect(readStartable(lateRequest, { ...campaigns, now })).rejects.toThrow('30 days before');
    const before = await opened.call('start_campaign', {
      campaign_id: id,
      contact_date: addDays(opened.lastOrderDate, -1),
    });
    expect(before.text).toContain('the plan knows the orders up to');
    await opened.importShop({ ...shop, orders: shop.orders.slice(1) });
    const changed = await opened.call('start_campaign', { campaign_id: id });
    expect(changed.text).toContain('Orders were imported since this campaign was planned');
    const unknown = await opened.call('get_campaign_results', { campaign_id: 'c_20200101_000000_0000' });
    expect(unknown.text).toContain('There is no campaign');
  });

  it('is not judged by data that is not its own: orders imported twice, or its customers gone', async () => {
    await using opened = await openShop();
    const id = await startedCampaign(opened);
    const later = laterOrders(opened, id, 60);
    const twice = shop.orders.map((order) => ({ ...order, order_id: `again-${order.order_id}` }));
    await opened.importShop({ ...shop, orders: [...shop.orders, ...twice, ...later] });
    const doubled = await opened.call('get_campaign_results', { campaign_id: id });
    expect(doubled.structuredContent).toMatchObject({
      verdict: 'unusable',
      problems: expect.arrayContaining(['history changed']),
    });
    expect(doubled.text).toContain('Some orders may have been imported twice.');

    const { customers } = opened.planOf(id);
    const gone = new Set(
      customers.id.filter((_, i) => customers.held_out[i] === 0 && i % 2 === 0).map(String),
    );
    const left = [...shop.orders, ...later].filter(({ customer_id }) => !gone.has(String(customer_id)));
    await opened.importShop({ ...shop, orders: left });
    const without = await opened.call('get_campaign_results', { campaign_id: id });
    expect(without.structuredContent).toMatchObject({ verdict: 'unusable' });
    expect(without.text).toContain('are not in the data any more');
  });

  it('of which a file was edited or lost is named, by every question about it and by the doctor', async () => {
    await using opened = await openShop();
    const id = await startedCampaign(opened);
    const file = join(opened.home, 'campaigns', id, 'plan.json');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace('"held_out":[', '"held_out":[1,').replace('"margin":0.6', '"margin":0.9'),
    );
    const message = `The file campaigns/${id}/plan.json is not what was written`;
    const results = await opened.call('get_campaign_results', { campaign_id: id });
    expect(results).toMatchObject({ isError: true });
    expect(results.text).toContain(message);
    expect((await opened.call('get_campaign_results')).text).toContain(message);
    const registry = openRegistry(opened.home, { now: () => new Date() });
    const [damage] = await findDamage(opened.home, registry, new AbortController().signal);
    expect(damage).toMatchObject({ part: 'Campaigns' });
    expect(await damage.repair()).toContain('set-aside');
    expect((await opened.call('get_campaign_results')).text).toContain('There is no campaign yet');
  });
});
