import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { build } from 'esbuild';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.ts';
import { createServices } from '../../src/server/create-services.ts';
import type { HttpServer } from '../../src/server/http/http-server.ts';
import type { Services } from '../../src/server/services.ts';
import { launchBrowser, openPage, type WatchedPage } from '../helpers/browser.ts';
import { runCli } from '../helpers/cli-process.ts';
import { startTestServer } from '../helpers/http-server.ts';
import { connectClient } from '../helpers/mcp-client.ts';

const browser: Browser | undefined = await launchBrowser();
const home = mkdtempSync(join(tmpdir(), 'churn-mcp-dashboard-'));
const token = 'a-token-for-this-test';
let services: Services;
let server: HttpServer;
let hostScript = '';

describe.skipIf(browser === undefined)('the dashboard in a browser', () => {
  beforeAll(async () => {
    const made = await runCli(['demo', '--customers', '600', '--as-of', '2026-01-31', '--quiet'], {
      CHURN_MCP_HOME: home,
    });
    expect(made.code).toBe(0);
    services = createServices({ home, threads: 1 });
    server = await startTestServer(services, { access: { kind: 'token', token } });
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('host-page.ts', import.meta.url))],
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'browser',
      logLevel: 'warning',
    });
    hostScript = outputFiles[0].text;
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    await services?.[Symbol.asyncDispose]();
    rmSync(home, { recursive: true, force: true });
  });

  const open = (width: number, colorScheme: 'light' | 'dark') => {
    if (browser === undefined) throw new Error('there is no browser');
    return openPage(browser, { viewport: { width, height: 900 }, colorScheme });
  };

  /** As a host shows it: nothing but messages goes in or out. */
  async function openEmbedded(theme: 'light' | 'dark'): Promise<WatchedPage & { frame: Frame }> {
    const watched = await open(900, 'light');
    const { page } = watched;
    const client = await connectClient(services);
    await page.exposeFunction('callTool', async (name: string, args: Record<string, unknown>) =>
      JSON.stringify(await client.callTool({ name, arguments: args })),
    );
    await page.setContent('<!doctype html><html lang="en"><title>Host</title><body></body></html>');
    await page.addScriptTag({ content: hostScript });
    const { contents } = await client.readResource({ uri: 'ui://churn-mcp/dashboard' });
    const [{ text, mimeType }] = z
      .array(z.object({ text: z.string(), mimeType: z.string() }))
      .parse(contents);
    expect(mimeType).toBe('text/html;profile=mcp-app');
    await page.evaluate(
      ([html, chosen]) => {
        const show: unknown = Reflect.get(globalThis, 'showApp');
        if (typeof show === 'function') show(html, chosen);
      },
      [text, theme] as const,
    );
    await expect.poll(() => page.frames().length).toBe(2);
    const frame = page.frames()[1];
    await frame.waitForSelector('#threshold', { timeout: 20_000 });
    return { ...watched, frame };
  }

  async function openAlone(width: number, colorScheme: 'light' | 'dark'): Promise<WatchedPage> {
    const watched = await open(width, colorScheme);
    await watched.page.goto(`${new URL('/dashboard', server.url).href}#token=${token}`);
    await watched.page.waitForSelector('#threshold', { timeout: 20_000 });
    return watched;
  }

  /** Serious faults that a machine can find in what is shown. */
  async function faultsOf(shown: Page | Frame): Promise<string[]> {
    await shown.addScriptTag({ content: axe.source }).catch(() => shown.evaluate(axe.source));
    const found = await shown.evaluate(() => {
      const checker: unknown = Reflect.get(globalThis, 'axe');
      const run = typeof checker === 'object' && checker !== null ? Reflect.get(checker, 'run') : undefined;
      return typeof run === 'function' ? run() : undefined;
    });
    return z
      .object({
        violations: z.array(
          z.object({
            id: z.string(),
            impact: z.string().nullable(),
            nodes: z.array(z.object({ html: z.string() })),
          }),
        ),
      })
      .parse(found)
      .violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
  }

  it('shows every section within a host, which it asks for nothing but tool calls', async () => {
    const { page, frame, errors, requests } = await openEmbedded('dark');
    expect(await frame.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    expect(await frame.locator('svg').count()).toBeGreaterThanOrEqual(4);
    for (const [tab, text] of [
      ['Customers at risk', 'customers who still buy'],
      ['Recommendations', 'Buys it'],
      ['Versions', 'ROC-AUC by version'],
      ['Drift', 'Population stability index'],
    ]) {
      await frame.getByRole('tab', { name: tab }).click();
      await frame.getByText(text).first().waitFor({ timeout: 20_000 });
    }
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
    await page.context().close();
  });

  it('is served alone over HTTP, takes the token out of the address, and speaks to nobody else', async () => {
    const { page, errors, requests } = await openAlone(1200, 'light');
    expect(page.url()).toBe(new URL('/dashboard', server.url).href);
    await page.reload();
    await page.waitForSelector('#threshold');
    expect(errors).toEqual([]);
    expect([
      ...new Set(requests.map((url) => new URL(url)).map(({ origin, pathname }) => origin + pathname)),
    ]).toEqual([`${server.url.origin}/dashboard`, `${server.url.origin}/mcp`]);
    await page.context().close();
  });

  it('moves the threshold and changes tabs by keyboard', async () => {
    const { page } = await openAlone(1200, 'light');
    const matrix = page.getByRole('region', { name: 'Confusion matrix at the threshold' });
    const before = await matrix.textContent();
    await page.locator('#threshold').focus();
    await page.keyboard.press('Home');
    expect(await page.locator('#threshold').getAttribute('aria-valuetext')).toBe('above 0%');
    expect(await matrix.textContent()).not.toBe(before);
    await page.getByRole('tab', { name: 'Quality' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('region', { name: 'Customers at risk' }).waitFor();
    expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Customers at risk');
    await page.locator('summary').first().press('Enter');
    await page.getByText('likely not to order in the').first().waitFor();
    await page.context().close();
  });

  it.each([
    [1200, 'light'],
    [1200, 'dark'],
    [400, 'light'],
    [400, 'dark'],
  ] as const)('is fit to be read at %i px, %s', async (width, scheme) => {
    const { page } = await openAlone(width, scheme);
    for (const tab of ['Quality', 'Customers at risk', 'Recommendations', 'Versions', 'Drift']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator('.loading').waitFor({ state: 'detached' });
      expect(await faultsOf(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
    }
    await page.context().close();
  });

  it('says what is wrong where the token is, and goes on when asked to', async () => {
    const { page } = await open(800, 'light');
    await page.goto(`${new URL('/dashboard', server.url).href}#token=no-such-token`);
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true);
    await page.context().close();
  });

  it('holds no address of a script, style, font or picture', () => {
    const page = readFileSync(join(packageRoot(), 'dist', 'dashboard.html'), 'utf8');
    const [head] = page.split('<script');
    expect(head).not.toMatch(/(src|href)="(?!#|data:,)/);
    expect(page).not.toMatch(/@import|url\((?!data:|#)["']?http/);
  });
});
