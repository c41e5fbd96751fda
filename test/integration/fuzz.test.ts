/**
 * Ten thousand requests that no honest client would send, all told: arguments of every tool, parameters of every method,
 * and raw lines to a process. None may crash the server, none may hang, and no answer may show what is inside.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { packageRoot } from '../../src/package-root.ts';
import { createServices } from '../../src/server/create-services.ts';
import type { Services } from '../../src/server/services.ts';
import { describeTool } from '../../src/server/tool-schemas.ts';
import { isDeepJson } from '../../src/text/json-depth.ts';
import { TOOLS } from '../../tools/index.ts';
import { CLAIM, STATELESS } from '../helpers/era-client.ts';
import { beginSession, postRaw, startTestServer } from '../helpers/http-server.ts';
import { argumentsOf, type Hints, junk, texts } from '../helpers/junk.ts';
import { connectClient } from '../helpers/mcp-client.ts';
import { startRawServer } from '../helpers/raw-server.ts';
import { inactivityCard, recommendationCard } from '../helpers/sample-cards.ts';

const OF_TOOLS = 4_400;
const OF_TRAININGS = 20;
const OF_METHODS = 1_600;
const OF_LINES = 3_500;
const OF_BODIES = 500;
const LINES_AT_ONCE = 50;
/** Nothing here takes a second; this is what counts as a hang. */
const HANG_MS = 20_000;

const home = mkdtempSync(join(tmpdir(), 'churn-mcp-fuzz-'));
let services: Services;
let client: Client;
let hints: Hints;
let demoShop: Awaited<ReturnType<typeof createDemoShop>>;

