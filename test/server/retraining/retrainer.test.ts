import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataSummary } from '../../../src/data/data-source.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/data/segment-thresholds.ts';
import { type ModelCard, REGISTERED_MODELS } from '../../../src/registry/model-card.ts';
import type { CallRunner } from '../../../src/server/call-runner.ts';
import { trainingCallOf } from '../../../src/server/retraining/retrain-model.ts';
import type { RetrainWhen } from '../../../src/server/retraining/retrain-when.ts';
import { Retrainer } from '../../../src/server/retraining/retrainer.ts';
import { readRetraining, writeRetraining } from '../../../src/server/retraining/retraining-state.ts';
import type { ToolResult } from '../../../src/server/tool-result.ts';
import { createFakeRegistry } from '../../helpers/fake-registry.ts';
import { silentLog } from '../../helpers/mcp-client.ts';
import { sampleCard } from '../../helpers/sample-cards.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

const HOUR = 3_600_000;
const DAILY: RetrainWhen = { kind: 'every', ms: 24 * HOUR };
const card: ModelCard = { ...sampleCard, created_at: '2026-11-01T00:00:00Z' };

const promoted: ToolResult = {
  content: [{ type: 'text', text: 'done' }],
  structuredContent: { promoted: true, version: 'v_20261102_000000' },
};
const failed: ToolResult = {
  isError: true,
  content: [{ type: 'text', text: 'There are too few customers.' }],
  _meta: { 'churn-mcp/code': 'TOO_LITTLE_DATA' },
};

const never = () => Promise.reject(new Error('the test does not expect this'));

/** Of data that are not those of the champion. */
const SUMMARY: DataSummary = {
  fingerprint: 'new',
  customers: 2000,
  orders: 9000,
  orderItems: 0,
  products: 0,
  hasItems: false,
  hasCatalog: false,
  hasCategories: false,
  firstOrderDate: '2025-01-01',
  lastOrderDate: '2026-11-01',
  customerIdType: 'integer',
  productIdType: 'integer',
  segmentThresholds: DEFAULT_THRESHOLDS,
};

interface Asked {
  readonly tool: string;
  readonly args: unknown;
}

/** A home with one champion, and a clock that a test sets. */
async function newHome(options: { home?: string; drift?: number; customers?: number } = {}) {
  const home = options.home ?? (await newTestHome());
  const asked: Asked[] = [];
  const clock = { at: Date.parse(card.created_at) };
  let answer: (signal: AbortSignal) => Promise<ToolResult> = async () => promoted;
  const calls: CallRunner = {
    run: async ({ tool, args }, { signal }) => {
      asked.push({ tool: tool.name, args });
      if (tool.name !== 'get_churn_metrics') return answer(signal);
      return { content: [], structuredContent: { drift: { score_psi: options.drift ?? 0 } } };
    },
  };
  const registry = { ...createFakeRegistry(), list: async () => [{ card, aliases: ['champion'] }] };
  const summary = { ...SUMMARY, customers: options.customers ?? card.data.customers };
  const shop = { describe: async () => ({ summary, table: undefined }), segments: never };
  const services = { home, registry, shop };
  const now = () => new Date(clock.at);
  const start = (when = DAILY) => new Retrainer({ when, services, calls, log: silentLog, now });
  const answerWith = (next: typeof answer) => {
    answer = next;
  };
  return { home, asked, clock, start, answerWith };
}

describe('the training of a model again', () => {
  it('is asked of the tool that trains it', () => {
    expect(REGISTERED_MODELS.map((model) => [model, trainingCallOf(model)])).toEqual([
      ['customer_churn_predictor', { tool: 'train_churn_model', args: { label: 'inactivity' } }],
      ['customer_churn_forecast', { tool: 'train_churn_model', args: { label: 'forward' } }],
      ['customer_churn_column', { tool: 'train_churn_model', args: { label: 'column' } }],
      ['product_recommendation', { tool: 'train_recommendation_model', args: {} }],
      ['campaign_uplift', { tool: 'train_uplift_model', args: {} }],
    ]);
  });
});

