import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli-process.ts';

const folder = await mkdtemp(join(tmpdir(), 'churn-mcp-demo-campaign-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('demo --campaign', () => {
  it('shows a campaign from the plan to a measured profit that holds the known rule of the shop', async () => {
    const demo = ['demo', '--campaign', '--customers', '12000', '--as-of', '2026-06-30', '--quiet'];
    const { code, stdout } = await runCli([...demo, '--home', folder], {});
    expect(code).toBe(0);
    expect(stdout).toContain('"Voucher" (c_');
    expect(stdout).toMatch(/"Voucher" paid: it earned [\d,]+ after costs, between [\d,]+ and [\d,]+\./);
    const shares = [...stdout.matchAll(/of [\d,]+ customers ordered \(([\d.]+)%\)/g)].map(
      ([, share]) => Number(share) / 100,
    );
    const [, low, high] =
      /Share who ordered: [\d.]+ points more \(([\d.]+) points to ([\d.]+) points\)/.exec(stdout) ?? [];
    const kept = 0.3 * (1 - shares[1]);
    expect(Number(low) / 100).toBeLessThan(kept);
    expect(Number(high) / 100).toBeGreaterThan(kept);
    expect(stdout).toContain('The truth in this shop: the offer keeps 30% of the contacted');
    expect(stdout).toMatch(
      /the offer keeps \d+% of those about to leave, give or take \d+%: measured by 1 campaign/,
    );
  }, 300_000);
});
