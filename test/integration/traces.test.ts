import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it, vi } from 'vitest';
import { collectCli, runCli, startCli } from '../helpers/cli-process.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';
import { startSpanReceiver } from '../helpers/span-receiver.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const traceparentOf = (span: string) => `00-${TRACE}-${span}-01`;
const clientInfo = { name: 'test', version: '1' };
const INITIALIZE = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };

/** Makes calls of a stdio server one after the other, and says how they ended and what the server wrote. */
async function call(
  environment: Record<string, string>,
  calls: readonly object[],
  /** Checked again and again before the input ends: spans are sent in the background. */
  isThere: () => boolean = () => true,
) {
  const child = startCli([], environment);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ended = collectCli(child);
  send({ id: 0, method: 'initialize', params: INITIALIZE });
  await lines.next();
  const answers: string[] = [];
  for (const [id, params] of calls.entries()) {
    send({ id: id + 1, method: 'tools/call', params });
    answers.push(String((await lines.next()).value));
  }
  await vi.waitUntil(isThere, { timeout: 30_000 });
  child.stdin.end();
  return { answers, ...(await ended) };
}

describe('traces', () => {
  it('go to the collector that is configured, as a part of the caller’s: request, queries, scoring, failures', async () => {
    await using receiver = await startSpanReceiver();
    const home = await copyOfHome('trained demo');
    const _meta = { traceparent: traceparentOf('b7ad6b7169203331') };
    const { answers } = await call(
      { CHURN_MCP_HOME: home, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '20' },
      [
        { name: 'get_at_risk_customers', arguments: { limit: 3, as_of: '2025-12-01' }, _meta },
        { name: 'get_at_risk_customers', arguments: { limit: -3 } },
      ],
      () =>
        receiver.spans.some(({ name }) => name === 'score customers') &&
        receiver.spans.some(({ isError }) => isError),
    );
    expect(answers.map((answer) => answer.includes('"isError":true'))).toEqual([false, true]);
    const requests = receiver.spans.filter(({ kind }) => kind === 2);
    const request = requests.find(({ isError }) => !isError);
    const failed = requests.find(({ isError }) => isError);
    expect(request).toMatchObject({ traceId: TRACE, parent: 'b7ad6b7169203331', isError: false });
    expect([request?.name, request?.attributes]).toMatchInlineSnapshot(`
      [
        "tools/call get_at_risk_customers",
        {
          "gen_ai.operation.name": "execute_tool",
          "gen_ai.tool.name": "get_at_risk_customers",
          "jsonrpc.request.id": "1",
          "mcp.method.name": "tools/call",
        },
      ]
    `);
    expect([failed?.parent, failed?.isError, failed?.attributes]).toMatchInlineSnapshot(`
      [
        "",
        true,
        {
          "error.type": "INVALID_ARGUMENT",
          "gen_ai.operation.name": "execute_tool",
          "gen_ai.tool.name": "get_at_risk_customers",
          "jsonrpc.request.id": "2",
          "mcp.method.name": "tools/call",
        },
      ]
    `);
    const parts = receiver.spans.filter(({ traceId, parent }) => traceId === TRACE && parent === request?.id);
    expect([...new Set(parts.map(({ name }) => name))].sort()).toMatchInlineSnapshot(`
      [
        "duckdb/snapshot/log_tables",
        "duckdb/snapshot/read_summary",
        "portable/tables/churn_features",
        "score customers",
      ]
    `);
  });

  it('begin at a command, whose stages are parts of it', async () => {
    await using receiver = await startSpanReceiver();
    const home = await copyOfHome('demo shop');
    const environment = { CHURN_MCP_HOME: home, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    await runCli(['retrain', '--model', 'product_recommendation', '-q'], environment);
    const command = receiver.spans.find(({ name }) => name === 'churn-mcp retrain');
    const stages = receiver.spans.filter(({ name }) => name.startsWith('training: '));
    expect(stages.map(({ name }) => name).sort()).toMatchInlineSnapshot(`
      [
        "training: read",
        "training: refit",
        "training: settle",
        "training: train",
      ]
    `);
    expect(new Set(stages.map(({ traceId }) => traceId))).toEqual(new Set([command?.traceId]));
  });

  it('are taken on from the header of an HTTP request', async () => {
    await using receiver = await startSpanReceiver();
    const home = await copyOfHome('demo shop');
    const environment = { CHURN_MCP_HOME: home, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    const child = startCli(['http', '--port', '0', '--json'], environment);
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/list',
      traceparent: traceparentOf('c8be7c827a314442'),
    };
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': clientInfo,
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta } });
    const answer = await fetch(JSON.parse(String(line)).url, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    child.kill('SIGTERM');
    await collectCli(child);
    expect(receiver.spans.map(({ name, traceId, parent }) => [name, traceId, parent])).toContainEqual([
      'tools/list',
      TRACE,
      'c8be7c827a314442',
    ]);
  });

  it('that the collector refuses hurt no request, and that is said once', async () => {
    await using receiver = await startSpanReceiver(400);
    const home = await copyOfHome('demo shop');
    const environment = {
      CHURN_MCP_HOME: home,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '1',
    };
    const list = { name: 'list_models', arguments: {} };
    const { answers, code, stderr } = await call(
      environment,
      [list, list, list],
      () => receiver.requests > 1,
    );
    expect([code, answers.filter((answer) => answer.includes('"isError":true'))]).toEqual([0, []]);
    expect(stderr.match(/traces cannot be sent/g)).toHaveLength(1);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }],
  ])('end the start with what to correct if they are configured wrongly: %j', async (environment) => {
    const { code, stderr } = await runCli(['tools'], environment);
    expect([code, stderr]).toMatchSnapshot();
  });
});
