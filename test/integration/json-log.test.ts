import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { collectCli, runCli, startCli } from '../helpers/cli-process.ts';

const lineSchema = z.looseObject({
  time: z.iso.datetime(),
  level: z.enum(['info', 'error']),
  message: z.string(),
});
const linesOf = (stderr: string) =>
  stderr
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { time: _time, ms, cause: _cause, ...fields } = lineSchema.parse(JSON.parse(line));
      return { ...fields, ...(ms !== undefined && { ms: typeof ms }) };
    });

describe('CHURN_MCP_LOG_FORMAT=json', () => {
  const environment = async () => ({
    CHURN_MCP_HOME: await mkdtemp(join(tmpdir(), 'churn-mcp-json-log-')),
    CHURN_MCP_LOG_FORMAT: 'json',
  });

  it('makes JSON of every line of a command, its errors with their codes', async () => {
    const given = await environment();
    const demo = await runCli(['import', '--dry-run', '--orders', './nothing.csv'], given);
    expect(linesOf(demo.stderr)).toMatchInlineSnapshot(`
      [
        {
          "level": "info",
          "message": "Reading the files",
        },
        {
          "code": "IMPORT_REFUSED",
          "hint": "Check the name and the permissions.",
          "level": "error",
          "message": "The file "nothing.csv" cannot be found or read.",
        },
      ]
    `);
    const wrong = await runCli(['import', '--wrong'], given);
    expect(linesOf(wrong.stderr)).toMatchInlineSnapshot(`
      [
        {
          "code": "USAGE",
          "level": "error",
          "message": "error: unknown option '--wrong'",
        },
        {
          "code": "USAGE",
          "level": "error",
          "message": "(churn-mcp --help shows all commands; churn-mcp COMMAND --help its flags)",
        },
      ]
    `);
  });

  it('has the code of an answer that is an error', async () => {
    const { stderr, code } = await runCli(['call', 'get_shop_overview', 'bogus=1'], await environment());
    expect(code).toBe(1);
    expect(linesOf(stderr)).toMatchInlineSnapshot(`
      [
        {
          "code": "INVALID_ARGUMENT",
          "level": "error",
          "message": "Unknown argument "bogus". Arguments of get_shop_overview: filter, compare_with, months, as_of, response_format.",
        },
      ]
    `);
  });

  it('names request, tool, duration and code of each call of a server', async () => {
    const child = startCli([], await environment());
    const send = (message: unknown) =>
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...Object(message) })}\n`);
    const clientInfo = { name: 'test', version: '1' };
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    send({ id: 0, method: 'initialize', params });
    send({ method: 'notifications/initialized' });
    send({ id: 'seven', method: 'tools/call', params: { name: 'list_models', arguments: {} } });
    send({ id: 8, method: 'tools/call', params: { name: 'get_at_risk_customers', arguments: {} } });
    const answered = new Set<unknown>();
    child.stdout.on('data', (chunk: Buffer) => {
      for (const [, id] of chunk.toString('utf8').matchAll(/"id":("seven"|8)/g)) answered.add(id);
      if (answered.size === 2) child.stdin.end();
    });
    const { stderr } = await collectCli(child);
    expect(linesOf(stderr).sort((a, b) => a.message.localeCompare(b.message))).toMatchInlineSnapshot(`
      [
        {
          "code": "NO_DATA",
          "level": "info",
          "message": "get_at_risk_customers refused",
          "ms": "number",
          "request": 8,
          "tool": "get_at_risk_customers",
        },
        {
          "level": "info",
          "message": "serving on stdio",
        },
        {
          "level": "info",
          "message": "tool call",
          "ms": "number",
          "request": "seven",
          "tool": "list_models",
        },
      ]
    `);
  });
});
