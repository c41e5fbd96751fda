import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createDemoShop } from '../../../src/data/demo/create-demo-shop.ts';

const home = mkdtempSync(join(tmpdir(), 'churn-mcp-demo-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('the last order is of the as-of date', async () => {
  const report = await createDemoShop({ home, customers: 500, asOf: '2026-03-01' });
  expect(report.summary.lastOrderDate).toBe('2026-03-01');
});
