/** SIGKILL at random moments of campaigns that start and of versions that are removed: each is there whole or not at all. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { collectCli, runCli, startCli } from '../helpers/cli-process.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { leftoversIn, openToOthers, pathsIn } from './home-state.ts';
import { diceOf, SCALE, SEED, TIMEOUT_MS } from './scale.ts';
import { makeTrainedHome } from './trained-home.ts';

const PLAN =
  '{"name":"Spring","contact_cost":0.1,"offer_cost":1,"margin":0.4,"success_rate":0.3,"max_customers":40}';
const MODEL = 'customer_churn_predictor';
const planSchema = z.object({ campaign_id: z.string() });

class Shop {
  readonly home: string;

  constructor(home: string) {
    this.home = home;
  }

  /** What a command that must succeed prints. */
  async done(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runCli([...args, '-q'], { CHURN_MCP_HOME: this.home });
    expect([args[0], code, stderr]).toEqual([args[0], 0, '']);
    return stdout;
  }

  async killed(args: readonly string[], afterMs: number): Promise<void> {
    const child = startCli([...args, '-q'], { CHURN_MCP_HOME: this.home });
    const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    await collectCli(child);
    clearTimeout(timer);
  }

  async plan(): Promise<string> {
    return planSchema.parse(JSON.parse(await this.done('call', 'plan_campaign', PLAN, '--json'))).campaign_id;
  }

  /** The files of a started campaign; none if it has not started. */
  filesOf(campaign: string): string[] {
    return pathsIn(this.home)
      .filter((path) => path.startsWith(join('campaigns', campaign, 'started')))
      .sort();
  }
}

const PER_KIND = Math.ceil(SCALE.kills / 2);
const MILLISECONDS_OF_START = 1500;

describe('a campaign whose start is killed', () => {
  it(`has started whole or not at all after each of ${PER_KIND} kills, and can then be started`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const planned = new Shop(await makeTrainedHome(300, ['forward']));
    const campaign = await planned.plan();
    const start = ['campaign', 'start', campaign, '--contact-date', '2026-01-31'];
    const copy = async () => {
      const shop = new Shop(await newTestHome());
      cpSync(planned.home, shop.home, { recursive: true });
      return shop;
    };
    const whole = await copy();
    await whole.done(...start);
    const files = whole.filesOf(campaign);
    expect(files.length).toBeGreaterThan(1);
    const dice = diceOf('campaigns');
    for (let round = 1; round <= PER_KIND; round++) {
      const shop = await copy();
      const afterMs = dice(MILLISECONDS_OF_START);
      const what = `seed ${SEED}, round ${round}, after ${afterMs} ms`;
      await shop.killed(start, afterMs);
      const there = shop.filesOf(campaign);
      expect([[], files], what).toContainEqual(there);
      if (there.length === 0) await shop.done(...start);
      expect(shop.filesOf(campaign), what).toEqual(files);
      expect(await shop.done('doctor'), what).not.toContain('FAILED');
      expect([...openToOthers(shop.home), ...leftoversIn(shop.home)], what).toEqual([]);
      rmSync(shop.home, { recursive: true });
      if (round % 10 === 0) process.stderr.write(`campaigns: ${round} kills\n`);
    }
  });
});

describe('a clean-up of versions that is killed', () => {
  it(`leaves whole versions and their champion after each of ${PER_KIND} kills`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const shop = new Shop(await makeTrainedHome(200, ['inactivity']));
    const dice = diceOf('clean-up');
    const registry = openRegistry(shop.home, { now: () => new Date() });
    const { card, onnx, ensemble } = await registry.load(MODEL);
    const { schema: _schema, version: _version, created_at: _at, files: _files, ...draft } = card;
    const register = () => registry.register({ card: draft, onnx, ensemble });
    for (let round = 1; round <= PER_KIND; round++) {
      for (let i = 0; i < 5; i++) await register();
      const afterMs = 200 + dice(600);
      const what = `seed ${SEED}, round ${round}, after ${afterMs} ms`;
      await shop.killed(['models', 'prune', '--keep', '1'], afterMs);
      expect((await registry.survey()).damaged, what).toEqual([]);
      for (const { card: each } of await registry.list(MODEL)) await registry.load(MODEL, each.version);
      expect(await registry.resolveAlias(MODEL, 'champion'), what).toBe(card.version);
    }
    await shop.done('models', 'prune', '--keep', '1');
    await register();
    expect(await shop.done('doctor')).not.toContain('FAILED');
    expect(leftoversIn(shop.home)).toEqual([]);
  });
});
