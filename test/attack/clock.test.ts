/** Processes whose clock is wrong, on one home: nothing is lost, nothing counts twice, and newer data stays newer. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataHome } from '../../src/data/data-home.ts';
import { packageRoot } from '../../src/package-root.ts';
import { collectCli, startCli } from '../helpers/cli-process.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { leftoversIn } from './home-state.ts';
import { TIMEOUT_MS } from './scale.ts';

const YEAR_MS = 365 * 86_400_000;
const SET_CLOCK = join(packageRoot(), 'test', 'attack', 'set-clock.mjs');

/** The first rows of a sender that sends all of them each time, as its channel remembers. */
const rows = (count: number) =>
  Array.from(
    { length: count },
    (_, i) => `{"order_id":"${i}","customer_id":"c${i % 2}","order_date":"2024-05-01","total_amount":5}\n`,
  ).join('');

describe('a home whose processes have wrong clocks', () => {
  it('takes each row once, and makes newer data current, whichever way the clock was set', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const home = await newTestHome();
    const run = async (aheadMs: number, args: readonly string[], input = '') => {
      const child = startCli(args, {
        CHURN_MCP_HOME: home,
        CLOCK_AHEAD_MS: String(aheadMs),
        NODE_OPTIONS: `--import ${SET_CLOCK}`,
      });
      child.stdin.end(input);
      return await collectCli(child);
    };
    const send = async (aheadMs: number, count: number) => {
      const args = ['ingest', '--kind', 'orders', '--channel', 'shop', '-q', '--json'];
      const { code, stdout, stderr } = await run(aheadMs, args, rows(count));
      expect([code, stderr]).toEqual([0, '']);
      await using provider = openDataHome(home);
      return { ...JSON.parse(stdout), orders: (await (await provider.current()).summary()).orders };
    };
    expect(await send(0, 3)).toMatchObject({ orders: 3 });
    expect(await send(-YEAR_MS, 5)).toMatchObject({ orders: 5 });
    expect(await send(YEAR_MS, 6)).toMatchObject({ orders: 6 });
    expect(await send(-YEAR_MS, 7)).toMatchObject({ orders: 7 });
    expect((await run(-YEAR_MS, ['refresh'])).stdout).toBe('The data holds everything that is in the log.\n');
    expect(await run(0, ['doctor', '-q'])).toMatchObject({ code: 0 });
    expect(leftoversIn(home)).toEqual([]);
  });
});
