import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.ts';
import { createServices } from '../../src/server/create-services.ts';
import type { HttpServer } from '../../src/server/http/http-server.ts';
import type { Services } from '../../src/server/services.ts';
import { type ShownApp, showInHost } from '../helpers/app-host.ts';
import { launchBrowser, openPage, type WatchedPage } from '../helpers/browser.ts';
import { startTestServer } from '../helpers/http-server.ts';
import { connectClient } from '../helpers/mcp-client.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';
import { faultsOf, overflowOf } from './accessibility.ts';

const browser: Browser | undefined = await launchBrowser();
const token = 'a-token-for-this-test';
const TABS = ['Overview', 'Customers', 'Retention', 'Campaigns', 'Recommendations', 'Model'];
/** The page is there once its first section is. */
const FIRST = 'text=Sales by month';
let services: Services;
let server: HttpServer;
let client: Client;

describe.skipIf(browser === undefined)('the dashboard in a browser', () => {
  beforeAll(async () => {
    services = createServices({ home: await copyOfHome('trained demo'), threads: 1 });
    server = await startTestServer(services, { access: { kind: 'token', token } });
    client = await connectClient(services);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    await services?.[Symbol.asyncDispose]();
  });

  async function openEmbedded(context: object): Promise<ShownApp> {
    if (browser === undefined) throw new Error('there is no browser');
    const { contents } = await client.readResource({ uri: 'ui://churn-mcp/dashboard' });
    const [{ text: html, mimeType }] = z
      .array(z.object({ text: z.string(), mimeType: z.string() }))
      .parse(contents);
    expect(mimeType).toBe('text/html;profile=mcp-app');
    const callTool = (name: string, args: Record<string, unknown>) =>
      client.callTool({ name, arguments: args });
    const shown = await showInHost(browser, { html, callTool, context });
    await shown.frame.waitForSelector(FIRST, { timeout: 20_000 });
    return shown;
  }

  async function openAlone(colorScheme: 'light' | 'dark', hash = `#token=${token}`): Promise<WatchedPage> {
    if (browser === undefined) throw new Error('there is no browser');
    const watched = await openPage(browser, { viewport: { width: 1200, height: 900 }, colorScheme });
    await watched.page.goto(`${new URL('/dashboard', server.url).href}${hash}`);
    return watched;
  }

  async function openSection(shown: Page | Frame, tab: string): Promise<void> {
    await shown.getByRole('tab', { name: tab, exact: true }).click();
    await shown.getByRole('heading', { level: 2, name: tab, exact: true }).waitFor();
    await shown.locator('.loading').waitFor({ state: 'detached', timeout: 20_000 });
  }

  it('shows every section within a host, and asks the host for tool calls only', async () => {
    const { page, frame, errors, requests } = await openEmbedded({ theme: 'dark' });
    expect(await frame.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    const texts: (string | null)[] = [];
    for (const tab of TABS) {
      await openSection(frame, tab);
      if (tab === 'Recommendations') {
        // A shop of 300 customers has none in the segment that is shown first.
        await frame.locator('#segment').selectOption('HIGH_VALUE_ACTIVE');
        await frame
          .getByText(/Customer \d+/)
          .first()
          .waitFor();
      }
      texts.push(await frame.getByRole('tabpanel').textContent());
      expect(await faultsOf(frame)).toEqual([]);
    }
    const [overview, customers, retention, campaigns, offers, model] = texts;
    expect(overview).toMatch(/At stake in the next \d+ days.*Call these 5 customers first/);
    expect(retention).toMatch(/20\d\d-\d\d\d+\d+%/);
    expect(retention).toMatch(/Churn by month.*Active when it began.*20\d\d-\d\d\d+/s);
    expect(retention).toMatch(/Who came back, by segment.*\d+%/s);
    for (const heading of ['Where to draw the line', 'ROC curve', 'Precision and recall', 'Calibration']) {
      expect(model).toContain(heading);
    }
    expect(model).toMatch(/Accuracy[\d.]+%always the more common outcome: [\d.]+%/);
    expect(model).toMatch(/Brier score[\d.]+base rate: [\d.]+/);
    expect(customers).toContain('customers who still buy');
    expect(campaigns).toContain('No campaign has been planned yet.');
    expect(offers).toMatch(/Customer \d+[A-Z][^%]*[\d.]+%/);
    expect(model).toContain('(champion)');
    expect(model).toContain('have hardly moved since training');
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
    await page.context().close();
  });

  it('takes the colours of its host', async () => {
    const variables = { '--color-background-primary': 'light-dark(rgb(250, 240, 230), rgb(20, 10, 0))' };
    const { page, frame } = await openEmbedded({ theme: 'light', styles: { variables } });
    const background = () => frame.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await background()).toBe('rgb(250, 240, 230)');
    // The host has said which theme it shows: the system's no longer counts.
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).toBe('rgb(250, 240, 230)');
    await page.context().close();
  });

  it('works as a page over HTTP, takes the token out of the address, and contacts no other server', async () => {
    const { page, errors, requests } = await openAlone('light');
    await page.waitForSelector(FIRST);
    expect(page.url()).toBe(new URL('/dashboard', server.url).href);
    expect(await page.textContent('#freshness')).toMatch(
      /^Data: orders up to \d+ \w+ \d{4}, imported \w+( \w+)*\. Asked at \d\d:\d\d\.$/,
    );
    await page.reload();
    await page.waitForSelector(FIRST);
    expect(errors).toEqual([]);
    expect([
      ...new Set(requests.map((url) => new URL(url)).map(({ origin, pathname }) => origin + pathname)),
    ]).toEqual([`${server.url.origin}/dashboard`, `${server.url.origin}/mcp`]);
    await page.context().close();
  });

  it('moves the threshold, changes tabs and opens a customer by keyboard', async () => {
    const { page } = await openAlone('light');
    await page.waitForSelector(FIRST);
    await openSection(page, 'Model');
    const matrix = page.getByRole('region', { name: 'Confusion matrix at the threshold' });
    await matrix.waitFor();
    const { structuredContent } = await client.callTool({
      name: 'get_churn_metrics',
      arguments: { model: 'customer_churn_forecast' },
    });
    const { confusion_matrix: told, test_samples } = z
      .object({
        confusion_matrix: z.record(z.enum(['tn', 'fp', 'fn', 'tp']), z.number()),
        test_samples: z.number(),
      })
      .parse(structuredContent);
    const cells = () => matrix.locator('.number').allTextContents();
    expect(await cells()).toEqual([
      'said churned',
      'said active',
      ...[told.tp, told.fn, told.fp, told.tn].map(String),
    ]);
    await page.locator('#threshold').focus();
    await page.keyboard.press('Home');
    expect(await page.locator('#threshold').getAttribute('aria-valuetext')).toBe('above 0%');
    const churners = told.tp + told.fn;
    expect(await cells()).toEqual([
      'said churned',
      'said active',
      ...[churners, 0, test_samples - churners, 0].map(String),
    ]);
    await page.getByText('Catches 100% of churners;').waitFor({ state: 'attached' });

    await page.getByRole('tab', { name: 'Overview' }).click();
    const first = page.getByRole('region', { name: 'Call first' }).locator('button.link').first();
    const called = await first.textContent();
    await first.press('Enter');
    await page.getByRole('heading', { name: `Customer ${called}` }).waitFor();
    await page.getByRole('button', { name: 'Back to the list' }).press('Enter');
    expect(await first.evaluate((link) => link === document.activeElement)).toBe(true);

    await page.getByRole('tab', { name: 'Overview' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('region', { name: 'Customers at risk' }).waitFor();
    expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Customers');
    await page.locator('#panel summary').first().press('Enter');
    await page.getByText('the typical active customer is at').waitFor();
    await page.context().close();
  });

  it('changes the list and its money with the threshold, finds one customer, pages, and writes a file', async () => {
    const { page, errors } = await openAlone('light');
    await page.waitForSelector(FIRST);
    await openSection(page, 'Customers');
    const note = page.locator('#panel .note', { hasText: 'At stake over all' });
    const listedOf = async () => Number(/of ([\d,]+), from/.exec((await note.textContent()) ?? '')?.[1]);
    const before = { listed: await listedOf(), text: await note.textContent() };
    const slider = page.getByRole('slider');
    await slider.focus();
    await page.keyboard.press('Home');
    await page.waitForFunction((text) => !document.body.textContent?.includes(text), before.text ?? '');
    expect(await listedOf()).toBeGreaterThan(before.listed);
    await page.getByRole('button', { name: 'Next page' }).click();
    await note.getByText(/^21 to 40 of/).waitFor();
    const id = (await page.getByRole('rowheader').first().textContent()) ?? '';
    await page.getByRole('searchbox', { name: 'Customer id' }).fill(id);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Customer ${id}` }).waitFor();
    await page.getByText('days with orders, what they came to').waitFor();
    await page.getByRole('heading', { name: 'To offer' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await note.getByText(/^21 to 40 of/).waitFor();
    await page.locator('#customers-order').selectOption('churn_probability');
    await note.getByText(/^1 to 20 of/).waitFor();
    const risks = (await page.locator('#panel td .meter').allTextContents()).map(Number.parseFloat);
    expect(risks).toEqual(risks.toSorted((a, b) => b - a));
    await page.getByRole('button', { name: 'Write the list to a file' }).click();
    await page.getByText(/customers in .*customers-at-risk.*\.csv/).waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('can be read at 1200 and at 400 px, %s', async (scheme) => {
    const { page, errors } = await openAlone(scheme);
    await page.waitForSelector(FIRST);
    for (const tab of TABS) {
      await page.setViewportSize({ width: 1200, height: 900 });
      await openSection(page, tab);
      if (tab === 'Customers') {
        await page.locator('#panel summary').first().click();
        await page.getByText('the typical active customer is at').waitFor();
      }
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 400, height: 900 });
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      expect(await faultsOf(page)).toEqual([]);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('begins a new session if the server has ended the last one', async () => {
    const { page } = await openAlone('light');
    const sessions: string[] = [];
    page.on('request', (request) => sessions.push(request.headers()['mcp-session-id'] ?? ''));
    await page.waitForSelector(FIRST);
    const ended = await fetch(new URL('/mcp', server.url), {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${token}`, 'Mcp-Session-Id': sessions.at(-1) ?? '' },
    });
    expect(ended.ok).toBe(true);
    await openSection(page, 'Customers');
    expect(await page.getByRole('region', { name: 'Customers at risk' }).isVisible()).toBe(true);
    await page.context().close();
  });

  it('says in plain words that the server does not know its token', async () => {
    const { page } = await openAlone('light', '#token=no-such-token');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').locator('p').textContent()).toMatchInlineSnapshot(
      `"The server does not know the token of this page. Open the address that churn-mcp dashboard prints."`,
    );
    await page.context().close();
  });

  it('loads no script, style, font or picture from elsewhere', () => {
    const page = readFileSync(join(packageRoot(), 'dist', 'dashboard.html'), 'utf8');
    const [head] = page.split('<script');
    expect(head).not.toMatch(/(src|href)="(?!#|data:,)/);
    expect(page).not.toMatch(/@import|url\((?!data:|#)["']?http|sourceMappingURL/);
    expect(page.length).toBeLessThan(1_200_000);
  });
});