beforeAll(async () => {
  demoShop = await createDemoShop({ home, customers: 200, seed: 42, asOf: '2026-01-31' });
  services = createServices({ home, threads: 1 });
  client = await connectClient(withoutTraining(services));
  const trainer = await connectClient(services);
  const versions: unknown[] = [];
  for (const [name, args] of [
    ['train_churn_model', { label: 'inactivity' }],
    ['train_churn_model', { label: 'forward' }],
    ['train_recommendation_model', {}],
  ] as const) {
    const { structuredContent } = await trainer.callTool({
      name,
      arguments: { ...args, params: { n_estimators: 3 } },
    });
    versions.push(z.object({ version: z.string() }).parse(structuredContent).version);
  }
  await trainer.close();
  hints = {
    customer_id: [10_001, 10_061, '10061', 99_999_999],
    version: versions,
    compare_with: versions,
    segment: ['AT_RISK', 'low engagement', 'regular'],
    as_of: ['2026-01-31', '2025-06-30', '2027-01-01'],
  };
});
afterAll(async () => {
  await client.close();
  await services[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

/**
 * Trainings and demo shops would take all the time there is, and another shop would replace the one asked about: they are
 * told to be done. `params` and the like are fuzzed elsewhere.
 */
function withoutTraining(real: Services): Services {
  return {
    ...real,
    context: (call) => {
      const context = real.context(call);
      const outcome = { promoted: true, promotion: 'It is the first version.' };
      return {
        ...context,
        data: { ...context.data, makeDemoShop: async () => demoShop },
        churn: { ...context.churn, train: async () => ({ card: inactivityCard, ...outcome }) },
        recommendations: {
          ...context.recommendations,
          train: async () => ({ card: recommendationCard, ...outcome }),
        },
      };
    },
  };
}

/** What an answer must never hold: where files are, what code runs, what it is written with. */
const INTERNALS = [
  /\bat (?:async )?[\w.<>]+ \((?:file:|node:|\/)/,
  /node_modules|file:\/\/|\.[cm]?[jt]s:\d+/,
  /\b(?:raw|interactive|serving)\.[a-z_]+/,
  /\bselect\b[^"]{0,200}\bfrom\b/i,
  /ChurnMcpError|ZodError|TypeError|RangeError|invalid_type|invalid_union|unrecognized_keys/,
  /Cannot read propert|is not a function|is not iterable|Maximum call stack/,
  /(?:Binder|Catalog|Parser|Conversion|Invalid Input|Out of Range|Constraint) Error/,
  /\b(?:ENOENT|EACCES|EISDIR|ENOTDIR|ENAMETOOLONG)\b/,
  /INTERNAL/,
];

function internalsIn(answer: unknown): string[] {
  // Where an exported list lies is the answer.
  const text = JSON.stringify(answer).replaceAll(join(home, 'exports'), '');
  const places = [home, packageRoot(), tmpdir()].filter((place) => text.includes(place));
  return [...places, ...INTERNALS.flatMap((pattern) => pattern.exec(text)?.[0] ?? [])];
}

async function isServing(): Promise<boolean> {
  await client.ping();
  return (await client.listTools()).tools.length === TOOLS.length;
}

const parameters = fc.oneof(
  fc.dictionary(fc.constantFrom('uri', 'name', 'arguments', 'ref', 'argument', 'cursor', 'level'), junk),
  fc.record({
    uri: fc.oneof(
      texts,
      texts.map((text) => `churn://models/${text}`),
      fc.constantFrom('churn://segments'),
    ),
  }),
  fc.record({
    name: fc.constantFrom('weekly_retention_review', 'at_risk_outreach'),
    arguments: fc.dictionary(texts, texts),
  }),
  fc.record({
    ref: fc.record({ type: fc.constantFrom('ref/prompt', 'ref/resource'), name: texts, uri: texts }),
    argument: fc.record({ name: fc.constantFrom('segment', 'model', 'version', '__proto__'), value: texts }),
  }),
);
const METHODS = [
  'initialize',
  'ping',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'tasks/get',
];

describe('a server that gets random requests', () => {
  it.each(TOOLS.map((tool) => [tool.name, tool] as const))(
    'answers %s whatever the arguments are',
    async (name, tool) => {
      const args = argumentsOf(describeTool(tool).inputSchema, hints);
      const kinds = { answered: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(args, async (given) => {
          const result = await client.callTool({ name, arguments: given }, undefined, { timeout: HANG_MS });
          kinds[result.isError ? 'refused' : 'answered']++;
          expect(internalsIn(result)).toEqual([]);
        }),
        { numRuns: Math.ceil(OF_TOOLS / TOOLS.length) },
      );
      expect(await isServing()).toBe(true);
      expect(kinds.refused).toBeGreaterThan(0);
    },
  );

  it('answers every other method', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...METHODS), parameters, async (method, params) => {
        const answer = await client
          .request({ method, params }, z.looseObject({}), { timeout: HANG_MS })
          .catch((error: unknown) => error);
        if (answer instanceof McpError) {
          expect([-32602, -32601, -32002]).toContain(answer.code);
          expect(internalsIn(answer.message)).toEqual([]);
        } else {
          expect(answer).not.toBeInstanceOf(Error);
          expect(internalsIn(answer)).toEqual([]);
        }
      }),
      { numRuns: OF_METHODS },
    );
    expect(await isServing()).toBe(true);
  });

  it.each(['initialize', 'requests that name their revision'])(
    'answers raw lines over stdio, after %s',
    async (beginning) => {
      const server = startRawServer({ CHURN_MCP_HOME: join(home, 'empty'), CHURN_MCP_LOG_LEVEL: 'error' });
      const isStateless = beginning !== 'initialize';
      const claim = isStateless ? { _meta: CLAIM } : {};
      if (!isStateless) await server.initialize();
      expect(await server.ask('prompts/list', claim)).toHaveProperty('result');
      let count = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(line, { minLength: LINES_AT_ONCE, maxLength: LINES_AT_ONCE }),
          async (lines) => {
            const ids = lines.flatMap((makeLine) => {
              const id = `request ${count++}`;
              const { bytes, isAnswered } = makeLine(id);
              server.write(isStateless && count % 2 === 0 ? claiming(bytes) : bytes);
              return isAnswered ? [id] : [];
            });
            for (const id of ids) expect(internalsIn(await server.answerTo(id, HANG_MS))).toEqual([]);
            expect(await server.ask('tools/list', claim)).toHaveProperty('result');
          },
        ),
        { numRuns: OF_LINES / LINES_AT_ONCE, endOnFailure: true },
      );
      expect(count).toBe(OF_LINES);
      expect(await server.ask('tools/list', claim)).toMatchObject({
        result: { tools: { length: TOOLS.length } },
      });
      expect(internalsIn(server.unasked())).toEqual([]);
      expect(await server.end()).toBe(0);
    },
  );

  it.each(['in a session', 'that name their revision'])('answers raw bodies over HTTP %s', async (kind) => {
    const plenty = { requestsPerMinute: 100_000 };
    await using server = await startTestServer(withoutTraining(services), {}, plenty);
    const isStateless = kind !== 'in a session';
    const headers: Record<string, string> = isStateless
      ? { 'MCP-Protocol-Version': STATELESS }
      : { 'Mcp-Session-Id': await beginSession(server.url) };
    let count = 0;
    await fc.assert(
      fc.asyncProperty(line, async (makeLine) => {
        const { bytes } = makeLine(`request ${count++}`);
        const body = (isStateless && count % 2 === 0 ? claiming(bytes) : bytes).toString('utf8');
        const response = await postRaw(server.url, body, { ...headers, ...headersFor(body) });
        expect(response.status).toBeLessThan(500);
        expect(internalsIn(await response.text())).toEqual([]);
      }),
      { numRuns: OF_BODIES },
    );
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: isStateless ? { _meta: CLAIM } : {} };
    const answer = await postRaw(server.url, list, { ...headers, 'Mcp-Method': 'tools/list' });
    expect(await answer.text()).toContain('"tools":[');
  });

  it.each(['train_churn_model', 'train_recommendation_model'])(
    'answers %s with a real training',
    async (name) => {
      const trainer = await connectClient(services);
      const [tool] = TOOLS.filter((each) => each.name === name);
      const args = argumentsOf(describeTool(tool).inputSchema, hints);
      await fc.assert(
        fc.asyncProperty(args, async ({ params, tune: _, ...given }) => {
          const few = { ...z.looseObject({}).safeParse(params).data, n_estimators: 2 };
          const call = { name, arguments: { ...given, params: few } };
          const result = await trainer.callTool(call, undefined, { timeout: HANG_MS });
          expect(internalsIn(result)).toEqual([]);
        }),
        { numRuns: OF_TRAININGS, endOnFailure: true },
      );
      await trainer.close();
    },
  );
});