describe('retraining by the clock', () => {
  it('is due once the champion is as old as the interval, and again an interval after the last round', async () => {
    const { asked, clock, start } = await newHome();
    await using retrainer = start();
    expect(await retrainer.look()).toBe(24 * HOUR);
    clock.at += 23 * HOUR;
    expect(await retrainer.look()).toBe(HOUR);
    expect(asked).toEqual([]);
    clock.at += HOUR;
    expect(await retrainer.look()).toBe(24 * HOUR);
    expect(asked).toEqual([{ tool: 'train_churn_model', args: { wait: true, label: 'forward' } }]);
    clock.at += 24 * HOUR;
    await retrainer.look();
    expect(asked).toHaveLength(2);
  });

  it('does not begin anew with each start, and waits no longer if the clock was set back', async () => {
    const { asked, clock, start } = await newHome();
    clock.at += 24 * HOUR;
    for (let restart = 0; restart < 5; restart++) {
      await using retrainer = start();
      await retrainer.look();
      clock.at += HOUR;
    }
    expect(asked).toHaveLength(1);
    clock.at -= 1000 * HOUR;
    await using retrainer = start();
    expect(await retrainer.look()).toBe(24 * HOUR);
    expect(asked).toHaveLength(2);
  });

  it('happens once if several processes look at the same time', async () => {
    const first = await newHome();
    const second = await newHome({ home: first.home });
    for (const { clock } of [first, second]) clock.at += 48 * HOUR;
    const [one, other] = [first.start(), second.start()];
    await Promise.all([one.look(), other.look()]);
    await Promise.all([one.look(), other.look()]);
    expect(first.asked.length + second.asked.length).toBe(1);
  });

  it('waits twice as long after each failure, up to a week, and says why it failed', async () => {
    const { home, clock, start, answerWith } = await newHome();
    answerWith(async () => failed);
    clock.at += 24 * HOUR;
    await using retrainer = start();
    const waits: number[] = [];
    for (let failure = 0; failure < 5; failure++) {
      const wait = await retrainer.look();
      waits.push(wait / HOUR);
      clock.at += wait;
    }
    expect(waits).toEqual([24, 48, 96, 168, 168]);
    expect(await readRetraining(home)).toMatchObject({
      failures: 5,
      models: [{ outcome: 'failed', code: 'TOO_LITTLE_DATA', reason: 'There are too few customers.' }],
    });
    answerWith(async () => promoted);
    expect(await retrainer.look()).toBe(24 * HOUR);
    expect(await readRetraining(home)).toMatchObject({ failures: 0, models: [{ outcome: 'promoted' }] });
  });

  it('is cancelled when the server ends, leaves no trace, and is due at the next start', async () => {
    const { home, asked, clock, start, answerWith } = await newHome();
    clock.at += 24 * HOUR;
    answerWith(
      (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(failed));
        }),
    );
    const retrainer = start();
    const looked = retrainer.look();
    await expect.poll(() => asked.length).toBe(1);
    await retrainer[Symbol.asyncDispose]();
    await looked;
    expect(await readRetraining(home)).toBeUndefined();
    answerWith(async () => promoted);
    await using next = start();
    await next.look();
    expect(asked).toHaveLength(2);
  });

  it('counts a round that was killed as a failure, so a start after a start does not train again', async () => {
    const { home, asked, clock, start } = await newHome();
    clock.at += 24 * HOUR;
    const started = new Date(clock.at).toISOString();
    await writeRetraining(home, { format: 1, started_at: started, ended_at: null, failures: 2, models: [] });
    await using retrainer = start();
    expect(await retrainer.look()).toBe(48 * HOUR);
    expect(asked).toEqual([]);
    expect(await readFile(join(home, 'retraining.json'), 'utf8')).toContain('"sha256"');
  });
});

describe('retraining at drift', () => {
  it.each([
    { drift: 0.1, customers: 1, trains: false },
    { drift: 0.3, customers: 1, trains: true },
    { drift: 0, customers: 1.2, trains: true },
  ])('measures it, and trains if much has changed: %o', async ({ drift, customers, trains }) => {
    const { asked, start } = await newHome({ drift, customers: card.data.customers * customers });
    await using retrainer = start({ kind: 'drift' });
    const wait = await retrainer.look();
    await retrainer.look();
    const tools = ['get_churn_metrics', ...(trains ? ['train_churn_model'] : [])];
    expect(asked.map(({ tool }) => tool)).toEqual(tools);
    expect(wait).toBe(trains ? 24 * HOUR : HOUR);
  });

  it('measures it again if the clock was set back', async () => {
    const { asked, clock, start } = await newHome({ drift: 0.1 });
    await using retrainer = start({ kind: 'drift' });
    await retrainer.look();
    clock.at -= 365 * 24 * HOUR;
    await retrainer.look();
    expect(asked.map(({ tool }) => tool)).toEqual(['get_churn_metrics', 'get_churn_metrics']);
  });
});
