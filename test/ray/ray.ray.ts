/** Trainings on a real cluster, through the MCP tools: `npm run test:ray`. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { createServices } from '../../src/server/create-services.ts';
import type { Services } from '../../src/server/services.ts';
import { connectClient } from '../helpers/mcp-client.ts';
import { fieldsOf } from '../helpers/training.ts';
import { type Cluster, installRay, startCluster } from './cluster.ts';

const home = mkdtempSync(join(tmpdir(), 'churn-mcp-ray-'));
const MODEL = join(home, 'registry', 'customer_churn_predictor');
let cluster: Cluster;
let services: Services;
let client: Client;

beforeAll(async () => {
  await installRay();
  cluster = await startCluster();
  for (const [name, value] of Object.entries(cluster.bucketVariables)) vi.stubEnv(name, value);
  process.stderr.write(
    `The nodes of the workers ${cluster.apart ? 'have home folders of their own' : 'share the home folder'}\n`,
  );
  await createDemoShop({ home, customers: 20_000, seed: 42, asOf: '2026-01-31' });
});
beforeEach(() => connect());

/** Before the first call of a test: where the cluster gets the rows from. */
async function connect(storage?: string): Promise<void> {
  await disconnect();
  services = createServices({
    home,
    ray: {
      address: new URL(cluster.address),
      token: cluster.token,
      workers: 2,
      cpusPerWorker: 1,
      storage,
      deadlineMs: 900_000,
    },
  });
  client = await connectClient(services);
}

async function disconnect(): Promise<void> {
  await client?.close();
  await services?.[Symbol.asyncDispose]();
}

afterAll(async () => {
  await disconnect();
  vi.unstubAllEnvs();
  await cluster?.[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

const metricsSchema = z.object({ roc_auc: z.number(), brier: z.number(), version: z.string() });
const OPTIONS = { timeout: 910_000, resetTimeoutOnProgress: true };

async function train(
  args: Record<string, unknown>,
  onProgress?: (message: string) => void,
  signal?: AbortSignal,
) {
  // The inactivity model is a single fit, so that a difference is one of the cluster.
  const label = 'inactivity';
  const result = await client.callTool(
    { name: 'train_churn_model', arguments: { label, ...args } },
    undefined,
    {
      ...OPTIONS,
      ...(onProgress && { onprogress: ({ message }) => onProgress(message ?? '') }),
      ...(signal && { signal }),
    },
  );
  return result;
}

// No test before may have trained one.
const versions = () => (existsSync(MODEL) ? readdirSync(MODEL).filter((name) => name.startsWith('v_')) : []);

describe('a training on a Ray cluster', () => {
  it('gives a model as good as one trained here, which is served like any other', async () => {
    const shared = join(home, 'shared');
    mkdirSync(shared);
    await connect(shared);
    const local = metricsSchema.parse((await train({})).structuredContent);
    const seen: string[] = [];
    const onRay = await train({ engine: 'ray' }, (message) => seen.push(message));
    const remote = metricsSchema.parse(onRay.structuredContent);
    expect(Math.abs(remote.roc_auc - local.roc_auc)).toBeLessThan(0.002);
    expect(readdirSync(shared)).toEqual([]);
    expect(seen.some((message) => /tree \d+ of 100, validation ROC-AUC 0\.\d\d/.test(message))).toBe(true);
    await client.callTool({
      name: 'promote_model',
      arguments: { model: 'customer_churn_predictor', version: remote.version },
    });
    const scores = await services.score({ model: 'customer_churn_predictor' }, {});
    expect(scores.probabilities.length).toBeGreaterThan(15_000);
    process.stderr.write(`ROC-AUC ${local.roc_auc} here, ${remote.roc_auc} on Ray\n`);
    const card = await services.registry.card('customer_churn_predictor', remote.version);
    expect(card.library_versions).toMatchObject({
      ray: expect.stringMatching(/^2\./),
      xgboost: expect.stringMatching(/^3\./),
    });
  });

  it('searches parameters by Ray Tune, with the same trials as on this machine', async () => {
    const tuning = { tune: { trials: 4 } };
    const local = metricsSchema.parse((await train(tuning)).structuredContent);
    const seen: string[] = [];
    const onRay = await train({ ...tuning, engine: 'ray' }, (message) => seen.push(message));
    const remote = metricsSchema.parse(onRay.structuredContent);
    const trialsOf = async (version: string) => {
      const card = await services.registry.card('customer_churn_predictor', version);
      return fieldsOf(card).tuning;
    };
    const [here, there] = [await trialsOf(local.version), await trialsOf(remote.version)];
    process.stderr.write(
      `Tuned: ROC-AUC ${local.roc_auc} here, ${remote.roc_auc} on Ray; trial ${here?.best} and ${there?.best}\n`,
    );
    const drawn = (trials = here?.trials) =>
      new Set(trials?.filter(({ round }) => round === 0).map(({ params }) => JSON.stringify(params)));
    expect(drawn(there?.trials)).toEqual(drawn());
    expect(seen.some((message) => /trial \d of 4, best ROC-AUC 0\.\d+/.test(message))).toBe(true);
    expect(Math.abs(remote.roc_auc - local.roc_auc)).toBeLessThan(0.002);
  });

  it('can be stopped in the middle, and registers nothing', async () => {
    const before = versions();
    const cancelling = new AbortController();
    const training = train(
      { engine: 'ray', params: { n_estimators: 5000 } },
      (message) => {
        if (/tree \d\d+ of 5000/.test(message)) cancelling.abort();
      },
      cancelling.signal,
    );
    await expect(training).rejects.toThrow();
    expect(versions()).toEqual(before);
    await expect.poll(() => cluster.trainWorkers(), { timeout: 60_000, interval: 1000 }).toEqual([]);
  });

  it.each([
    ['travel with the job', false],
    ['lie in a bucket', true],
  ])('continues when a worker is killed or says clearly that it failed; its rows %s', async (_, isShared) => {
    if (isShared) await connect(cluster.bucket);
    const before = versions();
    let killed = 0;
    const result = await train({ engine: 'ray', params: { n_estimators: 200 } }, (message) => {
      if (killed > 0 || !/tree ([3-9]\d|\d{3}) of 200/.test(message)) return;
      killed = -1;
      cluster.trainWorkers().then(([pid]) => {
        if (pid === undefined) return;
        killed = pid;
        process.kill(pid, 'SIGKILL');
      });
    });
    expect(killed, `no worker was killed; the tool said ${JSON.stringify(result.content)}`).toBeGreaterThan(
      0,
    );
    if (result.isError) {
      expect(JSON.stringify(result.content)).toContain('Nothing was registered.');
      expect(versions()).toEqual(before);
    } else {
      metricsSchema.parse(result.structuredContent);
      expect(versions().length).toBe(before.length + 1);
    }
    process.stderr.write(
      result.isError ? 'A killed worker ended the training\n' : 'A killed worker was replaced\n',
    );
    expect(await cluster.bucketListing()).not.toContain('<Key>');
  });
});
