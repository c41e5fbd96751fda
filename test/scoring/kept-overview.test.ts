/** What a forecast says of all customers is kept: every answer is the same with it, without it, and with damage to it. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { createServices } from '../../src/server/create-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';

let home: string;
const open: (() => Promise<void>)[] = [];
beforeAll(async () => {
  home = await copyOfHome('trained demo');
  await rm(join(home, 'scores'), { recursive: true, force: true });
});
afterAll(async () => {
  for (const close of open) await close();
});

/** A server that has answered nothing yet. */
async function newClient(): Promise<Client> {
  const services = createServices({ home, threads: 1 });
  const client = await connectClient(services);
  open.push(async () => {
    await client.close();
    await services[Symbol.asyncDispose]();
  });
  return client;
}

const QUESTIONS = [
  ['get_shop_overview', {}],
  ['get_shop_overview', { months: 3 }],
  ['get_shop_overview', { filter: { min_spent: 500 } }],
  ['get_at_risk_customers', { limit: 7 }],
  ['get_at_risk_customers', { limit: 3, offset: 4, filter: { min_orders: 3 }, response_format: 'detailed' }],
  ['get_at_risk_customers', { limit: 5, sort_by: 'total_spent' }],
] as const;

async function answersOf(client: Client, questions: readonly (typeof QUESTIONS)[number][] = QUESTIONS) {
  const answers = [];
  for (const [tool, args] of questions) {
    const { text, structuredContent } = await callText(client, tool, args);
    answers.push({ tool, args, text, structuredContent });
  }
  return answers;
}

const scores = () => join(home, 'scores');
const keptFiles = async () => (await readdir(scores())).sort();

describe('what a forecast says of all customers', () => {
  it('is kept with the first answer, and answers in another process as it did', async () => {
    const first = await answersOf(await newClient());
    const files = await keptFiles();
    expect(files.map((name) => name.replace(/^v_\d{8}_\d{6}_[0-9a-f]{16}/, ''))).toEqual([
      '.json',
      '.parquet',
      '.parquet.sha256',
    ]);
    const bytes = await Promise.all(files.map((name) => readFile(join(scores(), name))));
    expect(await answersOf(await newClient())).toEqual(first);
    expect(await keptFiles()).toEqual(files);
    expect(await Promise.all(files.map((name) => readFile(join(scores(), name))))).toEqual(bytes);
  });

  it.each([
    ['gone', (file: string) => rm(file)],
    ['cut off', async (file: string) => writeFile(file, (await readFile(file)).subarray(0, 200))],
    ['changed by one digit', changeADigit],
    ['of a stranger', (file: string) => writeFile(file, '{"months": 12, "overview": {}}')],
  ])('is found anew if a kept file is %s, and is kept again', async (_, harm) => {
    const asked = [QUESTIONS[0], QUESTIONS[3]];
    const before = await answersOf(await newClient(), asked);
    for (const ending of ['.json', '.parquet']) {
      const [name] = (await keptFiles()).filter((each) => each.endsWith(ending));
      const file = join(scores(), name);
      const bytes = await readFile(file);
      await harm(file);
      expect(await answersOf(await newClient(), asked)).toEqual(before);
      expect(await readFile(file)).toEqual(bytes);
    }
  });

  it('follows the data: other orders and other segments never get the numbers of before', async () => {
    const { structuredContent: before } = await callText(await newClient(), 'get_shop_overview', {});
    const shop = { home, customers: 300, seed: 7, asOf: '2026-01-31' };
    await createDemoShop(shop);
    const { structuredContent: after } = await callText(await newClient(), 'get_shop_overview', {});
    expect(after).not.toEqual(before);
    const thresholds = {
      inactiveDays: 30,
      highValueInactive: 500,
      newOrders: 1,
      lowEngagementOrders: 5,
      highValueActive: 1000,
    };
    await createDemoShop({ ...shop, segmentThresholds: thresholds });
    const { text } = await callText(await newClient(), 'get_shop_overview', {});
    expect(text).toContain('Away for more than 30 days');
  });
});

async function changeADigit(file: string): Promise<void> {
  const bytes = await readFile(file);
  const digit = bytes.findLastIndex((byte, at) => at < bytes.length - 100 && byte >= 0x31 && byte <= 0x38);
  bytes[digit] += 1;
  await writeFile(file, bytes);
}
