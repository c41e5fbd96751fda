/** The Inspector's command line over stdio, through `mcp.json`: every tool, prompt and resource, and many calls at once. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.ts';
import { inspectorScript, run } from './workshop.ts';

const serverSchema = z.strictObject({ command: z.string(), args: z.array(z.string()) });
const hostConfigSchema = z.looseObject({ mcpServers: z.strictObject({ 'churn-mcp': serverSchema }) });

const listedSchema = z.looseObject({
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
  prompts: z
    .array(
      z.looseObject({
        name: z.string(),
        arguments: z.array(z.looseObject({ name: z.string(), required: z.boolean().optional() })).optional(),
      }),
    )
    .optional(),
  resources: z.array(z.looseObject({ uri: z.string() })).optional(),
  resourceTemplates: z.array(z.looseObject({ uriTemplate: z.string() })).optional(),
});

const loadSchema = z.looseObject({
  requests: z.int(),
  ok: z.int(),
  latencyMs: z.looseObject({ p50: z.number(), p90: z.number(), p99: z.number() }),
});

/** What to call each tool with, by its name. */
export interface ToolCalls {
  readonly [tool: string]: Readonly<Record<string, unknown>>;
}

export interface Inspection {
  readonly lines: string[];
  readonly wrong: string[];
}

type Note = (what: string, isRight: boolean, detail?: string) => void;

/** The Inspector's modes: only `initialize`, whichever the server speaks, only requests that name their revision. */
export const INSPECTOR_ERAS = ['legacy', 'auto', 'modern'] as const;

export class Inspector {
  readonly #era: string;
  readonly #config: string;
  readonly #transcript: string;
  readonly #home: string;

