/**
 * Puts every evaluation case to a model that is given the server's own tools, scores the calls it makes, and keeps its
 * answers under `recordings/`. `README.md` tells how to run it. A model needs a key; the baseline needs none.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { packageRoot } from '../src/package-root.ts';
import { TOOLS } from '../tools/index.ts';
import { type EvalCase, type EvalCases, readCases } from './cases.ts';
import { keywords } from './keyword-router.ts';
import { anthropic, openai, type Provider, type ToolDescription } from './providers.ts';
import { type Recording, recordingsFolder, scoreAnswers } from './recording.ts';
import { type CaseScore, defaultsOf, totalsOf } from './scorer.ts';

const USAGE = `Usage: npm run evals -- --model MODEL [--provider anthropic|openai|keywords] [--only ID,ID] [--folder FOLDER]

  anthropic   ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL; the provider of models named claude-…
  openai      OPENAI_API_KEY, OPENAI_BASE_URL; anything that speaks chat completions
  keywords    no model and no key: the baseline, which needs no --model

  --folder    where the recording is kept; by default evals/recordings
`;

/** Stands for the number of a job in the cases that speak of one. */
const JOB_ID = '5f1d6a52-3c1b-4f0e-9d57-8a2f6f0c4b11';

interface ServerFacts {
  readonly tools: readonly ToolDescription[];
  readonly instructions: string;
  readonly version: string;
}

const { values: flags } = parseArgs({
  options: {
    model: { type: 'string' },
    provider: { type: 'string' },
    only: { type: 'string' },
    folder: { type: 'string', default: recordingsFolder() },
    help: { type: 'boolean' },
  },
});
const model = flags.provider === keywords.name ? 'bm25' : flags.model;
if (flags.help || model === undefined) {
  process.stderr.write(USAGE);
  process.exit(flags.help ? 0 : 2);
}

const provider = chooseProvider(flags.provider ?? (model.startsWith('claude') ? 'anthropic' : 'openai'));
const asked = chosenCases(readCases(JOB_ID), flags.only);
const server = await askServer();
const answers = await askAll(asked, provider, model, server);
const scores = scoreAnswers(answers, asked, {
  alwaysAllowed: asked.always_allowed,
  defaults: defaultsOf(TOOLS),
});
process.stdout.write(tableOf(asked.cases, scores));
if (flags.only === undefined) {
  keep({
    provider: provider.name,
    model,
    recorded_at: new Date().toISOString(),
    server_version: server.version,
    score: totalsOf(scores),
    job_id: JOB_ID,
    answers,
  });
}

function chooseProvider(name: string): Provider {
  const { env } = process;
  if (name === 'anthropic') {
    if (!env.ANTHROPIC_API_KEY) stop('ANTHROPIC_API_KEY holds no key.');
    return anthropic({
      key: env.ANTHROPIC_API_KEY,
      baseUrl: env.ANTHROPIC_BASE_URL ?? 'https://api.anthropic.com',
    });
  }
  if (name === 'openai') {
    // A model of one's own needs no key.
    if (!env.OPENAI_API_KEY && !env.OPENAI_BASE_URL) stop('OPENAI_API_KEY holds no key.');
    return openai({
      key: env.OPENAI_API_KEY,
      baseUrl: env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    });
  }
  if (name === keywords.name) return keywords;
  return stop(`There is no provider "${name}".`);
}

function stop(message: string): never {
  process.stderr.write(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function chosenCases(all: EvalCases, only: string | undefined): EvalCases {
  if (only === undefined) return all;
  const ids = only.split(',');
  const unknown = ids.find((id) => !all.cases.some((evalCase) => evalCase.id === id));
  if (unknown !== undefined) stop(`There is no case "${unknown}".`);
  return { ...all, cases: all.cases.filter(({ id }) => ids.includes(id)) };
}

/** What a host shows a model of the server, as the server itself tells it. */
async function askServer(): Promise<ServerFacts> {
  const home = mkdtempSync(join(tmpdir(), 'churn-mcp-evals-'));
  const client = new Client({ name: 'churn-mcp-evals', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(packageRoot(), 'dist', 'cli.js')],
      env: { CHURN_MCP_HOME: home },
      stderr: 'ignore',
    }),
  );
  try {
    const { tools } = await client.listTools();
    return {
      tools: tools.map(({ name, description = '', inputSchema }) => ({ name, description, inputSchema })),
      instructions: client.getInstructions() ?? '',
      version: client.getServerVersion()?.version ?? '',
    };
  } finally {
    await client.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function askAll(
  { cases, today }: EvalCases,
  asking: Provider,
  name: string,
  { tools, instructions }: ServerFacts,
): Promise<Recording['answers']> {
  const system = `You help the people who run a shop. Today is ${today}.\n\n${instructions}`;
  const all: Recording['answers'] = [];
  for (const { id, context = [], question } of cases) {
    const messages = [...context, { role: 'user' as const, text: question }];
    const { calls, text } = await asking.ask(name, { system, messages, tools });
    all.push({
      id,
      calls: calls.map((call) => ({ tool: call.tool, arguments: { ...call.arguments } })),
      text,
    });
    process.stderr.write(`${all.length}/${cases.length} ${id}\n`);
  }
  return all;
}

function tableOf(cases: readonly EvalCase[], scores: readonly CaseScore[]): string {
  const wide = Math.max(...cases.map(({ id }) => id.length));
  const lines = scores.map(({ id, problems, ...right }) =>
    [
      id.padEnd(wide),
      right.tools ? 'tools ok' : 'WRONG   ',
      right.arguments ? 'ok' : problems.join('; '),
    ].join('  '),
  );
  const { cases: count, tools, arguments: full } = totalsOf(scores);
  return `${lines.join('\n')}\n\nRight tools: ${tools} of ${count}. Right tools and arguments: ${full} of ${count}.\n`;
}

function keep(recording: Recording): void {
  mkdirSync(flags.folder, { recursive: true });
  const name = `${recording.provider}-${recording.model}`.replaceAll(/[^A-Za-z0-9.-]+/g, '-');
  const file = join(flags.folder, `${name}.json`);
  writeFileSync(file, `${JSON.stringify(recording, null, 2)}\n`);
  process.stderr.write(`Kept as ${file}\n`);
}
