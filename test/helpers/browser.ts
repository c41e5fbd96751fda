import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, chromium as driver, type Page } from 'playwright-core';

/** Headless Chromium from the package registry, or undefined where it does not run (other systems, missing libraries). */
export async function launchBrowser(): Promise<Browser | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  try {
    const executablePath = await chromium.executablePath();
    return await driver.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--headless=new'] });
  } catch {
    return undefined;
  }
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors of the page and of its console. */
  readonly errors: string[];
  /** Addresses that it asked for. */
  readonly requests: string[];
}

export async function openPage(browser: Browser, options: BrowserContextOptions): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('request', (request) => requests.push(request.url()));
  return { page, errors, requests };
}