  /** Uses `mcp.json` as it stands, but for a copy that is kept of what the server writes. */
  constructor(folder: string, home: string, era: (typeof INSPECTOR_ERAS)[number]) {
    this.#era = era;
    const file = join(packageRoot(), 'mcp.json');
    const { command, args } = hostConfigSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).mcpServers[
      'churn-mcp'
    ];
    const tee = join(packageRoot(), 'test', 'conformance', 'tee.mjs');
    this.#home = home;
    this.#transcript = join(folder, 'stdout.txt');
    this.#config = join(folder, 'mcp.json');
    writeFileSync(this.#transcript, '');
    const server = { command: process.execPath, args: [tee, this.#transcript, command, ...args] };
    writeFileSync(this.#config, JSON.stringify({ mcpServers: { 'churn-mcp': server } }));
  }

  /** One method, as `{"result": …}`; the exit code is the Inspector's, 5 for an error of a tool. */
  ask(method: string, ...args: string[]) {
    return this.#run(this.#config, method, args);
  }

  /** The list of tools through `mcp.json` itself, its schemas judged by how portable they are. */
  strictList() {
    return this.#run(join(packageRoot(), 'mcp.json'), 'tools/list', ['--strict']);
  }

  #run(config: string, method: string, args: readonly string[]) {
    const server = ['--config', config, '--server', 'churn-mcp', '-e', `CHURN_MCP_HOME=${this.#home}`];
    const format = ['--protocol-era', this.#era, '--format', 'json', '-q'];
    return run(process.execPath, [
      inspectorScript(),
      '--cli',
      ...server,
      '--method',
      method,
      ...args,
      ...format,
    ]);
  }

  /** What the server wrote to stdout, in all calls: one JSON-RPC message a line, or else. */
  strayLines(): { lines: number; stray: string[] } {
    const lines = readFileSync(this.#transcript, 'utf8').split('\n').slice(0, -1);
    return { lines: lines.length, stray: lines.filter((line) => !isMessage(line)) };
  }
}

function isMessage(line: string): boolean {
  try {
    return z.looseObject({ jsonrpc: z.literal('2.0') }).safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}

export async function inspect(inspector: Inspector, calls: ToolCalls): Promise<Inspection> {
  const found: Inspection = { lines: [], wrong: [] };
  const note: Note = (what, isRight, detail = '') => {
    found.lines.push(`  ${isRight ? 'passes ' : 'FAILS  '} ${what}${detail && `: ${detail}`}`);
    if (!isRight) found.wrong.push(what);
  };
  await listStrictly(inspector, note);
  await callEveryTool(inspector, note, calls);
  await getEveryPrompt(inspector, note);
  await readEveryResource(inspector, note);
  await load(inspector, note);
  const { lines, stray } = inspector.strayLines();
  note(
    'every line on stdout is a message',
    lines > 0 && stray.length === 0,
    [`${lines} lines`, ...stray].join('; '),
  );
  return found;
}

async function listStrictly(inspector: Inspector, note: Note): Promise<void> {
  const { code, stdout, stderr } = await inspector.strictList();
  const remarks = stderr.split('\n').filter((line) => /^(Warning|Error): /.test(line));
  const isRight = code === 0 && listedIn(stdout).tools !== undefined;
  note('tools/list --strict through mcp.json', isRight, isRight ? `${remarks.length} remarks` : stderr);
}

async function list(inspector: Inspector, note: Note, method: string) {
  const { code, stdout } = await inspector.ask(method);
  note(method, code === 0);
  return listedIn(stdout);
}

async function callEveryTool(inspector: Inspector, note: Note, calls: ToolCalls): Promise<void> {
  const { tools = [] } = await list(inspector, note, 'tools/list');
  for (const { name } of tools) {
    const args = calls[name] ?? {};
    const json = JSON.stringify(args);
    const { code } = await inspector.ask('tools/call', '--tool-name', name, '--tool-args-json', json);
    const isRefused = REFUSED_TOOLS.includes(name);
    note(
      `tools/call ${name} ${json}`,
      code === (isRefused ? TOOL_ERROR : 0),
      isRefused ? 'it says that there is none' : '',
    );
  }
}

async function getEveryPrompt(inspector: Inspector, note: Note): Promise<void> {
  const { prompts = [] } = await list(inspector, note, 'prompts/list');
  for (const { name, arguments: args = [] } of prompts) {
    const given = args.filter(({ required }) => required).map((argument) => `${argument.name}=x`);
    const withArguments = given.length > 0 ? ['--prompt-args', ...given] : [];
    const { code } = await inspector.ask('prompts/get', '--prompt-name', name, ...withArguments);
    note(`prompts/get ${name}`, code === 0);
  }
}

async function readEveryResource(inspector: Inspector, note: Note): Promise<void> {
  const { resources = [] } = await list(inspector, note, 'resources/list');
  const { resourceTemplates = [] } = await list(inspector, note, 'resources/templates/list');
  const filledIn = resourceTemplates.map(({ uriTemplate }) =>
    uriTemplate.replaceAll(/\{(\w+)\}/g, (_, name: string) => TEMPLATE_VALUES[name] ?? ''),
  );
  for (const uri of [...resources.map((resource) => resource.uri), ...filledIn]) {
    const { code } = await inspector.ask('resources/read', '--uri', uri);
    note(`resources/read ${uri}`, code === 0);
  }
}

async function load(inspector: Inspector, note: Note): Promise<void> {
  const { stdout } = await inspector.ask(
    'tools/call',
    ...['--tool-name', 'get_at_risk_customers', '--tool-args-json', '{"limit":5}'],
    ...['--load', '--load-requests', '200', '--load-concurrency', '10'],
  );
  const { ok, requests, latencyMs } = loadSchema.parse(resultOf(stdout));
  const times = (['p50', 'p90', 'p99'] as const).map((name) => `${name} ${latencyMs[name].toFixed(0)} ms`);
  const answered = `${ok} of ${requests} answered`;
  note('200 calls at concurrency 10', ok === 200 && requests === 200, [answered, ...times].join(', '));
}

/** What a list holds. */
function listedIn(stdout: string) {
  return listedSchema.parse(resultOf(stdout));
}

/** The Inspector puts every result in an envelope. */
function resultOf(stdout: string): unknown {
  return z.looseObject({ result: z.unknown() }).parse(JSON.parse(stdout)).result;
}

/** They speak of jobs, and a server that has just begun has none, or of campaigns that ended or were planned: neither was. */
const REFUSED_TOOLS: readonly string[] = ['get_job', 'cancel_job', 'start_campaign', 'train_uplift_model'];
/** The Inspector's exit code for a result that is an error. */
const TOOL_ERROR = 5;

const TEMPLATE_VALUES: Readonly<Record<string, string>> = {
  model: 'customer_churn_forecast',
  version: 'champion',
  segment: 'AT_RISK',
};
