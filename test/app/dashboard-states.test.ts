/** What the page shows if there is little to show, if answers take long or fail, and if data is hostile. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { metricsFieldsOf } from '../../src/mcp/schemas.ts';
import { packageRoot } from '../../src/package-root.ts';
import { type ShownApp, showInHost } from '../helpers/app-host.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { inactivityCard, recommendationCard, sampleCard } from '../helpers/sample-cards.ts';

const browser: Browser | undefined = await launchBrowser();

const answered = (structuredContent: object) => ({
  content: [{ type: 'text', text: 'told' }],
  structuredContent: { ...structuredContent, text: 'told' },
});
const refused = (text: string) => ({ isError: true, content: [{ type: 'text', text }] });
const listed = (...cards: (typeof sampleCard)[]) =>
  answered({
    models: cards.map(({ model, version, created_at, as_of, metrics: { roc_auc }, comment }) => ({
      ...{ model, version, created_at, as_of, roc_auc, comment, aliases: ['champion'] },
    })),
  });
const measured = (card: typeof sampleCard, more: object = {}) =>
  answered({
    ...metricsFieldsOf(card),
    operating_points: [
      { threshold: 1, tp: 0, fp: 0 },
      { threshold: 0.5, tp: 1260, fp: 240 },
      { threshold: 0, tp: 1390, fp: 610 },
    ],
    ...more,
  });

const overviewOf = (riskOfShop: object | null) => ({
  ...{ as_of: '2026-01-31', compared_with: '2026-01-24', horizon_days: 90 },
  ...{ customers: 9, active_customers: 5, lapsed_customers: 2, lapsed_after_days: 180 },
  active_before: 5,
  ...{ newly_lapsed: 1, won_back: 0, new_customers: 1, segments: [], months: [], risk: riskOfShop },
});
const risk = {
  ...{ total_value_at_risk: 100, total_value_low: 80, total_value_high: 130, more_likely_than_not: 1 },
  ...{ value_at_risk_before: 90, value_low_before: 70, value_high_before: 120 },
};
const nobodyAtRisk = {
  ...{ scored_as_of: '2026-01-31', active_customers: 5, total_value_at_risk: 100, total_value_low: 80 },
  ...{ total_value_high: 130, listed_customers: 0, listed_value_at_risk: 0, listed_value_low: 0 },
  ...{ listed_value_high: 0, least_probability: 0.4, next_offset: null, customers: [] },
};

type Answers = Record<string, (args: Record<string, unknown>) => object>;

describe.skipIf(browser === undefined)('the dashboard', () => {
  afterAll(async () => {
    await browser?.close();
  });

  async function show(answers: Answers): Promise<ShownApp & { calls: string[] }> {
    if (browser === undefined) throw new Error('there is no browser');
    const calls: string[] = [];
    const shown = await showInHost(browser, {
      html: readFileSync(join(packageRoot(), 'dist', 'dashboard.html'), 'utf8'),
      callTool: async (name, args) => {
        calls.push(name);
        return answers[name]?.(args) ?? refused(`nobody answers ${name}`);
      },
    });
    return { ...shown, calls };
  }

  it('offers to train a forecast if there is data and no model, and trains none by itself', async () => {
    let trained = false;
    const { page, frame, calls } = await show({
      list_models: () => (trained ? listed(sampleCard) : listed()),
      get_shop_overview: () => answered(overviewOf(trained ? risk : null)),
      get_at_risk_customers: () => answered(nobodyAtRisk),
      train_churn_model: () => {
        trained = true;
        return answered({ version: sampleCard.version });
      },
    });
    const button = frame.getByRole('button', { name: 'Train the forecast' });
    await button.waitFor();
    expect(calls).toEqual(['list_models', 'get_shop_overview']);
    await button.click();
    await frame.getByText('At stake in the next 90 days').waitFor();
    expect(calls.filter((name) => name === 'train_churn_model')).toHaveLength(1);
    await page.context().close();
  });

  it('shows whom to call of a table of customers without orders, and what the other pages need', async () => {
    const card = { ...sampleCard, model: 'customer_churn_column' } as const;
    const customer = { customer_id: '7-A', churn_probability: 0.8, value_at_risk: 64, reasons: ['a reason'] };
    const risk = (customers: readonly object[]) => ({
      ...{ active_customers: 40, more_likely_than_not: 6, total_value_at_risk: 900, total_value_low: 700 },
      ...{ total_value_high: 1100, listed_customers: 11, least_probability: 0.3, next_offset: null },
      customers,
    });
    const asked: unknown[] = [];
    const { page, frame, errors } = await show({
      list_models: () => {
        const { structuredContent, content } = listed(card);
        return { content, structuredContent: { ...structuredContent, only_table: true } };
      },
      get_at_risk_customers: (args) => {
        asked.push(args);
        return answered(risk([customer]));
      },
      get_churn_metrics: () => measured(card),
    });
    await frame.getByText('Call these 1 customer first').waitFor();
    const textOf = () => frame.getByRole('tabpanel').textContent();
    expect(await textOf()).toMatch(/Still there40.*not to leave6.*At stake900700 to 1,100.*7-A80%/);
    await frame.getByRole('tab', { name: 'Customers', exact: true }).click();
    await frame.getByText('1 to 1 of 11 customers with a risk of 30% or more').waitFor();
    expect(asked).toEqual([
      { label: 'column', limit: 5 },
      { label: 'column', limit: 20, offset: 0 },
    ]);
    for (const [tab, needed] of [
      ['Retention', '--orders orders.csv'],
      ['Campaigns', '--orders orders.csv'],
      ['Recommendations', '--order-items lines.csv'],
    ] as const) {
      await frame.getByRole('tab', { name: tab }).click();
      await frame.getByText(needed).waitFor();
    }
    await frame.getByRole('tab', { name: 'Model' }).click();
    await frame.waitForSelector('#threshold');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('offers to train the model of a table without orders', async () => {
    const { page, frame, calls } = await show({
      list_models: () => answered({ models: [], only_table: true }),
    });
    for (const tab of ['Overview', 'Customers']) {
      await frame.getByRole('tab', { name: tab, exact: true }).click();
      await frame.getByRole('button', { name: 'Train the model of the table' }).waitFor();
    }
    expect(calls).toEqual(['list_models']);
    await page.context().close();
  });

  it('says on every page of an empty home how to import orders, and offers no training that must fail', async () => {
    const empty = () => refused('No orders have been imported yet. In chat: import_data imports a shop.');
    const { page, frame, calls } = await show({
      list_models: () => listed(),
      get_shop_overview: empty,
      get_cohort_retention: empty,
    });
    for (const tab of ['Overview', 'Customers', 'Retention', 'Recommendations', 'Model']) {
      await frame.getByRole('tab', { name: tab, exact: true }).click();
      await frame.getByRole('heading', { level: 2, name: tab, exact: true }).waitFor();
      await frame.getByText('No orders have been imported yet').waitFor();
      expect(await frame.getByRole('button', { name: /^Train/ }).count()).toBe(0);
    }
    expect(calls.filter((name) => name.startsWith('train'))).toEqual([]);
    await page.context().close();
  });

  it('asks for no list if answering it would train a model', async () => {
    const { page, frame, calls } = await show({
      list_models: () => listed(inactivityCard),
      get_shop_overview: () => answered(overviewOf(null)),
    });
    await frame.getByText('There is no forecast yet').waitFor();
    await frame.getByRole('tab', { name: 'Customers', exact: true }).click();
    await frame.getByText('There is no forecast yet').waitFor();
    await frame.getByRole('tab', { name: 'Recommendations' }).click();
    await frame.getByText('There is no recommendation model yet').waitFor();
    expect(new Set(calls)).toEqual(new Set(['list_models', 'get_shop_overview']));
    await page.context().close();
  });

  it('fits the figures of a recommendation model: large counts, small shares', async () => {
    const million = { tn: 1_117_171, fp: 1780, fn: 25_190, tp: 1745 };
    const { page, frame, errors } = await show({
      list_models: () => listed(recommendationCard),
      get_churn_metrics: () =>
        measured(recommendationCard, {
          confusion_matrix: million,
          operating_points: [
            { threshold: 1, tp: 0, fp: 0 },
            { threshold: 0.5, tp: 1745, fp: 1780 },
            { threshold: 0, tp: 26_935, fp: 1_118_951 },
          ],
          calibration: [
            { predicted: 0.001, observed: 0.001, count: 1_000_000 },
            { predicted: 0.13, observed: 0.14, count: 145_886 },
          ],
        }),
    });
    await page.setViewportSize({ width: 1280, height: 900 });
    await frame.getByRole('tab', { name: 'Model' }).click();
    await frame.waitForSelector('#threshold');
    const isWhole = await frame.locator('.narrow').evaluate((box) => box.scrollWidth <= box.clientWidth);
    expect(isWhole).toBe(true);
    expect(await frame.getByText('Suggestions0.3').count()).toBe(1);
    const axes = await frame.getByRole('img', { name: /^Calibration/ }).textContent();
    expect(axes).toContain('20%');
    expect(axes).not.toContain('40%');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('shows what a campaign has earned, contacted against held out, with intervals', async () => {
    const one = { campaign_id: 'c_1', name: 'Voucher', status: 'running', contacted: 400, held_out: 400 };
    const nothing = { verdict: null, through: null, profit: null, order_share: null };
    const listOf = { campaigns: [one], problems: [], ...nothing };
    const groups = { spent_per_customer: null, contacted: null, held_out: null };
    const measuredNow = {
      ...listOf,
      verdict: 'ahead',
      through: '2026-01-31',
      profit: { value: 1234.4, low: 200, high: 2300 },
      order_share: { value: 0.071, low: 0.02, high: 0.122 },
      spent_per_customer: { value: 5.5, low: 1.25, high: 9.75 },
      contacted: { customers: 400, ordered: 168, orders: 200, spent: 20_000, earned: 6000 },
      held_out: { customers: 400, ordered: 140, orders: 160, spent: 17_800, earned: 5340 },
    };
    const { page, frame, errors } = await show({
      list_models: () => listed(sampleCard),
      get_shop_overview: () => answered(overviewOf(null)),
      get_campaign_results: ({ campaign_id }) =>
        answered(campaign_id === undefined ? { ...listOf, ...groups } : measuredNow),
    });
    await frame.getByRole('tab', { name: 'Campaigns' }).click();
    await frame.getByText('It is ahead so far').waitFor();
    const text = await frame.getByRole('tabpanel').textContent();
    expect(text).toMatch(/Contacted: ordered42\.0%168 of 400.*Held out: ordered35\.0%140 of 400/);
    expect(text).toMatch(/Profit after costs1,234between 200 and 2,300/);
    expect(text).toMatch(/7\.1 points2\.0 points to 12\.2 points/);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('draws how a campaign went and whom offers persuade, with intervals, and says who was chosen by uplift', async () => {
    const estimate = (value: number) => ({ value, low: value - 2, high: value + 2 });
    const one = { campaign_id: 'c_1', name: 'Voucher', status: 'finished', contacted: 4, held_out: 4 };
    const group = { customers: 4, ordered: 2, orders: 2, spent: 20, earned: 6 };
    const results = {
      campaigns: [{ ...one, ranked_by: 'uplift' }],
      ...{ verdict: 'paid', through: '2026-01-31', problems: [], contacted: group, held_out: group },
      ...{ profit: estimate(9), order_share: estimate(0.1), spent_per_customer: estimate(3) },
      course: ['2026-01-11', '2026-01-21', '2026-01-31'].map((day, i) => ({
        ...{ day, order_share: estimate(i / 100), profit: i === 0 ? null : estimate(100 * i) },
      })),
    };
    const uplift = {
      ...{ contacted: 1634, held_out: 1088, effect: estimate(0.16), qini: estimate(2.5) },
      ...{ qini_of_risk: estimate(0.1), qini_ahead: estimate(2.4) },
      curve: [0.5, 1].map((share) => ({
        ...{ share, orders: 100 * share, orders_low: 40 * share, orders_high: 160 * share },
        ...{ profit: 900 * share, profit_low: -50 * share, profit_high: 2000 * share },
      })),
    };
    const upliftCard = { ...sampleCard, model: 'campaign_uplift' } as const;
    const { page, frame, errors } = await show({
      list_models: () => listed(sampleCard, upliftCard),
      get_shop_overview: () => answered(overviewOf(null)),
      get_campaign_results: () => answered(results),
      get_churn_metrics: ({ model }) =>
        model === 'campaign_uplift'
          ? answered({ version: 'v_1', as_of: '2026-01-31', warnings: [], uplift })
          : measured(sampleCard),
    });
    await frame.getByRole('tab', { name: 'Campaigns' }).click();
    await frame.getByText('Whom offers persuade').waitFor();
    const text = await frame.getByRole('tabpanel').textContent();
    expect(text).toMatch(/Voucher.*finished.*uplift/);
    expect(text).toContain('Plans and lists may be ranked by it.');
    const tables = frame.locator('details');
    expect(await tables.allTextContents()).toEqual([
      expect.stringContaining('2026-01-110.0-200.0 to 200.0'),
      expect.stringMatching(/Interval2026-01-21100 *98 to 102/),
      expect.stringContaining('50%5020 to 80'),
      expect.stringContaining('100%900-50 to 2,000'),
    ]);
    // All four are drawn, each with three lines.
    for (const chart of await frame.locator('.chart').all()) {
      await chart.locator('svg path').first().waitFor({ state: 'attached' });
    }
    expect(await frame.locator('.chart svg').count()).toBe(4);
    // The page of models leaves it out.
    await frame.getByRole('tab', { name: 'Model', exact: true }).click();
    await frame.waitForSelector('#threshold');
    expect(await frame.locator('#model option').allTextContents()).not.toContain('campaign_uplift');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('shows the error text of a tool, and calls it again when the user asks', async () => {
    let refusals = 1;
    const { page, frame, errors } = await show({
      list_models: () => listed(sampleCard),
      get_churn_metrics: () =>
        refusals-- > 0 ? refused('The data is being imported. Ask again in a minute.') : measured(sampleCard),
    });
    await frame.getByRole('tab', { name: 'Model' }).click();
    await frame.getByRole('alert').getByText('The data is being imported. Ask again in a minute.').waitFor();
    await frame.getByRole('button', { name: 'Try again' }).click();
    await frame.waitForSelector('#threshold');
    // The button that was pressed is gone, and a keyboard goes on from where it was.
    expect(await frame.evaluate(() => document.activeElement?.id)).toBe('content');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('waits for the result if a call has become a job', async () => {
    let asked = 0;
    const job = (status: string, more: object = {}) =>
      answered({ job_id: 'job_1', status, tool: 'get_churn_metrics', ...more });
    const { page, frame, calls } = await show({
      list_models: () => listed(sampleCard),
      get_churn_metrics: () => job('running'),
      get_job: () =>
        ++asked < 3 ? job('running') : job('done', { result: measured(sampleCard).structuredContent }),
    });
    await frame.getByRole('tab', { name: 'Model' }).click();
    await frame.waitForSelector('#threshold');
    expect(calls.filter((name) => name === 'get_job')).toHaveLength(3);
    await page.context().close();
  });

  it('says in plain words that an answer comes from another version of the server', async () => {
    const { page, frame } = await show({ list_models: () => answered({ versions: [] }) });
    expect(await frame.getByRole('alert').locator('p').textContent()).toMatchInlineSnapshot(
      `"This page cannot read the answer of list_models: the page and the server are of different versions. Reload the page."`,
    );
    await page.context().close();
  });

  it('shows text from the data as text, even if it contains markup', async () => {
    const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const hostile = {
      ...recommendationCard,
      comment: markup,
      feature_importance: [{ feature: markup, importance: 1 }],
      warnings: [{ code: 'X', message: markup }],
    };
    const { page, frame, errors, requests } = await show({
      list_models: () => listed(hostile),
      get_churn_metrics: () => measured(hostile),
      get_product_recommendations: () =>
        answered({
          segment: markup,
          as_of: '2026-01-31',
          customers: [
            {
              customer_id: markup,
              recommendations: [
                {
                  rank: 1,
                  product_id: 1,
                  product_name: markup,
                  product_category: markup,
                  purchase_probability: 0.5,
                },
              ],
            },
          ],
        }),
    });
    await frame.getByRole('tab', { name: 'Model' }).click();
    await frame.waitForSelector('#threshold');
    await frame.locator('.wide .chart').hover();
    for (const tab of ['Recommendations', 'Model']) {
      await frame.getByRole('tab', { name: tab }).click();
      await frame.getByText('<img src=x').first().waitFor();
      expect(await frame.locator('img, main script').count()).toBe(0);
    }
    expect(await frame.title()).toBe('Churn dashboard');
    expect({ errors, requests }).toEqual({ errors: [], requests: [] });
    await page.context().close();
  });
});
