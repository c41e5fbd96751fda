/** A host of MCP Apps in a page of its own, with the dashboard in it and any server behind it. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContextOptions, Frame } from 'playwright-core';
import { openPage, type WatchedPage } from './browser.ts';

export interface HostOptions {
  readonly html: string;
  readonly callTool: (name: string, args: Record<string, unknown>) => Promise<unknown>;
  /** What the host tells the app of how it looks. */
  readonly context?: object;
  readonly page?: BrowserContextOptions;
}

export interface ShownApp extends WatchedPage {
  readonly frame: Frame;
}

let script: Promise<string> | undefined;

/** The app in a sandboxed frame that exchanges only messages. */
export async function showInHost(
  browser: Browser,
  { html, callTool, context = {}, page: options = {} }: HostOptions,
): Promise<ShownApp> {
  script ??= bundleHost();
  const watched = await openPage(browser, { viewport: { width: 1000, height: 900 }, ...options });
  const { page } = watched;
  await page.exposeFunction('callTool', async (name: string, args: Record<string, unknown>) =>
    JSON.stringify(await callTool(name, args)),
  );
  await page.setContent(
    '<!doctype html><html lang="en"><head><title>Host</title></head><body></body></html>',
  );
  await page.addScriptTag({ content: await script });
  await page.evaluate(
    ([app, look]) => {
      const show: unknown = Reflect.get(globalThis, 'showApp');
      if (typeof show === 'function') show(app, look);
    },
    [html, context] as const,
  );
  const deadline = Date.now() + 10_000;
  while (page.frames().length < 2 && Date.now() < deadline) await page.waitForTimeout(20);
  return { ...watched, frame: page.frames()[1] };
}

async function bundleHost(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../app/host-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}
