import { pbkdf2 } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, describe, expect, it } from 'vitest';
import { HomeWatcher } from '../../src/server/home-watcher.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { connectClient } from '../helpers/mcp-client.ts';

const home = mkdtempSync(join(tmpdir(), 'churn-mcp-watch-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Keeps the threads that read files busy for a moment, as on a slow machine. */
function occupyFileThreads(): void {
  for (let task = 0; task < 16; task++) pbkdf2('a', 'b', 200_000, 32, 'sha256', () => undefined);
}

describe('subscriptions', () => {
  it('notify of a change right after the answer, even if the home could not be looked at for a while', async () => {
    const slow = join(home, 'slow');
    occupyFileThreads();
    const client = await connectClient(fakeServices({}, { watcher: new HomeWatcher(slow) }));
    const told: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
      told.push(params.uri);
    });
    await client.subscribeResource({ uri: 'churn://data/summary' });
    mkdirSync(join(slow, 'data'), { recursive: true });
    writeFileSync(join(slow, 'data', 'current.json'), '{}');
    await expect.poll(() => told, { timeout: 10_000 }).toEqual(['churn://data/summary']);
    await client.close();
  });

  it('notify subscribed clients of new data and of a model that another process registers', async () => {
    const client = await connectClient(fakeServices({}, { watcher: new HomeWatcher(home) }));
    const told: string[] = [];
    client.setNotificationHandler(ResourceListChangedNotificationSchema, () => {
      told.push('list');
    });
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
      told.push(params.uri);
    });
    const champion = 'churn://models/customer_churn_forecast/champion';
    await client.subscribeResource({ uri: champion });
    await client.subscribeResource({ uri: 'churn://models/product_recommendation/champion' });
    await client.subscribeResource({ uri: 'churn://data/summary' });

    const folder = join(home, 'registry', 'customer_churn_forecast');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'aliases.json'), '{}');
    await expect.poll(() => told, { timeout: 10_000 }).toEqual(['list', champion]);

    await client.unsubscribeResource({ uri: champion });
    mkdirSync(join(home, 'data'));
    writeFileSync(join(home, 'data', 'current.json'), '{}');
    await expect.poll(() => told, { timeout: 10_000 }).toEqual(['list', champion, 'churn://data/summary']);
    await client.close();
  });
});