interface Line {
  readonly bytes: Buffer;
  /** It has an id, and is no response: somebody waits. */
  readonly isAnswered: boolean;
}

const message = (id: unknown, rest: object): Buffer =>
  Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, ...rest }));
const objectSchema = z.looseObject({});
const claimableSchema = z.looseObject({ params: z.looseObject({ _meta: objectSchema.optional() }) });

/** The same message, if it is one, as a request that names its revision. What is nested too deep stays as it is. */
function claiming(bytes: Buffer): Buffer {
  if (isDeepJson(bytes)) return bytes;
  const read = claimableSchema.safeParse(jsonIn(bytes.toString('utf8')));
  if (!read.success) return bytes;
  const { params, ...rest } = read.data;
  return Buffer.from(
    JSON.stringify({ ...rest, params: { ...params, _meta: { ...params._meta, ...CLAIM } } }),
  );
}

const headedSchema = z.looseObject({
  method: z.string().regex(/^[a-z/]+$/i),
  params: z.looseObject({
    name: z.string().optional().catch(undefined),
    uri: z.string().optional().catch(undefined),
  }),
});

/** The headers that a client sends beside a body, so that it gets to what reads the body. */
function headersFor(body: string): Record<string, string> {
  const read = headedSchema.safeParse(jsonIn(body));
  if (!read.success) return {};
  const name = read.data.params.name ?? read.data.params.uri ?? '';
  return {
    'Mcp-Method': read.data.method,
    'Mcp-Name': `=?base64?${Buffer.from(name).toString('base64')}?=`,
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const answered = (rest: fc.Arbitrary<object>) =>
  rest.map(
    (fields) =>
      (id: string): Line => ({ bytes: message(id, fields), isAnswered: true }),
  );
const ignored = (bytes: fc.Arbitrary<Buffer>) =>
  bytes.map((all) => (): Line => ({ bytes: all, isAnswered: false }));

const method = fc.constantFrom(...METHODS);
const line: fc.Arbitrary<(id: string) => Line> = fc.oneof(
  answered(fc.record({ method, params: parameters })),
  answered(fc.record({ method, params: junk })),
  // What a transport refuses before a server sees it.
  answered(fc.record({ method, params: fc.dictionary(fc.constantFrom('_meta', 'task'), junk) })),
  answered(fc.record({ method: fc.oneof(texts, junk), params: parameters })),
  answered(fc.record({ method, params: parameters, extra: junk })),
  answered(
    fc
      .record({ name: fc.constantFrom(...TOOLS.map(({ name }) => name), '__proto__'), arguments: junk })
      .map((params) => ({ method: 'tools/call', params })),
  ),
  // Deep enough to overflow a stack.
  fc.constant((id: string): Line => {
    const params = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    return {
      bytes: Buffer.from(`{"jsonrpc":"2.0","id":"${id}","method":"tools/call","params":${params}}`),
      isAnswered: true,
    };
  }),
  ignored(fc.record({ id: junk, method, params: parameters }).map((all) => message(undefined, all))),
  ignored(
    fc
      .record({
        method: fc.oneof(texts, fc.constantFrom('notifications/cancelled', 'notifications/initialized')),
        params: junk,
      })
      .map((all) => message(undefined, all)),
  ),
  ignored(fc.record({ id: junk, result: junk }).map((all) => message(undefined, all))),
  ignored(
    fc
      .array(fc.record({ method, params: parameters }), { maxLength: 5 })
      .map((all) => Buffer.from(JSON.stringify(all))),
  ),
  // Cut off, or no JSON at all.
  ignored(
    fc.tuple(parameters, fc.nat()).map(([params, at]) => {
      const whole = message('cut', { method: 'ping', params });
      return whole.subarray(0, at % whole.length);
    }),
  ),
  ignored(fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes))),
  ignored(texts.map((text) => Buffer.from(text))),
);
