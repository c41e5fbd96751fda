import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { packageRoot } from '../../src/package-root.ts';
import { TOOLS } from '../../tools/index.ts';
import { startCli } from '../helpers/cli-process.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';

const home = await copyOfHome('trained demo');
const env = { CHURN_MCP_HOME: home };

/** A server process spoken to in raw lines. */
function startRaw(more: Record<string, string> = {}) {
  const child = startCli([], { ...env, CHURN_MCP_LOG_LEVEL: 'error', ...more });
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString('utf8')).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    for (const wake of waiting.splice(0)) wake();
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    lines,
    closed,
    child,
    send: (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`),
    async until(isIt: (message: Record<string, unknown>) => boolean) {
      for (;;) {
        const found = lines.map((line) => JSON.parse(line)).find(isIt);
        if (found) return found;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };
}

const initialize = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '0' } },
};

const toolResultSchema = z.object({
  result: z.looseObject({
    isError: z.boolean().optional(),
    structuredContent: z.record(z.string(), z.unknown()).default({}),
  }),
});

describe('the stdio server', () => {
  it('offers and does nothing that changes data or models if it only reads', async () => {
    const untrained = await copyOfHome('demo shop');
    const server = startRaw({
      CHURN_MCP_HOME: untrained,
      CHURN_MCP_READ_ONLY: 'true',
      CHURN_MCP_DISABLED_TOOLS: 'find_customers',
    });
    server.send(initialize);
    server.send({ id: 2, method: 'tools/list' });
    const { result } = await server.until(({ id }) => id === 2);
    expect(
      z
        .array(z.looseObject({ name: z.string() }))
        .parse(result.tools)
        .map(({ name }) => name),
    ).toMatchInlineSnapshot(`
      [
        "get_shop_overview",
        "get_at_risk_customers",
        "explain_churn_risk",
        "get_product_recommendations",
        "get_campaign_results",
        "get_cohort_retention",
        "get_churn_metrics",
        "show_churn_dashboard",
        "list_models",
        "get_job",
        "cancel_job",
      ]
    `);
    server.send({ id: 3, method: 'tools/call', params: { name: 'train_churn_model', arguments: {} } });
    expect(await server.until(({ id }) => id === 3)).toMatchObject({ error: { code: -32602 } });
    server.send({ id: 4, method: 'tools/call', params: { name: 'get_at_risk_customers', arguments: {} } });
    expect(await server.until(({ id }) => id === 4)).toMatchObject({
      result: { isError: true, _meta: { 'churn-mcp/code': 'FORBIDDEN' } },
    });
    server.child.stdin.end();
    expect(await server.closed).toBe(0);
  });

  it('does not start if a tool that is to be left out does not exist', async () => {
    const server = startRaw({ CHURN_MCP_DISABLED_TOOLS: 'import_dat' });
    let said = '';
    server.child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    expect(await server.closed).not.toBe(0);
    expect(said).toMatch(
      /^CHURN_MCP_DISABLED_TOOLS names import_dat, and there is no such tool\. Did you mean "import_data"\?/,
    );
  });

  it('writes only JSON-RPC to stdout, even for bad lines and unknown methods', async () => {
    const server = startRaw();
    server.send(initialize);
    await server.until(({ id }) => id === 1);
    server.send({ method: 'notifications/initialized' });
    server.child.stdin.write('this is not JSON\n');
    server.send({ id: 2, method: 'no/such/method' });
    server.send({ id: 3, method: 'tools/call', params: { name: 'get_churn_metrics', arguments: {} } });
    server.send({ id: 4, method: 'tools/call', params: { name: 'no_such_tool', arguments: {} } });
    expect(await server.until(({ id }) => id === 2)).toMatchObject({ error: { code: -32601 } });
    expect(await server.until(({ id }) => id === 3)).toMatchObject({
      result: { content: [{ type: 'text' }, { type: 'text' }] },
    });
    expect(await server.until(({ id }) => id === 4)).toMatchObject({ error: { code: -32602 } });
    server.child.stdin.end();
    expect(await server.closed).toBe(0);
    for (const line of server.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  });

  it('ends when its input ends in the middle of a training, and registers nothing', async () => {
    const versions = () => readdirSync(join(home, 'registry', 'customer_churn_predictor')).sort();
    const before = versions();
    const server = startRaw();
    server.send(initialize);
    await server.until(({ id }) => id === 1);
    const params = {
      name: 'train_churn_model',
      arguments: { label: 'inactivity', params: { n_estimators: 10_000, max_depth: 8 } },
      _meta: { progressToken: 'p' },
    };
    server.send({ id: 2, method: 'tools/call', params });
    await server.until(({ method }) => method === 'notifications/progress');
    const started = performance.now();
    server.child.stdin.end();
    expect(await server.closed).toBe(0);
    // A second is what a client waits before it kills; this is no measure of speed.
    expect(performance.now() - started).toBeLessThan(2000);
    expect(versions()).toEqual(before);
  });

  it('stops a call that is cancelled, and serves the next one', async () => {
    const server = startRaw();
    server.send(initialize);
    await server.until(({ id }) => id === 1);
    const params = {
      name: 'train_churn_model',
      arguments: { label: 'inactivity', params: { n_estimators: 10_000 } },
      _meta: { progressToken: 'p' },
    };
    server.send({ id: 2, method: 'tools/call', params });
    await server.until(({ method }) => method === 'notifications/progress');
    server.send({ method: 'notifications/cancelled', params: { requestId: 2 } });
    server.send({
      id: 3,
      method: 'tools/call',
      params: { name: 'train_churn_model', arguments: { label: 'inactivity', params: { n_estimators: 3 } } },
    });
    expect(await server.until(({ id }) => id === 3)).toMatchObject({
      result: { structuredContent: { promoted: expect.anything() } },
    });
    expect(server.lines.map((line) => JSON.parse(line)).some(({ id }) => id === 2)).toBe(false);
    server.child.stdin.end();
    await server.closed;
  });

  it('continues a long call as a job, which can be asked for and stopped', async () => {
    const server = startRaw({ CHURN_MCP_JOB_AFTER_S: '0.3' });
    let id = 1;
    const callTool = async (name: string, args: Record<string, unknown>) => {
      const mine = ++id;
      server.send({ id: mine, method: 'tools/call', params: { name, arguments: args } });
      return toolResultSchema.parse(await server.until((message) => message.id === mine)).result;
    };
    server.send(initialize);
    await server.until((message) => message.id === 1);
    const versions = () => readdirSync(join(home, 'registry', 'customer_churn_predictor')).sort();
    const before = versions();

    const endless = { label: 'inactivity', tune: { trials: 500 }, params: { n_estimators: 10_000 } };
    const ticket = await callTool('train_churn_model', endless);
    expect(ticket.structuredContent).toMatchObject({ status: 'running', tool: 'train_churn_model' });
    const job_id = ticket.structuredContent.job_id;
    expect((await callTool('get_job', { job_id, wait_s: 0 })).structuredContent.status).toBe('running');
    const second = await callTool('train_churn_model', {});
    expect(await callTool('get_job', { job_id: second.structuredContent.job_id })).toMatchObject({
      structuredContent: { status: 'failed', error_code: 'TRAINING_BUSY' },
    });
    expect((await callTool('cancel_job', { job_id })).structuredContent.status).toBe('cancelled');
    expect(versions()).toEqual(before);

    const short = await callTool('train_churn_model', { label: 'forward', wait: true });
    const done = short.structuredContent.job_id ? await callTool('get_job', { wait_s: 40 }) : short;
    expect(done.structuredContent.text).toContain('customer_churn_forecast');
    expect((await callTool('get_job', { job_id: 'guessed' })).isError).toBe(true);
    server.child.stdin.end();
    expect(await server.closed).toBe(0);
  });

  it('starts from a checkout as mcp.json says', async () => {
    const transport = new StdioClientTransport({
      command: 'npm',
      args: ['run', '--silent', 'start'],
      cwd: packageRoot(),
      env: { PATH: process.env.PATH ?? '', ...env },
      stderr: 'ignore',
    });
    const client = new Client({ name: 'test', version: '0' });
    await client.connect(transport);
    expect((await client.listTools()).tools).toHaveLength(TOOLS.length);
    // A shop of 300 customers has none in the segment that is the default.
    const highValue = { segment: 'HIGH_VALUE_ACTIVE' };
    const result = await client.callTool({ name: 'get_product_recommendations', arguments: highValue });
    expect(JSON.stringify(result.content)).toContain('Segment\\n=====');
    await client.close();
  });

  it('sees a new import at its next call, as a second server does', async () => {
    const servers = [startRaw(), startRaw()];
    for (const server of servers) {
      server.send(initialize);
      await server.until(({ id }) => id === 1);
      server.send({
        id: 2,
        method: 'tools/call',
        params: { name: 'get_at_risk_customers', arguments: { limit: 1 } },
      });
      expect(await server.until(({ id }) => id === 2)).toMatchObject({
        result: { structuredContent: { scored_as_of: '2026-01-31' } },
      });
    }
    await createDemoShop({ home, customers: 300, seed: 42, asOf: '2026-02-28' });
    for (const server of servers) {
      server.send({
        id: 3,
        method: 'tools/call',
        params: { name: 'get_at_risk_customers', arguments: { limit: 1 } },
      });
      expect(await server.until(({ id }) => id === 3)).toMatchObject({
        result: { structuredContent: { scored_as_of: '2026-02-28' } },
      });
      server.child.stdin.end();
      expect(await server.closed).toBe(0);
    }
  });
});
