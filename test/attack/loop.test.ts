/** Heavy work over HTTP: the server's event loop stays free for others, whatever one caller has it do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addDays } from '../../src/features/calendar-day.ts';
import { connectHttp } from '../helpers/http-server.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { mostDelayMs, startIdler, startMeteredServer } from './metered-server.ts';
import { IS_FULL, TIMEOUT_MS } from './scale.ts';

const CUSTOMERS = IS_FULL ? 20_000 : 2000;
const PRODUCTS = 200;
const ORDERS_OF_EACH = 12;
const MOST_WORK_MS = 50;

/** Two files of a shop, as an export of it would have them. */
function writeShop(folder: string): { orders: string; lines: string } {
  const orders = ['order_id,customer_id,order_date,total_amount'];
  const lines = ['order_id,product_id,product_name,quantity,unit_price'];
  for (let i = 0; i < CUSTOMERS * ORDERS_OF_EACH; i++) {
    const customer = (i * 7919) % CUSTOMERS;
    const gap = 15 + (customer % 6) * 12;
    const day = addDays('2024-01-01', (Math.floor(i / CUSTOMERS) * gap + (customer % 90)) % 730);
    orders.push(`${i},${customer},${day},${10 + (i % 80)}`);
    for (let line = 0; line < 2; line++) {
      const product = (customer * 3 + i * (line + 1)) % PRODUCTS;
      lines.push(`${i},p${product},Product ${product},1,${5 + (product % 20)}`);
    }
  }
  writeFileSync(join(folder, 'orders.csv'), orders.join('\n'));
  writeFileSync(join(folder, 'lines.csv'), lines.join('\n'));
  return { orders: join(folder, 'orders.csv'), lines: join(folder, 'lines.csv') };
}

const SMALL = { params: { n_estimators: IS_FULL ? 100 : 10 } };

const structuredSchema = z.looseObject({
  job_id: z.string().optional(),
  status: z.string().optional(),
  exported: z.looseObject({ uri: z.string().optional() }).optional(),
});

describe('a server that one caller gives heavy work', () => {
  it('imports, trains and exports beside its event loop, which is never held for long', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const folder = await newTestHome();
    const { orders, lines } = writeShop(folder);
    const { server, url } = await startMeteredServer({
      CHURN_MCP_HOME: join(folder, 'home'),
      CHURN_MCP_IMPORT_FOLDERS: folder,
    });
    await using _server = server;
    await using idler = await startIdler();
    const client = await connectHttp(url);
    const call = async (name: string, args: object): Promise<void> => {
      const answer = await client.callTool({ name, arguments: { ...args } }, undefined, { timeout: 60_000 });
      expect(answer.isError, JSON.stringify(answer.content)).not.toBe(true);
      const { job_id, status, exported } = structuredSchema.parse(answer.structuredContent ?? {});
      if (status === 'running') await call('get_job', { job_id, wait_s: 40 });
      if (exported?.uri !== undefined) await client.readResource({ uri: exported.uri });
    };
    const work: [what: string, tool: string, args: object][] = [
      ['an import', 'import_data', { orders, order_items: lines, dry_run: false }],
      ['a training', 'train_churn_model', { label: 'forward', ...SMALL }],
      ['a recommendation training', 'train_recommendation_model', SMALL],
      ['a list of those at risk', 'get_at_risk_customers', { limit: 200 }],
      ['an export', 'find_customers', { limit: 1, export: 'csv' }],
      [
        'an export of offers',
        'get_product_recommendations',
        { for: 'at_risk', n_customers: 50, export: 'xlsx' },
      ],
      ['the overview', 'get_shop_overview', {}],
    ];
    await delay(1000);
    await Promise.all([server.loopDelay(), idler.loopDelay()]);
    const late: string[] = [];
    for (const [what, tool, args] of work) {
      await call(tool, args);
      const [own, idle] = await Promise.all([server.loopDelay(), idler.loopDelay()]);
      const figures = `${what}: loop p99 ${own.p99.toFixed(1)} ms, longest work ${own.work.toFixed(1)} ms, latest ${own.max.toFixed(1)} ms (machine p99 ${idle.p99.toFixed(1)} ms, latest ${idle.max.toFixed(1)} ms)`;
      process.stderr.write(`${figures}\n`);
      if (own.p99 >= mostDelayMs(idle.p99) || own.work >= MOST_WORK_MS) late.push(figures);
    }
    await client.close();
    expect(late).toEqual([]);
  });
});
