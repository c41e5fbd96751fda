import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createMcpService } from '../../src/server/mcp-service.ts';
import { createStatelessServer } from '../../src/server/stateless-server.ts';
import { TOOLS } from '../../tools/index.ts';
import { CLAIM } from '../helpers/era-client.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { silentLog } from '../helpers/mcp-client.ts';
import { sampleCard } from '../helpers/sample-cards.ts';

const home = mkdtempSync(join(tmpdir(), 'churn-mcp-questions-'));
let promoted: string[] = [];
afterEach(() => {
  promoted = [];
  vi.useRealTimers();
  rmSync(home, { recursive: true, force: true });
});

/** Another process of the same home, each time. */
function newService() {
  const models = {
    card: async () => sampleCard,
    promote: async (_model: string, version: string) => {
      promoted.push(version);
      return { card: sampleCard, replaced: undefined };
    },
  };
  return createMcpService({
    services: fakeServices({ models }, { home }),
    tools: TOOLS,
    log: silentLog,
    version: '0.0.0',
  });
}

const answerSchema = z.looseObject({
  result: z.looseObject({ resultType: z.string(), requestState: z.string().optional() }).optional(),
  error: z.unknown().optional(),
});

/** One call of promote_model by a client that can ask its person. */
async function call(version: string, round: object = {}, principal = 'anna') {
  const capabilities = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
  const params = {
    name: 'promote_model',
    arguments: { model: 'customer_churn_forecast', version },
    ...round,
    _meta: { ...CLAIM, ...capabilities },
  };
  return new Promise<z.output<typeof answerSchema>>((resolve) => {
    const transport: Transport = {
      start: async () => undefined,
      close: async () => undefined,
      send: async (message: JSONRPCMessage) => resolve(answerSchema.parse(message)),
    };
    const service = newService();
    serveStdio(() => createStatelessServer(service, { principal, session: undefined }), {
      transport,
      legacy: 'reject',
    });
    setImmediate(() => transport.onmessage?.({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }));
  });
}

const VERSION = 'v_20260105_101500';
const OTHER = 'v_20260106_101500';
const YES = { inputResponses: { confirm: { action: 'accept', content: { confirm: true } } } };
const NO = { inputResponses: { confirm: { action: 'decline' } } };

/** The state that the first round gives. */
async function askedState(version = VERSION): Promise<string> {
  const { result } = await call(version);
  expect(result?.resultType).toBe('input_required');
  return result?.requestState ?? '';
}

describe('the answer to a question that another request brings', () => {
  it('counts with the state of the question, at any process of the home', async () => {
    const requestState = await askedState();
    expect((await call(VERSION, { ...NO, requestState })).result).toMatchObject({ isError: true });
    expect(promoted).toEqual([]);
    expect((await call(VERSION, { ...YES, requestState })).result).toMatchObject({ resultType: 'complete' });
    expect(promoted).toEqual([VERSION]);
  });

  it('does not count without it, or with that of a call with other arguments: the person is asked', async () => {
    const requestState = await askedState(OTHER);
    for (const round of [YES, { ...YES, requestState }]) {
      expect((await call(VERSION, round)).result).toMatchObject({ resultType: 'input_required' });
    }
    expect(promoted).toEqual([]);
  });

  it('is refused if the state was changed, is of another principal, or is older than ten minutes', async () => {
    const requestState = await askedState();
    const [start, body, mac] = requestState.split('.');
    const changed = [start, `${body.slice(0, -2)}AA`, mac].join('.');
    const refusals = [
      await call(VERSION, { ...YES, requestState: changed }),
      await call(VERSION, { ...YES, requestState: 'no state' }),
      await call(VERSION, { ...YES, requestState }, 'bert'),
    ];
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });
    refusals.push(await call(VERSION, { ...YES, requestState }));
    for (const { error } of refusals) {
      expect(error).toMatchObject({
        code: -32602,
        message: expect.stringContaining('Invalid or expired requestState'),
      });
    }
    expect(promoted).toEqual([]);
  });
});

describe('the key of a home', () => {
  it('is made once, readable by its user alone, and made again if it is damaged', async () => {
    const file = join(home, 'answers.key');
    const states = await Promise.all([askedState(), askedState()]);
    expect(readFileSync(file)).toHaveLength(32);
    for (const requestState of states) {
      expect((await call(VERSION, { ...YES, requestState })).result).toMatchObject({
        resultType: 'complete',
      });
    }
    writeFileSync(file, 'half');
    const requestState = await askedState();
    expect((await call(VERSION, { ...YES, requestState })).result).toMatchObject({ resultType: 'complete' });
  });
});
